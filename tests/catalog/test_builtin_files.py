"""The built-in file components, on real files."""

from __future__ import annotations

import base64
import os
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from flowloom.catalog.builtin.files import write_atomically
from flowloom.errors import ComponentError
from tests.catalog.builtin_runs import run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.txt").write_text("Grüße\n", encoding="utf-8")
    (tmp_path / "sub" / "b.TXT").write_text("b")
    return tmp_path


def _tree(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


async def test_read_text_and_bytes(folder: Path) -> None:
    path = str(folder / "a.txt")
    assert await run("file.read", {"path": path}) == "Grüße\n"
    data = await run("file.read_bytes", {"path": path})
    assert base64.b64decode(data).decode() == "Grüße\n"
    with pytest.raises(ComponentError, match=r"'file\.read' failed with FileNotFoundError"):
        await run("file.read", {"path": str(folder / "gone.txt")})


async def test_write_replaces_or_refuses(folder: Path) -> None:
    path = str(folder / "new" / "c.txt")
    assert await run("file.write", {"path": path, "text": "é"}) == {"path": path, "size": 2}
    await run("file.write", {"path": path, "text": "two"})
    assert _tree(folder)["new/c.txt"] == b"two"
    with pytest.raises(ComponentError, match="Set overwrite to replace it"):
        await run("file.write", {"path": path, "text": "three", "overwrite": False})
    data = base64.b64encode(b"\x00\xff").decode()
    await run("file.write_bytes", {"path": path, "data": data})
    assert _tree(folder)["new/c.txt"] == b"\x00\xff"
    with pytest.raises(ComponentError, match="no Base64"):
        await run("file.write_bytes", {"path": path, "data": "%"})
    assert _tree(folder)["new/c.txt"] == b"\x00\xff"


async def test_append_adds_lines(folder: Path) -> None:
    path = str(folder / "log.txt")
    await run("file.append", {"path": path, "text": "one"})
    written = await run("file.append", {"path": path, "text": "two", "new_line": False})
    assert _tree(folder)["log.txt"] == b"one\ntwo"
    assert written["size"] == 7


async def test_list_by_pattern(folder: Path) -> None:
    async def names(**inputs: Any) -> list[str]:
        found = await run("file.list", {"directory": str(folder), **inputs})
        return [file["name"] for file in found]

    assert await names() == ["a.txt"]
    assert await names(pattern="*.[tT]*", recursive=True) == ["a.txt", "b.TXT"]
    with pytest.raises(ComponentError, match="There is no directory"):
        await run("file.list", {"directory": str(folder / "gone")})


async def test_copy_and_move(folder: Path) -> None:
    path, sub = str(folder / "a.txt"), str(folder / "sub")
    copied = await run("file.copy", {"path": path, "target": sub})
    assert copied["path"] == f"{sub}/a.txt"
    with pytest.raises(ComponentError, match="exists"):
        await run("file.move", {"path": path, "target": sub})
    await run("file.move", {"path": path, "target": str(folder / "x" / "z.txt")})
    assert list(_tree(folder)) == ["sub/a.txt", "sub/b.TXT", "x/z.txt"]
    with pytest.raises(ComponentError, match="There is no file"):
        await run("file.move", {"path": path, "target": sub})


async def test_delete_takes_files_only(folder: Path) -> None:
    path = str(folder / "a.txt")
    assert await run("file.delete", {"path": path}) is True
    assert await run("file.delete", {"path": path, "missing_ok": True}) is False
    for gone in (path, str(folder / "sub")):
        with pytest.raises(ComponentError, match="There is no file"):
            await run("file.delete", {"path": gone})
    assert list(_tree(folder)) == ["sub/b.TXT"]


async def test_exists_and_info(folder: Path) -> None:
    path = folder / "sub" / "b.TXT"
    os.utime(path, (0, 0))
    assert await run("file.exists", {"path": str(path)}) is True
    assert await run("file.exists", {"path": str(folder / "gone")}) is False
    assert await run("file.info", {"path": str(path)}) == {
        "path": str(path),
        "name": "b.TXT",
        "extension": ".txt",
        "size": 1,
        "modified_at": "1970-01-01T00:00:00+00:00",
        "is_directory": False,
    }


async def test_make_directory_is_idempotent(folder: Path) -> None:
    inputs = {"path": str(folder / "deep" / "er")}
    first = await run("file.make_directory", inputs)
    assert first["is_directory"] is True
    assert (await run("file.make_directory", inputs))["path"] == first["path"]


async def test_zip_and_unzip_round_trip(folder: Path) -> None:
    target, out = str(folder / "all.zip"), folder / "out"
    paths = [str(folder / "a.txt"), str(folder / "sub")]
    await run("file.zip", {"paths": paths, "target": target})
    found = await run("file.unzip", {"path": target, "directory": str(out)})
    assert [file["name"] for file in found] == ["a.txt", "b.TXT"]
    assert _tree(out) == {"a.txt": "Grüße\n".encode(), "sub/b.TXT": b"b"}
    with pytest.raises(ComponentError, match="exists"):
        await run("file.zip", {"paths": paths, "target": target})


async def test_an_archive_cannot_write_outside(folder: Path) -> None:
    evil = folder / "evil.zip"
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr("../../escaped.txt", "x")
    out = folder / "deep" / "out"
    await run("file.unzip", {"path": str(evil), "directory": str(out)})
    assert _tree(out) == {"escaped.txt": b"x"}
    assert [name for name in _tree(folder.parent) if name.endswith("escaped.txt")] == [
        f"{folder.name}/deep/out/escaped.txt"
    ]


def test_a_rewritten_file_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "script"
    file.write_text("old")
    file.chmod(0o750)
    write_atomically(file, b"new")
    assert (file.read_text(), stat.S_IMODE(file.stat().st_mode)) == ("new", 0o750)
