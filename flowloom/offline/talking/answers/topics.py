"""The kinds of questions that rules can answer, in the order in which they are tried."""

from __future__ import annotations

import re
from collections.abc import Callable

from flowloom.offline.talking.answers.components import components_for, named_component, wished_for
from flowloom.offline.talking.answers.consequences import (
    if_a_condition_fails,
    if_a_list_is_empty,
    if_a_step_fails,
)
from flowloom.offline.talking.answers.needs import (
    component_in_words,
    needs_in_words,
    results_in_words,
    step_needs_and_gives,
    verdict_in_words,
)
from flowloom.offline.talking.answers.subject import Subject, names
from flowloom.offline.talking.answers.telling import outline_in_words, start_in_words
from flowloom.offline.talking.answers.values import values_in_words
from flowloom.workflow.expression_words import expression_in_words
from flowloom.workflow.models import CallStep, ForEachStep, StepBase, WhileStep, walk

__all__ = ["answer_in_words"]

Topic = Callable[[Subject], str]
"""Answers a question; an empty text where it cannot."""

_YES_NO = (
    r"^(?:does|do|is|are|will|would|can|could|should|has|have|whether|if|i wonder|i(?:['’]m|"
    r" am) not sure)\b"
)
CANNOT_TELL = "That I cannot tell without a language model (set one with --model)."
MOST = 3

_SELF = re.compile(
    r"\b(?:what (?:can|do) you|who are you|what are you|what is flowloom|how does (?:this"
    r"|flowloom|it all) work|help me|what else can you|your (?:features|abilities))\b|\bhelp[.!]*$",
    re.I,
)
_CHANGED = re.compile(
    r"\bwhat (?:did you|have you|was|has been|is|got)\s+(?:just\s+)?(?:chang|add|remov|edit|new"
    r"|do\b|done)|\bwhat(?:['’]s| is) (?:new|different)|\bdifference\b|\bwhat changed\b",
    re.I,
)
_VALID = re.compile(
    r"\b(?:valid|invalid|wrong with|errors? (?:in|does|are|left|remain)|diagnostics?|warnings?"
    r"|verifier|mistakes?|complain\w*|correct|problems? (?:in|with|does))\b",
    re.I,
)
_SUPPOSES = re.compile(
    r"\b(?:if|when|whenever|in case|suppose|assuming|what about|and (?:with|without)|on|with"
    r"|where)\b",
    re.I,
)
_EMPTY = re.compile(
    r"\b(?:empty|none|nothing|zero|0 \w+|no (?:\w+ )?(?:\w+s|items?|data|match\w*|mail|one"
    r"|result))\b|\bnot (?:find|found|get|have) any\b|\b(?:are|is)n['’]?t any\b|\bwithout"
    r" (?:any )?\w+s\b",
    re.I,
)
_FAILS = re.compile(
    r"\b(?:fail\w*|errors?|error handling|down|crash\w*|unreachable|time(?:s|d)? ?out|goes"
    r" wrong|went wrong|unavailable|breaks?|broken|exceptions?|retr(?:y|ies|ied)|refus\w+"
    r"|reject\w+)\b",
    re.I,
)
_FALSE = re.compile(
    r"\b(?:false|does not hold|doesn['’]?t hold|not (?:hold|true|met|fulfilled)|otherwise|else"
    r" branch|fewer|less than|at most|not more|condition|branch(?:es)?|not the case|says? no"
    r"|isn['’]?t|is not|are not|aren['’]?t)\b",
    re.I,
)
_START = re.compile(
    r"^(?:and |so |but )?(?:when\b(?! .*\b(?:fail|error))|how often|since when|at what time"
    r"|what time|on (?:which|what) days?)|\b(?:trigger\w*|schedul\w+|starts? (?:it|the|this|by)"
    r"|started by|what starts|how (?:is|does) it start(?:ed)?|time ?zone|run automatically"
    r"|start automatically)\b",
    re.I,
)
_COUNT = re.compile(
    r"^(?:and |so )?how (?:many|often|much)\b|\b(?:twice|several times|once per)\b", re.I
)
_NEEDS = re.compile(
    r"\b(?:needs?|required?|requires?|connections?|credentials?|accounts?|passwords?|tokens?"
    r"|api keys?|permissions?|inputs?|set ?up|configur\w+|log ?in|provide|have to (?:give|enter"
    r"|connect))\b",
    re.I,
)
_SETTABLE = re.compile(r"\b(?:configur\w+|set ?up)\b", re.I)
_RESULTS = re.compile(r"\b(?:outputs?|results?|returns?|gives? back|end up with|produces?)\b", re.I)
_WHICH_STEP = re.compile(
    r"\b(?:which|what) (?:step|action|part)s?\b|^where (?:is|are|does) .*\bstep\b", re.I
)
_WHY = re.compile(
    r"\bwhy\b|\bwhat(?:['’]s| is| are)? .*\bfor\?*$|\bpurpose\b|\breason\b|\bhow come\b", re.I
)
_VALUE = re.compile(
    r"^(?:and |so |but )?(?:(?:to|from|by|in|on|for|with)\s+)?(?:who|whom|whose|where|which"
    r"|what)\b",
    re.I,
)
_WHOLE = re.compile(
    r"\bwhat (?:does|will|would) (?:it|this|that|the (?:\w+ )?(?:workflow|flow|automation"
    r"|plan))\b.*\bdo\b|\b(?:explain|describe|summari[sz]e|outline|overview|walk me through"
    r"|tell me (?:more )?about)\b|\bhow does (?:it|this|that|the (?:work)?flow) work\b|\bwhat"
    r" (?:is|are) (?:it|this|that|the steps)\b|\b(?:the|all) steps\b|\bstep by step\b|\bwhat"
    r" happens\b|\bwhat does (?:it|this) do\b",
    re.I,
)
_THE_WHOLE = re.compile(r"\b(?:it|this|that|everything|(?:work)?flow|automation|steps)\b", re.I)


def answer_in_words(subject: Subject) -> str:
    """Return the answer to a question; it says so where rules cannot give one."""
    found = next((text for topic in _TOPICS if (text := topic(subject))), "")
    return found or _cannot_tell(subject)


# -- without a workflow --------------------------------------------------------------------------


def _about_flowloom(subject: Subject) -> str:
    if not _SELF.search(subject.question):
        return ""
    size = len(subject.catalog)
    return (
        "I make workflows from words, and change, explain, verify and export them. Say what should"
        " happen, such as 'every Monday at 9, fetch https://example.com and e-mail me its text';"
        " say what should be different; ask what happens if something fails; or say undo. Without a"
        f" language model I understand English by rules. The catalog has {size:,} components; ask"
        " which of them can do something."
    )


def _component(subject: Subject) -> str:
    component = named_component(subject)
    return component_in_words(component) if component is not None else ""


def _components(subject: Subject) -> str:
    wanted = wished_for(subject.question)
    return components_for(subject, wanted) if wanted else ""


def _nothing_at_hand(subject: Subject) -> str:
    if subject.workflow is not None:
        return ""
    if subject.verdict is not None:
        return f"The workflow cannot be read. {verdict_in_words(subject)}"
    return f"There is no workflow yet. {CANNOT_TELL}"


# -- about the workflow --------------------------------------------------------------------------


def _changed(subject: Subject) -> str:
    if not _CHANGED.search(subject.question):
        return ""
    said = [text for role, text in subject.recent if role in ("assistant", "ai", "flowloom")]
    if not said:
        return "Nothing was changed in this conversation yet."
    return f"The last answer was: {said[-1]}"


def _validity(subject: Subject) -> str:
    return verdict_in_words(subject) if _VALID.search(subject.question) else ""


def _consequence(subject: Subject) -> str:
    question = subject.question
    if not _SUPPOSES.search(question) and not re.search(
        r"\berror handling|retr|stop\b", question, re.I
    ):
        return ""
    if _EMPTY.search(question):
        return if_a_list_is_empty(subject)
    if _FAILS.search(question):
        return if_a_step_fails(subject)
    return if_a_condition_fails(subject) if _FALSE.search(question) else ""


def _start(subject: Subject) -> str:
    if subject.workflow is None or not _START.search(subject.question):
        return ""
    if _COUNT.match(subject.question) and not re.search(r"\b(?:run|start)", subject.question, re.I):
        return ""
    return start_in_words(subject.workflow.trigger, subject.catalog)


def _counts(subject: Subject) -> str:
    question = subject.question
    if not _COUNT.search(question):
        return ""
    if re.search(r"\bhow many steps\b", question, re.I):
        return f"It has {len(subject.steps)} steps, those inside loops and branches counted."
    meant = {item.step.id for item in subject.meant}
    loops = [item.step for item in subject.steps if isinstance(item.step, ForEachStep | WhileStep)]
    about = [step for step in loops if not meant or meant & _ids_around(step)]
    told = [_rounds(step) for step in about[:MOST]]
    once = [item.step for item in subject.steps if _runs_once(subject, item.step)]
    outside = [step for step in once if not meant or step.id in meant]
    if outside:
        told.append(
            f"{names(outside)} run{'s' if len(outside) == 1 else ''} at most once in a run."
        )
    return " ".join(told)


def _ids_around(step: ForEachStep | WhileStep) -> set[str]:
    return {step.id, *(inner.id for _, inner in walk(step.do))}


def _rounds(step: StepBase) -> str:
    match step:
        case ForEachStep():
            source = expression_in_words(step.for_each)
            return f"{names(step.do)} run{_s(step)} once for each item of {source}."
        case WhileStep():
            return f"{names(step.do)} run{_s(step)} at most {step.max_iterations} times."
        case _:
            return ""


def _s(step: ForEachStep | WhileStep) -> str:
    return "s" if len(step.do) == 1 else ""


def _runs_once(subject: Subject, step: StepBase) -> bool:
    held = next(item for item in subject.steps if item.step is step).holders
    looped = any(isinstance(holder.step, ForEachStep | WhileStep) for holder in held)
    return isinstance(step, CallStep) and not looped


def _needs(subject: Subject) -> str:
    if not _NEEDS.search(subject.question):
        return ""
    if _SETTABLE.search(subject.question) and (told := values_in_words(subject)):
        return f"{told} It can be changed, or made an input of each run: say so."
    if len(subject.meant) == 1 and not re.search(
        r"\b(?:it|this|workflow|i|we)\b", subject.question
    ):
        return step_needs_and_gives(subject, subject.meant[0])
    return needs_in_words(subject)


def _results(subject: Subject) -> str:
    if not _RESULTS.search(subject.question):
        return ""
    if len(subject.meant) == 1:
        return step_needs_and_gives(subject, subject.meant[0])
    return results_in_words(subject)


def _which_step(subject: Subject) -> str:
    if not _WHICH_STEP.search(subject.question):
        return ""
    if not subject.meant:
        return f"No step has words of that question.\n{_outline(subject)}"
    return "\n".join(step_needs_and_gives(subject, item) for item in subject.meant[:MOST])


def _why(subject: Subject) -> str:
    if not _WHY.search(subject.question) or subject.workflow is None:
        return ""
    told = [step_needs_and_gives(subject, item) for item in subject.meant[:MOST]]
    asked = subject.workflow.description
    if asked:
        told.append(f"Its description says: {asked}")
    return "\n".join(told)


def _values(subject: Subject) -> str:
    return values_in_words(subject) if _VALUE.match(subject.question) else ""


def _whole(subject: Subject) -> str:
    if not _WHOLE.search(subject.question) or not _THE_WHOLE.search(subject.question):
        return ""
    return "" if subject.meant else _outline(subject)


def _steps(subject: Subject) -> str:
    told = "\n".join(step_needs_and_gives(subject, item) for item in subject.meant[:MOST])
    if not told:
        return ""
    if re.match(_YES_NO, subject.question, re.I):
        return f"This has to do with it:\n{told}\nWhether that is what you ask, {CANNOT_TELL[5:]}"
    return told


def _outline(subject: Subject) -> str:
    return outline_in_words(subject.workflow, subject.catalog) if subject.workflow else ""


def _cannot_tell(subject: Subject) -> str:
    return f"{CANNOT_TELL} This is what the workflow does:\n{_outline(subject)}"


_TOPICS: tuple[Topic, ...] = (
    _component, _about_flowloom, _changed, _components, _nothing_at_hand, _consequence, _validity,
    _start, _counts, _which_step, _why, _whole, _needs, _values, _results, _steps,
)  # fmt: skip
