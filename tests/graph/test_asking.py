"""Runs that ask the person: they go on with the answers, within the same limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flowloom.graph.composer import compose
from flowloom.graph.events import Event
from flowloom.roles import Usage
from flowloom.workflow.outline import Question
from tests.graph.stand_ins import OUTLINE, Findings, ScriptedPlanner, composer, error

WHICH = Question(text="Which channel?", suggestions=("#eng",), default="#eng")
ASKING = OUTLINE.model_copy(update={"questions": (WHICH,)})
PARTIAL = OUTLINE.model_copy(update={"unsupported": ("No fax.",)})


@dataclass
class Person:
    """Answers in turn; None is no answer."""

    answers: Sequence[Sequence[str] | None]
    asked: list[Sequence[Question]] = field(default_factory=list[Sequence[Question]])

    async def __call__(self, questions: Sequence[Question]) -> Sequence[str] | None:
        self.asked.append(questions)
        return self.answers[len(self.asked) - 1]


async def test_an_answer_goes_beside_the_request_and_the_run_goes_on() -> None:
    planner = ScriptedPlanner([ASKING, OUTLINE], usage=Usage(model_calls=1))
    person, events = Person([["#ops"]]), list[Event]()
    made = composer(planner=planner)
    result = await compose("post", composer=made, ask=person, on_event=events.append)
    assert person.asked == [(WHICH,)]
    assert result.status == "valid"
    assert planner.tasks[1].request == "post\nWhich channel? #ops"
    assert result.usage.model_calls == 2  # both plans are paid by one run
    assert [event.type for event in events].count("question") == 1


async def test_no_words_take_the_default() -> None:
    planner = ScriptedPlanner([ASKING, OUTLINE])
    await compose("post", composer=composer(planner=planner), ask=Person([[""]]))
    assert planner.tasks[1].request == "post\nWhich channel? #eng"


async def test_a_part_that_is_taken_is_not_planned_again() -> None:
    planner, events = ScriptedPlanner([PARTIAL]), list[Event]()
    person = Person([["Yes"]])
    made = composer(planner=planner)
    result = await compose("post", composer=made, ask=person, on_event=events.append)
    assert (result.status, len(planner.tasks)) == ("valid", 1)
    assert result.assumptions == ("Left out: No fax.",)
    last = events[-1]
    assert last.type == "result"
    assert last.result == result


async def test_a_part_that_is_not_taken_is_left() -> None:
    planner = ScriptedPlanner([PARTIAL])
    result = await compose("post", composer=composer(planner=planner), ask=Person([["no"]]))
    assert (result.status, len(planner.tasks)) == ("needs_input", 1)


async def test_other_words_change_the_request() -> None:
    planner = ScriptedPlanner([PARTIAL, OUTLINE])
    made = composer(planner=planner)
    result = await compose("post", composer=made, ask=Person([["use e-mail"]]))
    assert result.status == "valid"
    assert planner.tasks[1].request == "post\nuse e-mail"


async def test_who_does_not_answer_gets_the_questions() -> None:
    planner = ScriptedPlanner([ASKING])
    result = await compose("post", composer=composer(planner=planner), ask=Person([None]))
    assert (result.status, result.questions) == ("needs_input", (WHICH,))


async def test_it_asks_three_times_at_most() -> None:
    person = Person([["a"], ["b"], ["c"], ["d"]])
    made = composer(planner=ScriptedPlanner([ASKING]))
    result = await compose("post", composer=made, ask=person)
    assert (result.status, len(person.asked)) == ("needs_input", 3)


async def test_a_workflow_that_needs_no_person_asks_nothing() -> None:
    person = Person([])
    assert (await compose("post", composer=composer(), ask=person)).status == "valid"
    findings = Findings([[error("Wrong.")]])
    failed = await compose("post", composer=composer(findings=findings), ask=person)
    assert (failed.status, person.asked) == ("failed", [])
