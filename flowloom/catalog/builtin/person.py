"""Asking the person at the terminal.

Questions go to standard error and answers come from standard input, so that standard output
stays free for data.
"""

from __future__ import annotations

import sys
from typing import Annotated, TextIO

from pydantic import Field

from flowloom.catalog.python_functions import Injected, component
from flowloom.errors import ComponentError

__all__: list[str] = []


def _ask(question: str, source: TextIO | None, screen: TextIO | None) -> str:
    out = screen or sys.stderr
    out.write(f"{question} ")
    out.flush()
    answer = (source or sys.stdin).readline()
    if not answer:
        raise ComponentError(
            f"Nobody answered {question!r}: standard input has ended.",
            hint="Run the workflow in a terminal.",
        )
    return answer.strip()


@component(
    id="person.ask",
    title="Ask a person",
    keywords=["question", "prompt", "user input", "human", "type in", "manual entry"],
    output_optional=True,
)
def ask(
    question: str,
    default: str = "",
    *,
    source: Injected[TextIO | None] = None,
    screen: Injected[TextIO | None] = None,
) -> str:
    """Ask the person at the terminal a question, and return the answer.

    Args:
        question: the question.
        default: the answer when the person just presses Enter.
    """
    shown = f"{question} [{default}]" if default else question
    return _ask(shown, source, screen) or default


@component(
    id="person.approve",
    title="Ask for approval",
    keywords=["confirm", "approval", "yes or no", "human in the loop", "sign off", "review"],
    output_optional=True,
)
def approve(
    question: str,
    *,
    source: Injected[TextIO | None] = None,
    screen: Injected[TextIO | None] = None,
) -> bool:
    """Ask the person at the terminal to approve, and return whether they did.

    Args:
        question: what is to be approved; anything but yes means no.
    """
    return _ask(f"{question} [y/N]", source, screen).lower() in ("y", "yes")


@component(
    id="person.choose",
    title="Ask a person to choose",
    keywords=["select", "pick option", "menu", "multiple choice", "human"],
    output_optional=True,
)
def choose(
    question: str,
    options: Annotated[list[str], Field(min_length=1)],
    *,
    source: Injected[TextIO | None] = None,
    screen: Injected[TextIO | None] = None,
) -> str:
    """Ask the person at the terminal to choose one of several options, and return it.

    Args:
        question: the question.
        options: what can be chosen; the person types the option or its number.
    """
    listed = "".join(f"\n  {number}. {option}" for number, option in enumerate(options, 1))
    by_answer = {option.casefold(): option for option in options}
    by_answer |= {str(number): option for number, option in enumerate(options, 1)}
    while True:
        answer = _ask(f"{question}{listed}\n>", source, screen)
        if answer.casefold() in by_answer:
            return by_answer[answer.casefold()]
