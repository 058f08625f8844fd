"""The telephone directory on both databases: who changed what, when; and no extension twice."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from crm.directory.directory import ExtensionTaken, NoSuchEntry
from crm.directory.hours_text import read_hours
from crm.directory.importing import import_file
from crm.directory.values import Change, Kept, Replaced
from crm.errors import Changed
from crm.figures.transfers import Target, Transfers
from kernel.directory import Body, Entry, Teller
from kernel.events import Event, EventKind

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
TAX = Entry(
    "t",
    "税制課",
    division="財務部",
    unit="諸税担当",
    reading="しょぜい",
    aliases=("原付",),
    subjects=("廃車", "ナンバー"),
    extension="2301",
    hours=read_hours("月-金 08:30-17:00"),
    department="zeisei",
    note="3階",
)
COUNCIL = Entry(
    "s",
    "社会福祉協議会",
    outside="0466-00-1000",
    transferable=False,
    tellable=True,
    teller=Teller.SYSTEM,
    body=Body.RELATED,
)


async def add(store, *entries: Entry) -> None:
    for entry in entries:
        await store.directory.save(entry, by="ueda", now=NOON, expected_version=0)


async def test_an_entry_is_kept_as_it_was_given_and_told_to_all(store, bus):
    await add(store, TAX, COUNCIL)
    assert await store.directory.all() == [Kept(TAX, 1, NOON, "ueda"), Kept(COUNCIL, 1, NOON, "ueda")]
    assert await store.directory.find("s") == Kept(COUNCIL, 1, NOON, "ueda")
    assert await store.directory.find("x") is None
    assert [await store.directory.at(one) for one in ("2301", "2302", "")] == [TAX, None, None]
    told = await store.events.of_kinds({EventKind.DIRECTORY_CHANGED}, NOON, 9)
    assert [one.event.data for one in told] == [{"by": "ueda", "version": 1}, {"by": "ueda", "version": 2}]


async def test_each_change_is_logged_with_who_when_before_and_after(store):
    await add(store, TAX)
    moved = replace(TAX, extension="2399", aliases=())
    await store.directory.save(moved, by="mori", now=LATER, expected_version=1)
    await store.directory.remove("t", by="ueda", now=LATER, expected_version=2)
    expected = [
        Change(NOON, "ueda", "t", None, TAX),
        Change(LATER, "mori", "t", TAX, moved),
        Change(LATER, "ueda", "t", moved, None),
    ]
    assert await store.directory.log() == expected
    assert await store.directory.changes() == expected[::-1]
    assert await store.directory.changes(1, "t") == expected[2:]
    assert await store.directory.all() == []


async def test_of_two_who_change_an_entry_the_later_is_told(store):
    await add(store, TAX)
    await store.directory.save(replace(TAX, note="4階"), by="mori", now=LATER, expected_version=1)
    for late in (
        store.directory.save(replace(TAX, note="5階"), by="ueda", now=LATER, expected_version=1),
        store.directory.save(TAX, by="ueda", now=LATER, expected_version=0),
        store.directory.remove("t", by="ueda", now=LATER, expected_version=1),
    ):
        with pytest.raises(Changed, match="by mori"):
            await late
    assert (await store.directory.find("t")).entry.note == "4階"
    await store.directory.remove("t", by="mori", now=LATER, expected_version=2)
    with pytest.raises(Changed, match="by mori"):
        await store.directory.save(TAX, by="ueda", now=LATER, expected_version=2)
    with pytest.raises(NoSuchEntry):
        await store.directory.remove("never", by="ueda", now=LATER, expected_version=1)


async def test_two_at_once_leave_one_change(store):
    await add(store, TAX)
    both = (
        store.directory.save(replace(TAX, note=note), by="mori", now=LATER, expected_version=1) for note in ("4", "5")
    )
    ends = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["Changed", "Kept"]
    assert len(await store.directory.log()) == 2


async def test_an_extension_belongs_to_one_entry(store):
    await add(store, TAX, COUNCIL)
    with pytest.raises(ExtensionTaken) as taken:
        await add(store, Entry("u", "秘書課", extension="2301"))
    assert taken.value.other == TAX
    await add(store, Entry("v", "別の団体", outside="0466-00-1001", transferable=False))
    assert len(await store.directory.all()) == 3
    assert len(await store.directory.log()) == 3


async def test_a_new_directory_says_what_it_did_and_what_is_equal_keeps_its_version(store):
    await add(store, TAX, COUNCIL)
    mayor = Entry("m", "秘書課", extension="2330")
    swapped = replace(TAX, extension="2330")
    done = await store.directory.replace(
        [COUNCIL, replace(mayor, extension="2301"), swapped], by="denwa directory", now=LATER
    )
    assert done == Replaced(added=1, changed=1, removed=0)
    kept = await store.directory.all()
    assert [(one.entry.id, one.entry.extension, one.version, one.by) for one in kept] == [
        ("s", "", 1, "ueda"),
        ("m", "2301", 1, "denwa directory"),
        ("t", "2330", 2, "denwa directory"),
    ]
    assert await store.directory.replace([one.entry for one in kept], by="x", now=LATER) == Replaced()
    assert await store.directory.replace([TAX], by="x", now=LATER) == Replaced(changed=1, removed=2)
    assert len(await store.events.of_kinds({EventKind.DIRECTORY_CHANGED}, NOON, 9)) == 4, "an equal one is no change"


async def test_nothing_is_imported_when_something_is_wrong_unless_it_is_asked_for(store):
    await add(store, TAX)
    file = "課,内線\n秘書課,2330\n税,x\n".encode()
    refused = await import_file(store.directory, file, (), by="ueda", now=LATER)
    assert (refused.replaced, refused.lines) == (None, 1)
    assert [one.entry for one in await store.directory.all()] == [TAX]
    taken = await import_file(store.directory, file, (), by="ueda", now=LATER, skip_wrong=True)
    assert (taken.replaced, taken.lines) == (Replaced(added=1, removed=1), 1)
    assert [one.entry.name for one in await store.directory.all()] == ["秘書課"]
    only_wrong = await import_file(store.directory, "課,内線\n税,x\n".encode(), (), by="u", now=LATER, skip_wrong=True)
    assert only_wrong.replaced is None, "a directory is not emptied by a file that is all wrong"


@pytest.mark.parametrize("change", ["UPDATE directory_changes SET \"by\" = 'x'", "DELETE FROM directory_changes"])
async def test_the_database_itself_refuses_to_change_the_log(store, change):
    await add(store, TAX)
    with pytest.raises(DBAPIError, match="only grows"):
        async with store.database.write() as connection:
            await connection.execute(text(change))


def handed(kind: EventKind, at: datetime, extension: str, **data: str) -> Event:
    return Event(kind, at, "c1", "sato", "exchange", {"extension": extension, **data})


async def test_transfers_are_counted_for_the_department_that_the_extension_had_then(store):
    await add(store, TAX, COUNCIL)
    await store.directory.save(
        replace(TAX, section="市民税課", department="shiminzei"), by="ueda", now=LATER, expected_version=1
    )
    started, answered, failed = (
        EventKind.HAND_OVER_STARTED,
        EventKind.HAND_OVER_ANSWERED,
        EventKind.HAND_OVER_FAILED,
    )
    after = LATER + timedelta(minutes=1)
    told = {"entry": "s", "how": "operator", "by": "sato"}
    await store.events.append(
        handed(started, NOON, "2301"),
        handed(answered, NOON, "2301"),
        handed(started, after, "2301"),
        handed(failed, after, "2301", reason="busy"),
        handed(started, after, "9999"),
        Event(EventKind.NUMBER_TOLD, after, "c1", "sato", "exchange", told),
        handed(started, NOON + timedelta(days=1), "2301"),
    )
    begins = NOON - timedelta(hours=3)
    first, second = await store.transfers.days(begins, 2)
    assert first == {
        Target("zeisei", "財務部", "税制課"): Transfers(tried=1, answered=1),
        Target("shiminzei", "財務部", "市民税課"): Transfers(tried=1, failed={"busy": 1}),
        Target(): Transfers(tried=1),
        Target("", "", "社会福祉協議会"): Transfers(told=1),
    }
    assert second == {Target("shiminzei", "財務部", "市民税課"): Transfers(tried=1)}
