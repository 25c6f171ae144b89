"""Where a thread stands among its versions: undo, redo and restore move, nothing is overwritten.

As in an editor: an undo takes back the last move, be it a new version or a jump to another one.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from flowloom.errors import NotFound

__all__ = ["History", "lineage"]


class History(BaseModel):
    """The versions of a thread by number, from 1.

    Attributes:
        parents: the parent of each version; 0 where it was made from none.
        current: the version at hand; 0 is the empty start.
        undone: versions that a redo brings back, the next one last.
        behind: versions that an undo goes back to, the next one last; 0 is the empty start.
    """

    model_config = ConfigDict(frozen=True)

    parents: tuple[int, ...] = ()
    current: int = 0
    undone: tuple[int, ...] = ()
    behind: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """How many versions there are."""
        return len(self.parents)

    def added(self) -> History:
        """Return the history with a new version, made from the current one."""
        parents = (*self.parents, self.current)
        return self._moved(len(parents)).model_copy(update={"parents": parents})

    def undo(self, count: int = 1) -> History:
        """Go back to the version that was current before the last move.

        Raises:
            NotFound: there is nothing to undo.
        """
        history = self
        for _ in range(count):
            if not history.behind:
                raise NotFound("There is nothing more to undo.", hint=self._has())
            *rest, before = history.behind
            undone = (*history.undone, history.current)
            history = history.model_copy(
                update={"current": before, "behind": tuple(rest), "undone": undone}
            )
        return history

    def redo(self, count: int = 1) -> History:
        """Take back an undo.

        Raises:
            NotFound: there is nothing to redo.
        """
        history = self
        for _ in range(count):
            if not history.undone:
                raise NotFound("There is nothing more to redo.", hint=self._has())
            *rest, following = history.undone
            history = history._moved(following).model_copy(update={"undone": tuple(rest)})
        return history

    def restore(self, number: int) -> History:
        """Make any version the current one.

        Raises:
            NotFound: there is no such version.
        """
        if not 1 <= number <= self.count:
            raise NotFound(f"There is no version {number}.", hint=self._has())
        return self if number == self.current else self._moved(number)

    def _moved(self, number: int) -> History:
        behind = (*self.behind, self.current)
        return self.model_copy(update={"current": number, "behind": behind, "undone": ()})

    def _has(self) -> str:
        return f"There are {self.count} versions; {self.current or 'none'} is at hand."


def lineage(parents: Sequence[int], number: int) -> tuple[int, ...]:
    """Return the versions that a version came from, oldest first, beginning with 0."""
    found: list[int] = []
    while number:
        number = parents[number - 1]
        found.insert(0, number)
    return tuple(found)
