"""Without a model, nothing of LangChain and nothing heavy is imported."""

from __future__ import annotations

import subprocess
import sys

HEAVY = (
    "langchain_core",
    "langchain",
    "langchain_openai",
    "langgraph",
    "openai",
    "numpy",
    "chromadb",
    "onnxruntime",
    "torch",
)
LIGHT = (
    "flowloom.agents.budget",
    "flowloom.agents.chat_model",
    "flowloom.agents.excerpt",
    "flowloom.agents.generator",
    "flowloom.agents.planner",
    "flowloom.agents.retriever",
    "flowloom.agents.verifier",
    "flowloom.prompts.template",
    "flowloom.graph.events",
    "flowloom.graph.limits",
    "flowloom.graph.result",
)


def test_agents_prompts_and_records_import_nothing_heavy() -> None:
    code = (
        f"import sys, {', '.join(LIGHT)}\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_graph_imports_no_provider_and_no_index() -> None:
    code = (
        "import sys, flowloom.graph.composer\n"
        "print([name for name in ('langchain', 'langchain_openai', 'openai', 'numpy', 'chromadb',"
        " 'onnxruntime', 'torch', 'langgraph.prebuilt') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
