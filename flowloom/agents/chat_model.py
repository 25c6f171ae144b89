"""Chat models by name: ``openai:NAME``, ``scripted:FILE``, or any provider of LangChain."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flowloom.agents.language_model import LanguageModel
from flowloom.agents.retry_policy import RetryPolicy
from flowloom.errors import ConfigError, FlowloomError, MissingExtra, nearest

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["PROVIDERS", "chat_model"]

PROVIDERS: dict[str, tuple[str, str]] = {
    "openai": ("langchain-openai", "OPENAI_API_KEY"),
    "anthropic": ("langchain-anthropic", "ANTHROPIC_API_KEY"),
    "azure_openai": ("langchain-openai", "AZURE_OPENAI_API_KEY"),
    "bedrock": ("langchain-aws", ""),
    "cohere": ("langchain-cohere", "COHERE_API_KEY"),
    "deepseek": ("langchain-deepseek", "DEEPSEEK_API_KEY"),
    "fireworks": ("langchain-fireworks", "FIREWORKS_API_KEY"),
    "google_genai": ("langchain-google-genai", "GOOGLE_API_KEY"),
    "google_vertexai": ("langchain-google-vertexai", ""),
    "groq": ("langchain-groq", "GROQ_API_KEY"),
    "huggingface": ("langchain-huggingface", ""),
    "mistralai": ("langchain-mistralai", "MISTRAL_API_KEY"),
    "nvidia": ("langchain-nvidia-ai-endpoints", "NVIDIA_API_KEY"),
    "ollama": ("langchain-ollama", ""),
    "openrouter": ("langchain-openrouter", "OPENROUTER_API_KEY"),
    "perplexity": ("langchain-perplexity", "PPLX_API_KEY"),
    "together": ("langchain-together", "TOGETHER_API_KEY"),
    "xai": ("langchain-xai", "XAI_API_KEY"),
}
"""Package and key variable of each provider; an empty variable: the provider finds its own way."""

_OTHERS = ("offline", "scripted")


def chat_model(
    name: str,
    *,
    base_url: str = "",
    api_key: str = "",
    timeout: float = 120.0,
    policy: RetryPolicy | None = None,
) -> LanguageModel:
    """Return the chat model of a name.

    Args:
        name: ``openai:gpt-5``, ``scripted:answers.yaml``, or ``PROVIDER:NAME``.
        base_url: an OpenAI-compatible server, for ``openai:``; servers on this machine need no key.
        api_key: else the provider's own environment variable is read.
        timeout: seconds that one call may take.

    Raises:
        ConfigError: the name or provider is unknown, or the key is missing.
        MissingExtra: the provider's package is not installed.
    """
    provider, _, model = name.partition(":")
    if provider == "scripted" and model:
        chat = _scripted(model)
    elif provider not in PROVIDERS or not model:
        raise _unknown(name, provider)
    elif provider == "openai":
        chat = _openai(model, base_url, _key(provider, api_key, base_url), timeout)
    else:
        chat = _by_langchain(provider, model, _key(provider, api_key, base_url), base_url, timeout)
    return LanguageModel(name=name, chat=chat, policy=policy or RetryPolicy())


def _unknown(name: str, provider: str) -> ConfigError:
    if provider in PROVIDERS or provider == "scripted":
        return ConfigError(
            f"The model {name!r} lacks a name after the colon.",
            hint=f"Write it such as {provider}:NAME.",
        )
    known = (*_OTHERS, *PROVIDERS)
    return ConfigError(
        f"Unknown model {name!r}.",
        hint=f"Write it as PROVIDER:NAME, such as openai:gpt-5. {nearest(provider, known)}",
    )


def _key(provider: str, api_key: str, base_url: str) -> str:
    variable = PROVIDERS[provider][1]
    key = api_key or (os.environ.get(variable, "") if variable else "")
    if key or not variable:
        return key
    if provider == "openai" and base_url:
        # Ollama, vLLM and llama.cpp take any key; the client insists on one.
        return "none"
    raise ConfigError(
        f"The provider {provider!r} needs an API key.",
        hint=f"Set {variable}, or use --model offline.",
    )


def _scripted(path: str) -> BaseChatModel:
    from flowloom.agents.scripted import read_script

    return read_script(Path(path))


def _openai(model: str, base_url: str, key: str, timeout: float) -> BaseChatModel:
    import httpx2
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    # A connection that is kept alive belongs to one event loop; calls come from several.
    limits = httpx2.Limits(max_connections=100, max_keepalive_connections=0)
    return ChatOpenAI(
        model=model,
        base_url=base_url or None,
        api_key=SecretStr(key),
        timeout=timeout,
        max_retries=0,
        http_client=httpx2.Client(limits=limits, timeout=timeout),
        http_async_client=httpx2.AsyncClient(limits=limits, timeout=timeout),
    )


def _by_langchain(
    provider: str, model: str, key: str, base_url: str, timeout: float
) -> BaseChatModel:
    package = PROVIDERS[provider][0]
    if find_spec(package.replace("-", "_")) is None:
        raise MissingExtra(package, provider)
    from langchain.chat_models import init_chat_model

    given = {"api_key": key, "base_url": base_url}
    more: dict[str, Any] = {name: value for name, value in given.items() if value}
    try:
        return init_chat_model(
            model, model_provider=provider, timeout=timeout, max_retries=0, **more
        )
    except FlowloomError:
        raise
    except (ImportError, ValueError, TypeError) as error:
        said = " ".join(str(error).split())[:300]
        raise ConfigError(f"The model {provider}:{model} cannot be set up: {said}") from error
