"""Undo, redo and restore: the position moves, versions stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.errors import NotFound
from flowloom.graph.conversation.history import History, lineage


def three() -> History:
    return History().added().added().added()


def test_undo_and_redo_walk_along_the_parents() -> None:
    back = three().undo(2)
    assert (back.current, back.undone) == (1, (3, 2))
    assert back.redo().current == 2
    assert back.redo(2).current == 3
    assert back.undo().current == 0


def test_a_version_after_an_undo_hangs_on_the_one_at_hand() -> None:
    history = three().undo(2).added()
    assert history.parents == (0, 1, 2, 1)
    assert (history.current, history.undone) == (4, ())
    assert history.undo().current == 1


def test_every_version_can_be_restored() -> None:
    assert three().undo(2).restore(3).current == 3


def test_an_undo_takes_a_jump_to_another_version_back() -> None:
    jumped = three().restore(1)
    assert jumped.undo().current == 3
    assert jumped.undo().redo().current == 1
    assert jumped.undo(2).current == 2
    assert jumped.added().undo().current == 1
    assert jumped.added().undo(2).current == 3


def test_a_jump_to_the_version_at_hand_is_no_move() -> None:
    assert three().restore(3) == three()


def test_a_jump_after_an_undo_can_be_taken_back_too() -> None:
    assert three().undo().restore(1).undo().current == 2


def test_the_lineage_of_a_version_is_what_an_undo_walked_before() -> None:
    assert lineage((0, 1, 2, 1), 4) == (0, 1)
    assert lineage((0, 1, 2), 3) == (0, 1, 2)
    assert lineage((), 0) == ()


@pytest.mark.parametrize(
    ("move", "given"), [("undo", 4), ("redo", 1), ("restore", 4), ("restore", 0)]
)
def test_what_is_not_there_is_said(move: str, given: int) -> None:
    with pytest.raises(NotFound, match=r"There are 3 versions; \w+ is at hand"):
        getattr(three(), move)(given)


@given(st.lists(st.sampled_from(["added", "undo", "redo", "restore"]), max_size=30))
def test_versions_are_never_lost_and_every_move_can_be_taken_back(moves: list[str]) -> None:
    history = History()
    for number, move in enumerate(moves):
        before = history
        given = (number % (before.count + 1),) if move == "restore" else ()
        try:
            history = getattr(history, move)(*given)
        except NotFound:
            continue
        assert history.parents[: before.count] == before.parents
        assert 0 <= history.current <= history.count
        if move == "undo":
            assert history.redo() == before
        elif history != before:
            assert history.undo().current == before.current
