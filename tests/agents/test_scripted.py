"""The scripted chat model, as a provider of the package."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowloom.agents.chat_model import chat_model
from flowloom.agents.generator import ModelGenerator
from flowloom.agents.planner import ModelPlanner
from flowloom.errors import ConfigError, ModelError
from flowloom.graph.composer import compose
from flowloom.roles import Usage
from tests.graph.stand_ins import composer, workflow

SCRIPT = """
- agent: generator
  answer: {workflow: {name: demo, steps: [{id: post, uses: slack.post, with: {text: hello}}]}}
  usage: {input_tokens: 7, output_tokens: 3}
- agent: planner
  contains: every morning
  answer: {unsupported: ["wrong entry"]}
- agent: planner
  answer: '{"steps": [{"id": "post", "text": "post a message"}]}'
"""


def script(folder: Path, text: str = SCRIPT) -> str:
    path = folder / "script.yaml"
    path.write_text(text, encoding="utf-8")
    return f"scripted:{path}"


async def test_a_script_plays_planner_and_generator(tmp_path: Path) -> None:
    model = chat_model(script(tmp_path))
    made = composer(planner=ModelPlanner(model=model), generator=ModelGenerator(model=model))
    result = await compose("post a message", composer=made)
    assert result.status == "valid"
    assert result.workflow == workflow()
    assert (result.usage.model_calls, result.usage.input_tokens) == (2, 7)


async def test_an_exhausted_script_says_so(tmp_path: Path) -> None:
    model = chat_model(script(tmp_path, "- answer: one"))
    reply = await model.call([("human", "hello")], agent="planner")
    assert (reply.text, reply.usage) == ("one", Usage(model_calls=1))
    with pytest.raises(ModelError, match=r"no answer left for the agent 'planner' \(1 of 1 used\)"):
        await model.call([("human", "hello")], agent="planner")


async def test_an_answer_can_be_repeated(tmp_path: Path) -> None:
    model = chat_model(script(tmp_path, "- {answer: again, repeat: true}"))
    for _ in range(3):
        assert (await model.call([("human", "x")], agent="planner")).text == "again"


async def test_answers_are_chosen_by_agent_and_text(tmp_path: Path) -> None:
    model = chat_model(script(tmp_path))
    messages = [("system", "You plan."), ("human", "every morning")]
    assert "wrong entry" in (await model.call(messages, agent="planner")).text  # type: ignore[arg-type]


def test_the_model_answers_without_an_event_loop_too(tmp_path: Path) -> None:
    model = chat_model(script(tmp_path, "- answer: {a: 1}"))
    assert model.chat.invoke("x").content == '{"a": 1}'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {agent: planner}", r"wrong at 0.answer: Field required"),
        ("answer: x", "wrong at the file"),
        ("- {answer: x, agnet: y}", "0.agnet"),
        ("- [", "broken YAML"),
    ],
)
def test_a_wrong_script_is_refused_in_one_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        chat_model(script(tmp_path, text))
    assert "\n" not in str(caught.value)


def test_a_script_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Cannot read the script"):
        chat_model(f"scripted:{tmp_path / 'none.yaml'}")
