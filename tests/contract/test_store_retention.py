"""Recordings go once their history is saved, whatever dies in between (T12; hard cases 24 to 27)."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

import crm.retention
from crm.recordings import Recordings
from crm.retention import Retention
from crm.store import open_store
from kernel.bus.memory import MemoryBus
from kernel.call import Call
from kernel.events import Event, EventKind
from kernel.recording import Recording, recording_name
from tests.support.recordings import DRAFT, NAME, NOON, OLD, STOPPED, TALK, kinds, record, saved, written


@pytest.fixture
def bus():
    return MemoryBus()


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "recordings"
    made.mkdir(mode=0o700)
    (made / ".gitignore").write_text("*")
    return made


@pytest.fixture
def retention(store, bus, folder):
    return Retention(
        store.recordings,
        (store.utterances, store.talk_drafts),
        store.events,
        bus,
        folder,
        clock=lambda: NOON,
        max_age=timedelta(hours=24),
    )


async def test_a_saved_history_deletes_its_recording_at_once_and_no_other(store, bus, folder, retention):
    files = [record(folder), record(folder, ending=".ulaw")]
    other = record(folder, recording_name("c2", 1))
    await written(store, STOPPED, Recording(recording_name("c2", 1), "c2", NOON, stopped=NOON))
    async with bus.events() as heard:
        running = asyncio.create_task(retention.run())
        await store.cases.save_history(DRAFT, NOON)
        async with asyncio.timeout(20):  # far less than a minute, so that no sweep helps
            told = [one async for one in _until(heard, EventKind.RECORDING_DELETED)]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert (told[-1].event.call, told[-1].event.data) == ("c1", {"recording": NAME})
    assert not any(file.exists() for file in files)
    assert other.exists()
    assert await store.recordings.find(NAME) == replace(STOPPED, deleted=NOON)


async def _until(heard, kind):
    async for stored in heard:
        yield stored
        if stored.event.kind is kind:
            return


async def test_a_recording_goes_on_after_its_history_is_saved_and_is_deleted_when_it_stops(
    store, bus, folder, retention
):
    file = record(folder)
    await written(store, TALK)
    async with bus.events() as heard:
        running = asyncio.create_task(retention.run())
        await store.cases.save_history(DRAFT, NOON)
        assert (await retention.sweep()).deleted == ()
        assert file.exists()
        store.journal.write(STOPPED, Event(EventKind.RECORDING_STOPPED, NOON, call="c1"))
        async with asyncio.timeout(20):
            assert [one async for one in _until(heard, EventKind.RECORDING_DELETED)]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert not file.exists()


async def test_a_recording_without_a_history_stays_until_it_is_too_old(store, folder, retention):
    young, old = record(folder), record(folder, recording_name("c2", 1))
    await written(store, STOPPED, Recording(recording_name("c2", 1), "c2", OLD))
    assert (await retention.sweep()).deleted == (recording_name("c2", 1),)
    assert young.exists()
    assert not old.exists()


async def test_a_recording_whose_stop_was_lost_goes_when_its_call_has_ended(store, folder, retention):
    file = record(folder)
    await written(store, TALK, Call("c1", NOON, "0466251111").is_closed(NOON))
    await store.cases.save_history(DRAFT, NOON)
    assert (await retention.sweep()).deleted == (NAME,)
    assert not file.exists()


async def test_old_files_that_no_row_knows_are_swept_and_leave_a_row_and_young_ones_stay(store, folder, retention):
    stray, young = record(folder, at=OLD), record(folder, recording_name("c2", 1))
    assert (await retention.sweep()).deleted == (NAME,)
    assert not stray.exists()
    assert young.exists()
    assert (folder / ".gitignore").exists()
    assert await store.recordings.find(NAME) == Recording(NAME, "", OLD, stopped=OLD, deleted=NOON)


async def test_a_recording_that_comes_back_is_deleted_again(store, folder, retention):
    record(folder)
    await saved(store)
    await retention.sweep()
    again = record(folder)
    assert (await retention.sweep()).deleted == (NAME,)
    assert not again.exists()
    assert (await retention.sweep()).deleted == ()


class Died(Exception):
    """The process was killed here."""


def dies(*_):
    raise Died


async def delete_one_and_die(files):
    files[0].path.unlink()
    raise Died


@pytest.mark.parametrize("step", ["before the file", "between two files", "before the row", "after the row"])
async def test_a_crash_at_any_step_is_mended_by_the_next_sweep(step, url, keyring, folder, monkeypatch):
    clock = {"clock": lambda: NOON, "max_age": timedelta(hours=24)}
    files = [record(folder), record(folder, ending=".ulaw")]
    async with open_store(url, keyring) as store:
        await saved(store)
        with monkeypatch.context() as killed:
            match step:
                case "before the file":
                    killed.setattr(crm.retention, "delete", dies)
                case "between two files":
                    killed.setattr(crm.retention, "delete", delete_one_and_die)
                case "before the row":
                    killed.setattr(Recordings, "mark_deleted", dies)
                case "after the row":
                    mark = Recordings.mark_deleted

                    async def mark_and_die(*arguments):
                        await mark(*arguments)
                        raise Died

                    killed.setattr(Recordings, "mark_deleted", mark_and_die)
            with pytest.raises(Died):
                await Retention(
                    store.recordings, (store.utterances, store.talk_drafts), store.events, MemoryBus(), folder, **clock
                ).sweep()
    async with open_store(url, keyring) as store:
        await Retention(
            store.recordings, (store.utterances, store.talk_drafts), store.events, MemoryBus(), folder, **clock
        ).sweep()
        assert not any(file.exists() for file in files)
        assert await store.recordings.find(NAME) == replace(STOPPED, deleted=NOON)
        assert await kinds(store) == [EventKind.HISTORY_SAVED, EventKind.RECORDING_DELETED]
        assert (await store.cases.history_of_call("c1")).text == DRAFT.text


async def test_a_recording_that_cannot_be_deleted_is_told_once_shown_counted_and_tried_again(store, folder, retention):
    stuck = folder / f"{NAME}.wav"
    stuck.mkdir()
    await saved(store)
    assert (await retention.sweep()).failed == (NAME,)
    assert (await retention.sweep()).failed == (NAME,)
    (shown,) = await store.recordings.not_deleted()
    assert (shown.recording.call, shown.tries, shown.last_try) == ("c1", 2, NOON)
    assert shown.recording.failure == "IsADirectoryError: Is a directory"
    assert retention.failing == {NAME}
    assert await kinds(store) == [EventKind.HISTORY_SAVED, EventKind.RECORDING_NOT_DELETED]
    stuck.rmdir()
    record(folder)
    assert (await retention.sweep()).deleted == (NAME,)
    assert await store.recordings.not_deleted() == []
    assert retention.failing == frozenset()


async def test_one_that_cannot_be_deleted_does_not_keep_the_others(store, folder, retention):
    (folder / f"{recording_name('c0', 1)}.wav").mkdir()
    file = record(folder)
    await written(store, Recording(recording_name("c0", 1), "c0", OLD))
    await saved(store)
    swept = await retention.sweep()
    assert (swept.deleted, swept.failed) == ((NAME,), (recording_name("c0", 1),))
    assert not file.exists()


@pytest.mark.parametrize("name", ["../outside", "../../etc/passwd", "/etc/hostname"])
async def test_no_name_leads_out_of_the_folder(name, store, folder, retention):
    outside = record(folder.parent, "outside", OLD)
    await written(store, Recording(name, "c9", OLD))
    assert (await retention.sweep()).failed == (name,)
    assert outside.exists()


async def test_a_link_is_removed_and_what_it_points_to_stays(store, folder, retention):
    precious = record(folder.parent, "precious")
    (folder / f"{NAME}.wav").symlink_to(precious)
    await saved(store)
    assert (await retention.sweep()).deleted == (NAME,)
    assert precious.exists()
    assert not (folder / f"{NAME}.wav").is_symlink()


async def test_a_folder_that_is_missing_stops_no_later_sweep(store, bus, tmp_path, monkeypatch):
    folder, swept = tmp_path / "later", asyncio.Event()
    clock = {"clock": lambda: NOON, "max_age": timedelta(hours=24)}
    retention = Retention(store.recordings, (store.utterances, store.talk_drafts), store.events, bus, folder, **clock)
    await saved(store)
    monkeypatch.setattr(crm.retention, "SWEEP_SECONDS", 0.01)
    sweep = retention.sweep

    async def sweep_and_tell():
        try:
            return await sweep()
        finally:
            swept.set()

    retention.sweep = sweep_and_tell
    running = asyncio.create_task(retention.run())
    await swept.wait()
    async with bus.events() as heard:
        folder.mkdir()
        record(folder)
        async with asyncio.timeout(20):
            assert [one async for one in _until(heard, EventKind.RECORDING_DELETED)]
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
