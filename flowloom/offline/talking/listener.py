"""The listener without a language model: rules of English for what a message wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flowloom.catalog.catalog import Catalog
from flowloom.intents import (
    Answers,
    Approve,
    AskAbout,
    CheckWorkflow,
    EditWorkflow,
    Export,
    Intent,
    NewWorkflow,
    Reject,
    SmallTalk,
    Unclear,
    Undo,
)
from flowloom.offline.choosing.choose import Search
from flowloom.offline.composer import shared_composer
from flowloom.offline.reading.language import NOT_ENGLISH, is_english
from flowloom.offline.reading.small_talk import is_small_talk
from flowloom.offline.talking.commands import command_in
from flowloom.offline.talking.descriptions import described
from flowloom.offline.talking.inquiries import inquiry, proposal_in, wants_to_know
from flowloom.offline.talking.other_requests import another_request
from flowloom.offline.talking.parts import Parts, answer_and_more, parts_of
from flowloom.offline.talking.phrases import Reply, is_greeting, opened, reply_in
from flowloom.offline.talking.replies import answers_in, chosen, is_yes_no
from flowloom.offline.talking.wishes import (
    begins_a_request,
    changes_something,
    fresh_start,
    is_request,
    wish,
)
from flowloom.roles import Heard, IntentTask
from flowloom.workflow.outline import Question

__all__ = ["NEW_OR_EDIT", "OfflineListener"]

READ_UP_TO = 1_000
"""Characters that tell what a message wants; what follows belongs to its request."""

_PEOPLE = ("user", "human", "person")
_EXAMPLES = (
    "Every Monday at 9, fetch https://example.com and e-mail me its text",
    "When a new file arrives, read it and post its text to a channel",
)
NEW_OR_EDIT = Question(
    text="Is this a change of the workflow at hand, or a new workflow?",
    suggestions=("Change this workflow", "Make a new workflow"),
    default="Change this workflow",
)
_WHAT_TO_DO = Question(
    text="What should the workflow do? Say what starts it and what happens then.",
    suggestions=_EXAMPLES,
)
_NO_WORKFLOW = Question(
    text="There is no workflow yet that could be changed. What should one do?",
    suggestions=_EXAMPLES,
)
_WHAT_ELSE = Question(
    text="What should be different?", suggestions=("Undo the last change", "Never mind")
)
_WHICH_CHANGE = Question(
    text="It is not clear what should be done with the workflow. What should change?",
    suggestions=("What does the workflow do?", "Check the workflow", "Undo the last change"),
)
_FOREIGN = Question(text=NOT_ENGLISH)
_OWN = (NEW_OR_EDIT, _WHAT_TO_DO, _NO_WORKFLOW, _WHAT_ELSE, _WHICH_CHANGE, _FOREIGN)
"""What this listener asks itself: a reply to one of them is a message of its own."""


@dataclass(frozen=True)
class OfflineListener:
    """Understands messages by rules."""

    catalog: Catalog
    search: Search

    async def listen(self, task: IntentTask) -> Heard:
        """Return the intent of a message."""
        if len(task.message) <= READ_UP_TO:
            return self._heard(task)
        begun = self._intent(replace(task, message=task.message[:READ_UP_TO]))
        return Heard(intent=_whole(begun, task))

    def _heard(self, task: IntentTask) -> Heard:
        """Return the intent of a message, or of its first part."""
        whole = Heard(intent=self._intent(task))
        parts = _parts(task, whole.intent)
        if not parts.rest:
            return whole
        first = self._intent(replace(task, message=parts.first))
        unsure = isinstance(first, Unclear) or (task.questions and not isinstance(first, Answers))
        return whole if unsure else Heard(intent=first, rest=parts.rest)

    def _intent(self, task: IntentTask) -> Intent:
        text = task.message.strip()
        if not text:
            return Unclear(question=_WHICH_CHANGE if task.document else _WHAT_TO_DO)
        if task.questions:
            return self._reply(text, task)
        return self._waiting(text, task) if task.plan is not None else self._fresh(text, task)

    # -- while something waits -----------------------------------------------------------------

    def _reply(self, text: str, task: IntentTask) -> Intent:
        if all(item in _OWN for item in task.questions):
            return self._clarified(text, task)
        questions = task.questions
        told = opened(text)
        suggested = {item for question in questions for item in question.suggestions}
        if len(questions) == 1 and chosen(told, questions[0]) in suggested:
            return Answers(texts=(chosen(told, questions[0]),))
        reply = reply_in(text)
        if (
            reply.kind in ("leave", "no")
            and not reply.rest
            and not _answered_by_no(reply, questions)
        ):
            return Reject()
        aside = self._aside(told, task) or another_request(told, questions)
        return aside or Answers(texts=answers_in(told, questions))

    def _aside(self, text: str, task: IntentTask) -> Intent | None:
        """Return what a message wants that leaves the questions alone."""
        fresh = fresh_start(text)
        if fresh is not None and fresh.request:
            return NewWorkflow(request=fresh.request)
        found = command_in(_without_first(text), versions=task.versions, undid=_undid(task))
        if found is not None:
            return found
        return AskAbout(question=text) if inquiry(text, at_hand=True) else None

    def _clarified(self, text: str, task: IntentTask) -> Intent:
        question = task.questions[0]
        said = chosen(text, question)
        if question == NEW_OR_EDIT:
            before = _earlier(task)
            about = _about_which(said)
            if about == "new":
                return self._newly(before)
            if about == "edit" and before:
                return EditWorkflow(request=before)
        reply = reply_in(said)
        if reply.kind in ("leave", "no") and not reply.rest:
            return Reject()
        plain = replace(task, questions=())
        if question == _WHAT_TO_DO and not plain.document and is_request(opened(said)):
            return NewWorkflow(request=said)
        return self._waiting(said, plain) if task.plan is not None else self._fresh(said, plain)

    def _newly(self, request: str) -> Intent:
        return NewWorkflow(request=request) if request else Unclear(question=_WHAT_TO_DO)

    def _waiting(self, text: str, task: IntentTask) -> Intent:
        """A plan waits: it is taken, changed in words, asked about, or left."""
        reply = reply_in(text)
        if not reply.rest:
            return Approve() if reply.kind == "yes" else Reject()
        told = opened(reply.rest if reply.kind else text)
        aside = self._aside(told, task)
        if aside is not None:
            return aside
        if _is_foreign(told):
            return Unclear(question=_FOREIGN)
        if reply.kind or is_request(told) or proposal_in(told):
            return EditWorkflow(request=proposal_in(told) or told)
        return SmallTalk() if is_small_talk(text) else Unclear(question=_WHAT_ELSE)

    # -- while nothing waits -------------------------------------------------------------------

    def _fresh(self, text: str, task: IntentTask) -> Intent:
        reply = reply_in(text)
        if reply.kind and not reply.rest:
            return self._bare(reply, task)
        told = opened(reply.rest if reply.kind else text)
        found = command_in(told, versions=task.versions, undid=_undid(task))
        if found is not None:
            return found
        talks = is_small_talk(text) or is_small_talk(told)
        asks = is_request(told) or wants_to_know(told) or bool(described(told))
        if is_greeting(text) or (talks and not asks):
            return SmallTalk()
        if _is_foreign(told):
            return Unclear(question=_FOREIGN)
        fresh = fresh_start(told)
        if fresh is not None:
            return self._newly(fresh.request)
        if inquiry(told, at_hand=task.document is not None):
            return AskAbout(question=told)
        return self._request(told, reply, task)

    def _bare(self, reply: Reply, task: IntentTask) -> Intent:
        if reply.kind == "no":
            return Unclear(question=_WHAT_ELSE if task.document else _WHAT_TO_DO)
        return SmallTalk()

    def _request(self, text: str, reply: Reply, task: IntentTask) -> Intent:
        request = proposal_in(text) or text
        if task.document is None:
            return self._for_nothing(request)
        if reply.kind == "no":
            return EditWorkflow(request=request)
        meant = wish(request, task.document.data, self.catalog)
        if meant == "either":
            return Unclear(question=NEW_OR_EDIT)
        if meant == "edit" or self._understood(request, task):
            return EditWorkflow(request=request)
        return Unclear(question=_WHICH_CHANGE)

    def _understood(self, request: str, task: IntentTask) -> bool:
        """Ask the composer: it reads forms that no rule here tells for a request."""
        if task.document is None or len(request.split()) < 4:
            return False
        composed = shared_composer(self.catalog, self.search).change(request, task.document.data)
        return bool(composed.changes) and not composed.unsupported

    def _for_nothing(self, request: str) -> Intent:
        said = described(request)
        if said is not None:
            return self._newly(said)
        if changes_something(request):
            return Unclear(question=_NO_WORKFLOW)
        if is_request(request):
            return NewWorkflow(request=request)
        composed = shared_composer(self.catalog, self.search).compose(request)
        if composed.workflow is not None and not composed.unsupported:
            return NewWorkflow(request=request)
        return Unclear(question=_WHAT_TO_DO)


def _parts(task: IntentTask, whole: Intent) -> Parts:
    """Return the parts of a message; ``whole`` is what it means if it is one."""
    text = task.message.strip()
    if task.plan is not None:
        reply = reply_in(text)
        # "Yes, but show me the yaml first" does not take the plan yet.
        takes = reply.kind == "yes" and isinstance(whole, AskAbout | CheckWorkflow | Export)
        if not takes or text.rstrip(".!?").endswith(" first"):
            return Parts(text, "")
        return Parts(text[: len(text) - len(reply.rest)], reply.rest)
    if task.questions:
        return answer_and_more(text)
    return parts_of(text, at_hand=task.document is not None)


def _whole(intent: Intent, task: IntentTask) -> Intent:
    """Put the whole message into an intent that its beginning told."""
    match intent:
        case NewWorkflow():
            return NewWorkflow(request=task.message)
        case EditWorkflow():
            return EditWorkflow(request=task.message)
        case AskAbout():
            return AskAbout(question=task.message)
        case Answers():
            return Answers(texts=answers_in(task.message, task.questions))
        case _:
            return intent


def _answered_by_no(reply: Reply, questions: Sequence[Question]) -> bool:
    return reply.kind == "no" and any(map(is_yes_no, questions))


def _is_foreign(text: str) -> bool:
    # A short English command may have few common words: "skip issues labelled wontfix".
    return not is_english(text) and not begins_a_request(text)


def _without_first(text: str) -> str:
    """Return "show me the yaml" for "show me the yaml first"."""
    return text.removesuffix(" first")


def _about_which(said: str) -> str:
    words = {word.strip(".,!").lower() for word in said.split()}
    if len(words) > 6:
        return ""
    if words & {"new", "another", "separate", "different"}:
        return "new"
    return "edit" if words & {"change", "edit", "this", "current", "existing", "old"} else ""


def _earlier(task: IntentTask) -> str:
    """Return what the person said before this message."""
    said = [text for role, text in task.recent if role in _PEOPLE]
    if said and said[-1].strip() == task.message.strip():
        said.pop()
    return said[-1] if said else ""


def _undid(task: IntentTask) -> bool:
    before = _earlier(task)
    return bool(before) and isinstance(command_in(opened(before)), Undo)
