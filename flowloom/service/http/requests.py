"""What each operation takes and gives."""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

from fastapi import Header, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from flowloom.graph.limits import MAX_REQUEST
from flowloom.intents import Intent
from flowloom.storage.records import StoredMessage, StoredThread, StoredVersion

__all__ = [
    "After",
    "ComposeRequest",
    "Health",
    "IdempotencyKey",
    "IfMatch",
    "IfNoneMatch",
    "MessageRequest",
    "MessageTaken",
    "SavedWorkflowText",
    "ThreadId",
    "ThreadRequest",
    "ThreadSummary",
    "ThreadView",
    "VerifyRequest",
    "VersionSummary",
    "WorkflowName",
]

MAX_TEXT = 200_000
ThreadId: TypeAlias = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
WorkflowName: TypeAlias = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$")]
After: TypeAlias = Annotated[
    int, Query(ge=0, le=2**31 - 1, description="Number of the last one seen.")
]
IdempotencyKey: TypeAlias = Annotated[
    str | None,
    Header(pattern=r"^[!-~]{1,200}$", description="A call made again with it is not done again."),
]
IfMatch: TypeAlias = Annotated[str | None, Header(description="ETag that it must have.")]
IfNoneMatch: TypeAlias = Annotated[str | None, Header(description="* : it must not exist.")]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ComposeRequest(_Model):
    """Compose a workflow, or change one."""

    request: str = Field(min_length=1, max_length=MAX_REQUEST, description="In plain words.")
    workflow: str = Field(default="", max_length=MAX_TEXT, description="The one to change.")
    full: bool = Field(default=False, description="Everything, instead of few words.")


class VerifyRequest(_Model):
    """Check a workflow document."""

    workflow: str = Field(min_length=1, max_length=MAX_TEXT)
    full: bool = False


class ThreadRequest(_Model):
    """Make a thread."""

    id: str = Field(default="", pattern=r"^[A-Za-z0-9_-]{0,64}$", description="Empty: a new one.")


class MessageRequest(_Model):
    """A person's message; with an intent nothing has to be understood."""

    text: str = Field(default="", max_length=MAX_REQUEST)
    intent: Intent | None = None
    approve_plan: bool = Field(default=False, description="Show the plan and wait.")


class MessageTaken(_Model):
    """The turn has begun."""

    thread: str
    after: int = Field(description="Events with a higher number belong to it.")


class VersionSummary(_Model):
    """A version without its text."""

    number: int
    parent: int
    author: Literal["person", "composer", "rule"]
    at: str
    message: str
    diff: tuple[str, ...]
    valid: bool

    @classmethod
    def of(cls, version: StoredVersion) -> VersionSummary:
        """Leave out the text, and of the verdict all but its outcome."""
        found = version.verdict.get("diagnostics", ())
        valid = not any(item["severity"] == "error" for item in found)
        fields = version.model_dump(include={*cls.model_fields} - {"valid"})
        return cls(**fields, valid=valid)


class ThreadSummary(_Model):
    """A thread in few words."""

    id: str
    created_at: str
    state: Literal["idle", "running", "waiting"]
    current: int = Field(description="Number of the current version; 0 before the first.")

    @classmethod
    def of(cls, thread: StoredThread) -> ThreadSummary:
        """Leave out what only the server needs."""
        return cls(
            id=thread.id,
            created_at=thread.created_at,
            state=thread.turn_state,
            current=thread.current,
        )


class ThreadView(_Model):
    """A thread with its messages and versions.

    Attributes:
        workflow: text of the current version; empty before the first.
    """

    id: str
    created_at: str
    state: Literal["idle", "running", "waiting"]
    current: int
    workflow: str
    messages: tuple[StoredMessage, ...]
    versions: tuple[VersionSummary, ...]
    decisions: tuple[str, ...]

    @classmethod
    def of(
        cls,
        thread: StoredThread,
        messages: tuple[StoredMessage, ...],
        versions: tuple[StoredVersion, ...],
    ) -> ThreadView:
        """Put the parts of a thread together."""
        current = next((item.text for item in versions if item.number == thread.current), "")
        return cls(
            id=thread.id,
            created_at=thread.created_at,
            state=thread.turn_state,
            current=thread.current,
            workflow=current,
            messages=messages,
            versions=tuple(map(VersionSummary.of, versions)),
            decisions=thread.decisions,
        )


class SavedWorkflowText(_Model):
    """The document to save."""

    workflow: str = Field(min_length=1, max_length=MAX_TEXT)


class Health(_Model):
    """The server is up."""

    status: Literal["ok"] = "ok"
    version: str
    model: str
    components: int
