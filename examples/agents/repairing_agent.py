"""A LangChain agent that composes a workflow, verifies it, and repairs what the verifier finds."""

from __future__ import annotations

import argparse
import asyncio
from typing import Any

from langchain.agents import create_agent
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from scripted_model import RuleModel

from flowloom.api.tools import workflow_tools
from flowloom.service.mcp.teaching import teaching_text

REQUEST = (
    "Every weekday at 9 in Seoul, list the open issues of acme/app on GitHub"
    " and post them to #eng in Slack"
)
RULES = "Verify every workflow that you have changed yourself. Answer only with one that is valid."


async def run_agent(
    agent_model: str | BaseChatModel, request: str, **settings: Any
) -> list[BaseMessage]:
    """Run the agent to its end and return its messages.

    Args:
        agent_model: the agent's model, as LangChain's ``create_agent`` takes it.
        settings: for flowloom, such as ``model``, ``catalog`` and ``data_dir``.
    """
    agent = create_agent(
        agent_model,
        tools=workflow_tools(**settings),
        system_prompt=f"{teaching_text()}\n\n{RULES}",
    )
    end = await agent.ainvoke({"messages": [{"role": "user", "content": request}]})
    return end["messages"]


def show(messages: list[BaseMessage]) -> None:
    """Print what the agent called, what it was answered, and what it says at the end."""
    for message in messages:
        if isinstance(message, AIMessage) and message.tool_calls:
            print("calls ", *(call["name"] for call in message.tool_calls))
        elif isinstance(message, ToolMessage):
            print("answer", str(message.content)[:160])
    print(messages[-1].text)


def main() -> None:
    """Read the command line and run the agent."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("request", nargs="?", default=REQUEST)
    parser.add_argument("--model", default="scripted", help="'scripted' or PROVIDER:NAME")
    parser.add_argument("--composer", default="offline", help="the model inside the tools")
    given = parser.parse_args()
    model = RuleModel() if given.model == "scripted" else given.model
    show(asyncio.run(run_agent(model, given.request, model=given.composer)))


if __name__ == "__main__":
    main()
