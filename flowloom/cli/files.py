"""Files that commands read and write."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from flowloom.errors import StorageError, UserError
from flowloom.graph.limits import MAX_REQUEST

__all__ = ["check_place", "read_request", "write_atomically"]


def read_request(argument: str) -> str:
    """Return the request that was given; ``-`` stands for stdin.

    Raises:
        UserError: it is empty, too long or no text.
    """
    text = (_from_stdin() if argument == "-" else argument).strip()
    if not text:
        raise UserError("The request is empty.", hint="Say in plain words what is to be done.")
    if len(text) > MAX_REQUEST:
        raise UserError(
            f"The request has {len(text):,} characters; the limit is {MAX_REQUEST:,}.",
            hint="Say it shorter, or build the workflow in several changes with --edit.",
        )
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise UserError("The request is not text in UTF-8.", hint="Give plain words.")
    return text


def _from_stdin() -> str:
    try:
        # One character more than allowed is enough to know that it is too long.
        return sys.stdin.read(4 * MAX_REQUEST)
    except UnicodeDecodeError:
        raise UserError("The request is not text in UTF-8.", hint="Give plain words.") from None


def check_place(path: Path) -> None:
    """Refuse early a place where no file can be written.

    Raises:
        StorageError: it is a directory, or its directory is not there.
    """
    if path.is_dir():
        raise StorageError(f"{str(path)!r} is a directory.", hint="Give a file with --out.")
    if not path.parent.is_dir():
        raise StorageError(
            f"There is no directory {str(path.parent)!r} to write to.",
            hint="Make it, or give another file with --out.",
        )


def write_atomically(path: Path, text: str) -> None:
    """Write a file so that it is there whole or not at all; an earlier one is replaced.

    Raises:
        StorageError: it cannot be written; an earlier file is as it was.
    """
    check_place(path)
    try:
        # A link stays a link; what it points to is replaced.
        target = path.resolve()
        if target.exists() and not target.is_file():
            target.write_text(text, encoding="utf-8")  # A pipe or a device: nothing to replace.
            return
        mode = target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask()
        _replace(target, text.encode("utf-8"), mode)
    except OSError as error:
        raise StorageError(
            f"Cannot write {str(path)!r}: {error.strerror or error}.",
            hint="Check that the place can be written and has room, or give another file with"
            " --out.",
        ) from None


def _replace(target: Path, content: bytes, mode: int) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", suffix=".part", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(mode)
        Path(name).replace(target)
    except BaseException:
        # Also at Ctrl-C: no part of a file stays behind.
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
