"""``/save`` and ``/export``: the current workflow in a file, or kept by name."""

from __future__ import annotations

from pathlib import Path

from flowloom.cli.chat.session import OWNER, ChatSession, document_of
from flowloom.cli.commands.compose import Format, rendered
from flowloom.cli.files import write_atomically
from flowloom.errors import StorageError, UserError

__all__ = ["export_to", "save_to"]

_DOCUMENTS = {".yaml": Format.YAML, ".yml": Format.YAML, ".json": Format.JSON}
_FORMATS = {**_DOCUMENTS, ".mmd": Format.MERMAID, ".mermaid": Format.MERMAID, ".txt": Format.TREE}


async def save_to(session: ChatSession, place: str) -> str:
    """Write the current workflow to a document file, or keep it by name; say where it is.

    Raises:
        UserError: there is no workflow, or the place is neither.
        StorageError: the file cannot be written.
    """
    path = Path(place)
    if path.suffix.lower() in _DOCUMENTS or "/" in place:
        return await _written(session, path, _DOCUMENTS)
    from flowloom.storage.saved_workflows import SavedWorkflows

    version = await session.version()
    saved = SavedWorkflows(session.conversations.store.database)
    earlier = {item.name: item for item in await saved.entries(OWNER)}.get(place)
    await saved.save(OWNER, place, version.text)
    instead = " in place of the earlier one" if earlier else ""
    return f"Version {version.number} is kept as {place!r}{instead}."


async def export_to(session: ChatSession, place: str) -> str:
    """Write the current workflow to a file, in the format that its name ends with.

    Raises:
        UserError: there is no workflow, or no such format.
        StorageError: the file cannot be written.
    """
    return await _written(session, Path(place), _FORMATS)


async def _written(session: ChatSession, path: Path, formats: dict[str, Format]) -> str:
    version = await session.version()
    form = formats.get(path.suffix.lower())
    if form is None:
        raise UserError(
            f"It is not clear in which format {str(path)!r} is to be written.",
            hint=f"Let its name end with one of {', '.join(formats)}.",
        )
    _write(path, rendered(version.text, document_of(version).data, form))
    return f"Version {version.number} is written to {path}."


def _write(path: Path, text: str) -> None:
    try:
        write_atomically(path.expanduser(), text)
    except StorageError as error:
        raise StorageError(error.message, hint="Check the place, or give another file.") from None
