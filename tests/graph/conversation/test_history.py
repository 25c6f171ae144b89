"""Undo, redo and restore: the position moves, versions stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flowloom.errors import NotFound
from flowloom.graph.conversation.history import History


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


@pytest.mark.parametrize(
    ("move", "given"), [("undo", 4), ("redo", 1), ("restore", 4), ("restore", 0)]
)
def test_what_is_not_there_is_said(move: str, given: int) -> None:
    with pytest.raises(NotFound, match=r"There are 3 versions; \w+ is at hand"):
        getattr(three(), move)(given)


@given(st.lists(st.sampled_from(["added", "undo", "redo"]), max_size=30))
def test_versions_are_never_lost_and_the_position_is_one_of_them(moves: list[str]) -> None:
    history = History()
    for move in moves:
        before = history
        try:
            history = getattr(history, move)()
        except NotFound:
            continue
        assert history.parents[: before.count] == before.parents
        assert 0 <= history.current <= history.count
        if move == "undo":
            assert history.redo().current == before.current
