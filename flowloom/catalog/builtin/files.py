"""Files and directories on the machine that runs the workflow."""

from __future__ import annotations

import base64
import os
import shutil
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

from pydantic import Field
from typing_extensions import TypedDict

from flowloom.catalog.builtin.hints import DateTime, FileName, FilePath
from flowloom.catalog.python_functions import component
from flowloom.errors import ComponentError

__all__ = ["FileInfo", "Written", "file_info", "write_atomically"]


class Written(TypedDict):
    """A file that was written.

    Attributes:
        path: the file's full path.
        size: its size in bytes.
    """

    path: FilePath
    size: int


class FileInfo(TypedDict):
    """A file or directory.

    Attributes:
        path: its full path.
        name: its name with the extension.
        extension: the extension with its dot, in small letters.
        size: its size in bytes.
        modified_at: when it was last changed, in UTC.
        is_directory: whether it is a directory.
    """

    path: FilePath
    name: FileName
    extension: str
    size: int
    modified_at: DateTime
    is_directory: bool


def write_atomically(path: Path, data: bytes) -> Written:
    """Write a file whole or not at all; its directory is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        # mkstemp makes a file that only its owner may read; keep the mode a plain file would have.
        mask = os.umask(0)
        os.umask(mask)
        Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~mask)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return {"path": str(path.absolute()), "size": len(data)}


def file_info(path: Path) -> FileInfo:
    """Describe a file or directory.

    Raises:
        OSError: it does not exist or cannot be reached.
    """
    status = path.stat()
    return {
        "path": str(path.absolute()),
        "name": path.name,
        "extension": path.suffix.lower(),
        "size": status.st_size,
        "modified_at": datetime.fromtimestamp(status.st_mtime, UTC).isoformat(),
        "is_directory": path.is_dir(),
    }


def _free(path: Path, overwrite: bool) -> Path:
    if path.exists() and not overwrite:
        raise ComponentError(f"The file {str(path)!r} exists.", hint="Set overwrite to replace it.")
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


@component(id="file.read", title="Read a text file", keywords=["open", "load", "contents"])
def read_text(path: FilePath, encoding: str = "utf-8") -> str:
    """Read a text file, and return its text.

    Args:
        path: the file.
        encoding: the file's text encoding.
    """
    return Path(path).expanduser().read_text(encoding)


@component(id="file.read_bytes", title="Read a binary file", keywords=["image", "pdf", "base64"])
def read_bytes(path: FilePath) -> str:
    """Read any file, and return its bytes as Base64 text.

    Args:
        path: the file.
    """
    return base64.b64encode(Path(path).expanduser().read_bytes()).decode()


@component(
    id="file.write",
    title="Write a text file",
    keywords=["save", "create file", "store", "export"],
    effect="write",
)
def write_text(path: FilePath, text: str, overwrite: bool = True) -> Written:
    """Write a text to a file; an existing file is replaced.

    Args:
        path: the file; its directory is made if need be.
        text: the text.
        overwrite: false fails when the file exists.
    """
    return write_atomically(_free(Path(path).expanduser(), overwrite), text.encode())


@component(
    id="file.write_bytes",
    title="Write a binary file",
    keywords=["save image", "save attachment", "base64"],
    effect="write",
)
def write_bytes(path: FilePath, data: str, overwrite: bool = True) -> Written:
    """Write bytes given as Base64 text to a file.

    Args:
        path: the file; its directory is made if need be.
        data: the bytes in Base64.
        overwrite: false fails when the file exists.
    """
    try:
        content = base64.b64decode(data, validate=True)
    except ValueError as error:
        raise ComponentError(f"The data is no Base64: {error}.") from error
    return write_atomically(_free(Path(path).expanduser(), overwrite), content)


@component(
    id="file.append",
    title="Append to a file",
    keywords=["add line", "log file", "add text"],
    effect="write",
)
def append_text(path: FilePath, text: str, new_line: bool = True) -> Written:
    """Add a text to the end of a file; the file is made if there is none.

    Args:
        path: the file.
        text: the text to add.
        new_line: whether a line break follows the text.
    """
    file = Path(path).expanduser()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("a", encoding="utf-8") as out:
        out.write(text + ("\n" if new_line else ""))
    return {"path": str(file.absolute()), "size": file.stat().st_size}


@component(
    id="file.list",
    title="List files",
    keywords=["directory", "folder", "find files", "glob", "contents of folder"],
    taint={"pattern": "path"},
)
def list_files(directory: FilePath, pattern: str = "*", recursive: bool = False) -> list[FileInfo]:
    """List the files of a directory whose names match a pattern, sorted by path.

    Args:
        directory: the directory.
        pattern: such as *.csv.
        recursive: whether directories inside are searched, too.
    """
    root = Path(directory).expanduser()
    if not root.is_dir():
        raise ComponentError(f"There is no directory {directory!r}.")
    found = root.rglob(pattern) if recursive else root.glob(pattern)
    return [file_info(path) for path in sorted(found) if path.is_file()]


@component(id="file.copy", title="Copy a file", keywords=["duplicate", "backup"], effect="write")
def copy_file(path: FilePath, target: FilePath, overwrite: bool = False) -> Written:
    """Copy a file to another place.

    Args:
        path: the file.
        target: the copy's path, or a directory that exists.
        overwrite: whether an existing file is replaced.
    """
    source, place = _source_and_target(path, target, overwrite)
    shutil.copy2(source, place)
    return {"path": str(place.absolute()), "size": place.stat().st_size}


@component(
    id="file.move",
    title="Move or rename a file",
    keywords=["rename", "relocate", "archive"],
    effect="write",
)
def move_file(path: FilePath, target: FilePath, overwrite: bool = False) -> Written:
    """Move a file to another place or give it another name.

    Args:
        path: the file.
        target: the new path, or a directory that exists.
        overwrite: whether an existing file is replaced.
    """
    source, place = _source_and_target(path, target, overwrite)
    shutil.move(source, place)
    return {"path": str(place.absolute()), "size": place.stat().st_size}


def _source_and_target(path: str, target: str, overwrite: bool) -> tuple[Path, Path]:
    source, place = Path(path).expanduser(), Path(target).expanduser()
    if not source.is_file():
        raise ComponentError(f"There is no file {path!r}.")
    if place.is_dir():
        place = place / source.name
    return source, _free(place, overwrite)


@component(
    id="file.delete", title="Delete a file", keywords=["remove", "erase"], effect="destructive"
)
def delete_file(path: FilePath, missing_ok: bool = False) -> bool:
    """Delete a file, and return whether there was one.

    Args:
        path: the file; a directory is refused.
        missing_ok: whether it is fine that there is no such file.
    """
    file = Path(path).expanduser()
    if not file.exists() and missing_ok:
        return False
    if not file.is_file():
        raise ComponentError(f"There is no file {path!r}.")
    file.unlink()
    return True


@component(id="file.exists", title="Check whether a file exists", keywords=["is there", "present"])
def file_exists(path: FilePath) -> bool:
    """Return whether there is a file or directory at a path.

    Args:
        path: the path.
    """
    return Path(path).expanduser().exists()


@component(
    id="file.info", title="Get file details", keywords=["size", "modified", "metadata", "stat"]
)
def get_info(path: FilePath) -> FileInfo:
    """Return the name, size and time of change of a file or directory.

    Args:
        path: the path.
    """
    return file_info(Path(path).expanduser())


@component(
    id="file.make_directory",
    title="Make a directory",
    keywords=["create folder", "mkdir"],
    effect="write",
)
def make_directory(path: FilePath) -> FileInfo:
    """Make a directory, with those above it; one that exists stays as it is.

    Args:
        path: the directory.
    """
    directory = Path(path).expanduser()
    directory.mkdir(parents=True, exist_ok=True)
    return file_info(directory)


@component(
    id="file.zip",
    title="Make a ZIP archive",
    keywords=["compress", "archive", "backup", "bundle"],
    effect="write",
)
def make_zip(
    paths: Annotated[list[FilePath], Field(min_length=1)],
    target: FilePath,
    overwrite: bool = False,
) -> Written:
    """Put files and directories into a new ZIP archive.

    Args:
        paths: the files and directories.
        target: the archive's path.
        overwrite: whether an existing archive is replaced.
    """
    place = _free(Path(target).expanduser(), overwrite)
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in map(lambda text: Path(text).expanduser(), paths):
            inside = sorted(path.rglob("*")) if path.is_dir() else [path]
            for file in inside:
                archive.write(file, file.relative_to(path.parent))
    return {"path": str(place.absolute()), "size": place.stat().st_size}


@component(
    id="file.unzip",
    title="Extract a ZIP archive",
    keywords=["decompress", "unpack"],
    effect="write",
)
def extract_zip(path: FilePath, directory: FilePath) -> list[FileInfo]:
    """Extract a ZIP archive into a directory, and return the files it held.

    Args:
        path: the archive.
        directory: where the files go; it is made if need be.
    """
    place = Path(directory).expanduser()
    with zipfile.ZipFile(Path(path).expanduser()) as archive:
        # extract() drops drive letters, leading slashes and "..", so that no file lands outside.
        files = [
            archive.extract(entry, place) for entry in archive.infolist() if not entry.is_dir()
        ]
    return [file_info(Path(file)) for file in files]
