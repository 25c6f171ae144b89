"""Saved workflows over SQLite and over a real Postgres."""

from __future__ import annotations

import asyncio

import pytest

from flowloom.errors import Conflict, DocumentError, NotFound, StorageError, UserError
from flowloom.storage.database import Database
from flowloom.storage.saved_workflows import ABSENT, MAX_NAME, SavedWorkflows, etag_of

FIRST = "name: one\nsteps: []\n"
SECOND = "name: two\nsteps: []\n"


@pytest.fixture
def saved(database: Database) -> SavedWorkflows:
    return SavedWorkflows(database)


async def test_what_is_saved_is_read_back_whole(saved: SavedWorkflows) -> None:
    text = "name: ünïcode 🌊\n# a comment stays\nsteps: []\n"
    written = await saved.save("ann", "a-b_c.1", text)
    assert await saved.get("ann", "a-b_c.1") == written
    assert (written.text, written.etag) == (text, etag_of(text))


async def test_another_text_has_another_tag(saved: SavedWorkflows) -> None:
    first = await saved.save("ann", "w", FIRST)
    assert (await saved.save("ann", "w", FIRST)).etag == first.etag
    assert (await saved.save("ann", "w", SECOND)).etag != first.etag
    assert [item.text for item in await saved.entries("ann")] == [SECOND]


async def test_a_list_is_by_name_and_of_one_owner(saved: SavedWorkflows) -> None:
    for name in ("b", "C", "a"):
        await saved.save("ann", name, FIRST)
    await saved.save("bob", "d", FIRST)
    assert [item.name for item in await saved.entries("ann")] == ["C", "a", "b"]
    assert [item.name for item in await saved.entries("bob")] == ["d"]
    assert await saved.entries("eve") == ()


async def test_no_owner_reads_or_deletes_anothers(saved: SavedWorkflows) -> None:
    await saved.save("ann", "mine", FIRST)
    with pytest.raises(NotFound):
        await saved.get("bob", "mine")
    with pytest.raises(NotFound):
        await saved.delete("bob", "mine")
    await saved.save("bob", "mine", SECOND)
    assert (await saved.get("ann", "mine")).text == FIRST


async def test_the_nearest_names_are_told(saved: SavedWorkflows) -> None:
    await saved.save("ann", "report", FIRST)
    with pytest.raises(NotFound, match=r"no saved workflow 'reprot'.*Nearest: 'report'"):
        await saved.get("ann", "reprot")


async def test_a_change_of_an_older_text_is_refused(saved: SavedWorkflows) -> None:
    first = await saved.save("ann", "w", FIRST)
    second = await saved.save("ann", "w", SECOND, expected=first.etag)
    with pytest.raises(Conflict, match=second.etag):
        await saved.save("ann", "w", FIRST, expected=first.etag)
    with pytest.raises(Conflict):
        await saved.delete("ann", "w", expected=first.etag)
    assert await saved.get("ann", "w") == second


async def test_what_is_expected_absent_must_be_absent(saved: SavedWorkflows) -> None:
    await saved.save("ann", "w", FIRST, expected=ABSENT)
    with pytest.raises(Conflict):
        await saved.save("ann", "w", SECOND, expected=ABSENT)
    with pytest.raises(Conflict, match="is not there"):
        await saved.save("ann", "other", SECOND, expected=etag_of(FIRST))
    assert [item.text for item in await saved.entries("ann")] == [FIRST]


async def test_what_is_deleted_is_gone(saved: SavedWorkflows) -> None:
    first = await saved.save("ann", "w", FIRST)
    await saved.delete("ann", "w", expected=first.etag)
    with pytest.raises(NotFound):
        await saved.delete("ann", "w")
    assert await saved.entries("ann") == ()


async def test_of_many_that_save_at_once_one_wins(saved: SavedWorkflows) -> None:
    first = await saved.save("ann", "w", FIRST)
    texts = [f"name: n{number}\nsteps: []\n" for number in range(8)]
    done = await asyncio.gather(
        *(saved.save("ann", "w", text, expected=first.etag) for text in texts),
        return_exceptions=True,
    )
    winners = [item for item in done if not isinstance(item, BaseException)]
    assert [await saved.get("ann", "w")] == winners
    assert all(isinstance(item, Conflict) for item in done if item not in winners)


async def test_a_name_that_is_none_is_refused(saved: SavedWorkflows) -> None:
    names = ["", " ", "a b", "../x", "a/b", ".hidden", "a\n", "a\x00", "é", "x" * (MAX_NAME + 1)]
    for name in names:
        with pytest.raises(UserError, match="cannot be saved as"):
            await saved.save("ann", name, FIRST)


async def test_a_hostile_name_finds_nothing(saved: SavedWorkflows) -> None:
    await saved.save("ann", "w", FIRST)
    for name in ("' OR '1'='1", "%", "x'; DROP TABLE flowloom_workflows; --", "w\x00"):
        with pytest.raises(NotFound):
            await saved.get("ann", name)
    assert len(await saved.entries("ann")) == 1


async def test_only_documents_are_saved(saved: SavedWorkflows) -> None:
    for text in ("", "- a list", "name: [", '{"name": "\ud800"}'):
        with pytest.raises(DocumentError):
            await saved.save("ann", "w", text)
    assert await saved.entries("ann") == ()


async def test_a_database_that_refuses_is_told(database: Database) -> None:
    with pytest.raises(StorageError, match="The database failed"):
        async with database.begin() as connection:
            await connection.exec_driver_sql("SELECT nothing FROM nowhere")
