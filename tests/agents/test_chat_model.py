"""Chat models by name."""

from __future__ import annotations

from typing import Any

import pytest

from flowloom.agents.chat_model import PROVIDERS, chat_model
from flowloom.errors import ConfigError, MissingExtra


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for _, variable in PROVIDERS.values():
        if variable:
            monkeypatch.delenv(variable, raising=False)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gpt-5", "Unknown model 'gpt-5'. Write it as PROVIDER:NAME"),
        ("opnai:gpt-5", "Nearest: 'openai'"),
        ("openai:", "lacks a name after the colon"),
        ("scripted:", "lacks a name after the colon"),
        ("", "Unknown model ''"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(name: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        chat_model(name)
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("provider", [name for name, (_, key) in PROVIDERS.items() if key])
def test_a_missing_key_names_the_variable(provider: str) -> None:
    with pytest.raises(ConfigError, match=f"Set {PROVIDERS[provider][1]}, or use --model offline"):
        chat_model(f"{provider}:some-model")


def test_a_missing_package_is_named() -> None:
    with pytest.raises(MissingExtra, match="'langchain-ollama' is not installed"):
        chat_model("ollama:llama3")


def openai_client(**more: Any) -> Any:
    return chat_model("openai:gpt-5", **more).chat


def test_the_key_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "from-environment")
    assert openai_client().openai_api_key.get_secret_value() == "from-environment"
    assert openai_client(api_key="given").openai_api_key.get_secret_value() == "given"


def test_a_server_of_ones_own_needs_no_key() -> None:
    made = openai_client(base_url="http://127.0.0.1:9/v1")
    assert made.openai_api_base == "http://127.0.0.1:9/v1"


def test_the_client_does_not_retry_on_its_own() -> None:
    assert openai_client(api_key="x").max_retries == 0


def test_the_key_is_shown_nowhere() -> None:
    model = chat_model("openai:gpt-5", api_key="very-secret")
    assert "very-secret" not in repr(model) + repr(model.chat)
