"""Components tried on the words: what takes all that is said wins, and what is left is told."""

from __future__ import annotations

import pytest

from flowloom.assembly import Assembly
from flowloom.graph.composer import compose_sync
from flowloom.offline.choosing.uncovered import uncovered_words
from flowloom.offline.composer import shared_composer
from flowloom.offline.planning.plan import Call, walk_nodes


def components(assembly: Assembly, request: str) -> list[str]:
    found = shared_composer(assembly.catalog, assembly.index.search).compose(request)
    return [node.component for node in walk_nodes(found.nodes) if isinstance(node, Call)]


@pytest.mark.parametrize(
    ("request_", "component"),
    [
        ('Nudge #ops on Slack: "Deploy is late".', "slack.chat.post_message"),
        ('Bump issue 14 in acme/app with the comment "any news?".', "github.issues.comment"),
        ("Put the labels bug and urgent on GitHub issue 14 in home/oven.",
         "github.issues.add_labels"),
    ],
)  # fmt: skip
def test_the_component_that_has_a_place_for_every_value_is_taken(
    builtin: Assembly, request_: str, component: str
) -> None:
    assert components(builtin, request_) == [component]


def test_two_things_of_two_components_stay_two_steps(builtin: Assembly) -> None:
    found = components(builtin, 'Create a label "x" in Todoist and a page in Notion')
    assert len(found) == 2


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("move ⟦0⟧ into ⟦1⟧ backwards", ["backwards"]),
        ("move the file ⟦0⟧ to another place", []),
        ("upload ⟦0⟧ and delete it", ["upload", "delete"]),
    ],
)
def test_words_that_nothing_stands_for(builtin: Assembly, text: str, left: list[str]) -> None:
    component = builtin.catalog["file.move"]
    found = uncovered_words(f"please {text}", component, {"path": "a", "target": "b"})
    assert found == left


@pytest.mark.parametrize(
    "request_",
    [
        "Read report.txt and write its text backwards to summary.txt.",
        "Move /in/a.txt to /out/a.txt quietly at Bertha's desk.",
    ],
)
def test_what_is_left_over_is_told(builtin: Assembly, request_: str) -> None:
    result = compose_sync(request_, composer=builtin.composer)
    assert any("stands for" in text for text in result.assumptions)
