"""Where a thread stands among its versions: undo, redo and restore move, nothing is overwritten."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from flowloom.errors import NotFound

__all__ = ["History"]


class History(BaseModel):
    """The versions of a thread by number, from 1.

    Attributes:
        parents: the parent of each version; 0 where it was made from none.
        current: the version at hand; 0 is the empty start.
        undone: versions that a redo brings back, the next one last.
    """

    model_config = ConfigDict(frozen=True)

    parents: tuple[int, ...] = ()
    current: int = 0
    undone: tuple[int, ...] = ()

    @property
    def count(self) -> int:
        """How many versions there are."""
        return len(self.parents)

    def added(self) -> History:
        """Return the history with a new version, made from the current one."""
        parents = (*self.parents, self.current)
        return History(parents=parents, current=len(parents))

    def undo(self, count: int = 1) -> History:
        """Go back to the version that the current one was made from.

        Raises:
            NotFound: there is nothing to undo.
        """
        history = self
        for _ in range(count):
            if not history.current:
                raise NotFound("There is nothing more to undo.", hint=self._has())
            parent = history.parents[history.current - 1]
            undone = (*history.undone, history.current)
            history = history.model_copy(update={"current": parent, "undone": undone})
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
            history = history.model_copy(update={"current": following, "undone": tuple(rest)})
        return history

    def restore(self, number: int) -> History:
        """Make any version the current one.

        Raises:
            NotFound: there is no such version.
        """
        if not 1 <= number <= self.count:
            raise NotFound(f"There is no version {number}.", hint=self._has())
        return self.model_copy(update={"current": number, "undone": ()})

    def _has(self) -> str:
        return f"There are {self.count} versions; {self.current or 'none'} is at hand."
