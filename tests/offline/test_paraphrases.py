"""Other ways to say something come out in the wording that the later stages read."""

from __future__ import annotations

import pytest

from flowloom.offline.reading.masking import mask
from flowloom.offline.reading.paraphrases import plain_request
from flowloom.offline.reading.unmet import unmet_words


def plain(request: str) -> str:
    masked = mask(request)
    return masked.unmask(plain_request(masked))


@pytest.mark.parametrize(
    ("request_text", "expected"),
    [
        ("hang on for half an hour", "wait for half an hour"),
        ("try downloading a.csv", "download a.csv"),
        ("Do it. If it still doesn't work, log it.", "Do it. If it doesn't work, log it."),
        ("Delete a.txt; never mind if that fails.", "Delete a.txt. If that fails, carry on."),
        ("fetch https://x.example/a by POST", "call https://x.example/a with POST"),
        ("move a.txt to b.txt; failing that, log it", "move a.txt to b.txt; if that fails, log it"),
        ("Read a.csv and b.csv side by side", "Read a.csv and b.csv in parallel"),
    ],
)
def test_how_steps_run(request_text: str, expected: str) -> None:
    assert plain(request_text) == expected


@pytest.mark.parametrize(
    ("request_text", "expected"),
    [
        ("Get the okay of Ann before you delete a.txt", "Get the okay of Ann. If approved, "
         "delete a.txt"),
        ("Only when she has approved it, log it", "if she approved, log it"),
        ("If he's fine with it, log it", "if he agrees, log it"),
        ("Ask Ann if a.txt may be deleted. If so, delete it.",
         "Ask Ann if a.txt may be deleted. If so, delete a.txt."),
        ("Ask Jo to choose A or B. For small log x, for large log y.",
         "Ask Jo to choose A or B. on small, log x; on large, log y."),
    ],
)  # fmt: skip
def test_people(request_text: str, expected: str) -> None:
    assert plain(request_text) == expected


@pytest.mark.parametrize(
    ("request_text", "expected"),
    [
        ("drop every row with an empty plate", "filter the rows where the plate is not empty"),
        ("read a.csv, biggest size first", "read a.csv, sort it by size in descending order"),
        ("In a.csv rename the column x to y", "read a.csv, rename the column x to y"),
        ("Count the rows of a.csv where city is Rome",
         "read a.csv, filter the rows where city is Rome, count the rows"),
        ("match a.csv against b.csv using the id column", "join a.csv with b.csv on id"),
        ("keep id and name only", "keep only the fields id and name"),
    ],
)  # fmt: skip
def test_tables(request_text: str, expected: str) -> None:
    assert plain(request_text) == expected


@pytest.mark.parametrize(
    ("request_text", "expected"),
    [
        ("unpack a.zip and delete the archive", "unpack a.zip and delete a.zip"),
        ("rename a.txt to b.txt, then copy it to c.txt",
         "rename a.txt to b.txt, then copy b.txt to c.txt"),
        ("copy a.txt to b.txt and remove the original", "copy a.txt to b.txt and remove a.txt"),
        ("sort a.csv by x and save over the same file", "sort a.csv by x and write it to a.csv"),
        ("I have a.csv and b.csv. Merge both", "Merge a.csv with b.csv"),
        ("get x to a.txt and y to b.txt, zip both into c.zip",
         "get x to a.txt and y to b.txt, zip a.txt and b.txt into c.zip"),
    ],
)  # fmt: skip
def test_files_that_words_mean(request_text: str, expected: str) -> None:
    assert plain(request_text) == expected


@pytest.mark.parametrize(
    "request_text",
    [
        "read a.csv, keep the rows where x is 1 and write the result to b.csv",
        "new file in /data -> upload it to https://x.example/in",
        "zip both into c.zip",
        "copy the archive to b",
        "post \"never mind if that fails\" to #x",
        "Move a.txt to b.txt. If that fails, log it",
    ],
)  # fmt: skip
def test_what_stays(request_text: str) -> None:
    assert plain(request_text) == request_text


def test_words_without_a_step_are_told() -> None:
    workflow = {"description": "in parallel", "steps": [{"id": "a", "uses": "core.log"}]}
    assert unmet_words("read a and b in parallel", workflow) == [
        "The request says 'in parallel', but no steps run at the same time."
    ]
    assert unmet_words("the average of x per team", workflow) == [
        "The request says 'average of x per t', but no step groups."
    ]
    assert unmet_words("hang on for half an hour", workflow) != []


def test_words_with_their_step_are_not_told() -> None:
    workflow = {"steps": [{"id": "a", "parallel": [[{"id": "w", "wait": "2m"}]]}]}
    assert unmet_words("wait two minutes in parallel", workflow) == []
    assert unmet_words("log it", workflow) == []
