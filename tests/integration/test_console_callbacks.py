"""Callbacks owed and messages left, at the console: who sees, hears, cancels and deals with them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from kernel.call import Outcome
from kernel.commands import Command, CommandKind
from kernel.events import Event, EventKind
from kernel.recording import Recording, recording_name
from tests.support.console import NUMBER
from tests.support.console_client import Browser

SOUND = b"RIFF" + bytes(400)
NAME = recording_name("m1", 0)


async def only_exchange(desk) -> None:
    """Suzuki serves the exchange alone from now on."""
    centre = await desk.store.centres.current()
    changes = {"queues": ("exchange",)}
    seats = [seat.model_copy(update=changes) if seat.id == "suzuki" else seat for seat in centre.operators]
    changed = centre.model_copy(update={"operators": tuple(seats)})
    await desk.store.centres.save(changed, by="ueda", now=desk.clock(), expected_version=1)


async def owed(desk, id: str = "b1"):
    call = (await desk.waits(id)).calls_back(NUMBER, desk.clock())
    desk.calls[id] = call = call.is_rung_after(desk.clock())
    await desk.tell(call, Event(EventKind.CALLBACK_ASKED, desk.clock(), id, queue="enquiries"))
    return call


async def left(desk, folder: Path) -> None:
    now = desk.clock()
    waits = await desk.waits("m1")
    call = waits.takes_message(now - timedelta(seconds=31)).is_over(now, Outcome.LEFT_MESSAGE).is_closed(now)
    spoken = Recording(NAME, "m1", now - timedelta(seconds=31), stopped=now)
    told = Event(EventKind.MESSAGE_LEFT, now, "m1", queue="enquiries", data={"recording": NAME})
    await desk.tell(call, spoken, told)
    (folder / f"{NAME}.wav").write_bytes(SOUND)


async def cancelled(commands) -> Command:
    """The next command that is no log-in: an operator's comes with the browser's."""
    while (sent := await anext(commands)).kind is CommandKind.LOG_IN:
        continue
    return sent


async def test_a_callback_is_pushed_with_its_number_tries_and_next_try(desk):
    async with Browser(desk.url) as browser:
        await browser.log_in("sato")
        async with browser.stream("/live/callbacks") as events:
            await events.fragment("お待ちのお客様はいません")
            call = await owed(desk)
            await events.fragment(NUMBER.digits, "0/3回", "順番が来しだい")
            tried = call.rings_citizen().is_rung_after(desk.clock() + timedelta(minutes=15))
            data = {"attempt": 1, "reason": "busy"}
            event = Event(EventKind.CALLBACK_NOT_REACHED, desk.clock(), "b1", "sato", "enquiries", data)
            await desk.tell(tried, event)
            await events.fragment("1/3回", "話し中", "以降")
        assert 'data-measure="callbacks">1<' in await browser.page("/wall")


async def test_an_operator_who_serves_the_queue_and_a_supervisor_cancel_and_nobody_else(desk):
    await only_exchange(desk)
    await owed(desk)
    async with Browser(desk.url) as browser, desk.commands() as commands:
        for user in ("sato", "mori"):
            await browser.log_in(user)
            assert NUMBER.digits in await browser.page("/callbacks")
            assert (await browser.post("/callbacks/b1/cancel")).status == 200
            sent = await cancelled(commands)
            assert (sent.kind, sent.by, sent.call) == (CommandKind.CANCEL_CALLBACK, user, "b1")
        for user in ("suzuki", "kimura", "ueda"):
            await browser.log_in(user)
            assert (await browser.post("/callbacks/b1/cancel")).status == 403
        await browser.log_in("suzuki")
        assert NUMBER.digits not in await browser.page("/callbacks")
        await browser.log_in("mori")
        assert (await browser.post("/callbacks/nowhere/cancel")).status == 409
        browser.csrf = "another"
        assert (await browser.post("/callbacks/b1/cancel")).status == 403


async def test_a_message_is_heard_by_who_serves_its_queue_and_the_log_says_who(desk, tmp_path):
    await only_exchange(desk)
    await left(desk, tmp_path)
    async with Browser(desk.url) as browser:
        for user in ("sato", "mori"):
            await browser.log_in(user)
            assert "/messages/m1/sound" in await browser.page("/messages")
            answer = await browser.get("/messages/m1/sound")
            assert (answer.status, await answer.read()) == (200, SOUND)
            assert answer.headers["Cache-Control"] == "no-store"
            assert answer.content_type == "audio/wav"
        for user in ("suzuki", "kimura", "ueda"):
            await browser.log_in(user)
            assert (await browser.get("/messages/m1/sound")).status == 403
            assert (await browser.get("/messages/m1")).status == 403
    async with Browser(desk.url) as stranger:
        answer = await stranger.get("/messages/m1/sound")
        assert (answer.status, answer.headers["Location"]) == (303, "/login")
    stored = [one.event for one in await desk.store.events.of_call("m1")]
    assert [one.data["by"] for one in stored if one.kind is EventKind.MESSAGE_HEARD] == ["sato", "mori"]


@pytest.mark.parametrize("name", ["c9", "%2e%2e%2fsecret", NAME, f"{NAME}.wav"])
async def test_no_address_names_a_file(desk, tmp_path, name):
    await left(desk, tmp_path)
    (tmp_path / "secret.wav").write_bytes(b"x")
    async with Browser(desk.url) as browser:
        await browser.log_in("mori")
        assert (await browser.get(f"/messages/{name}/sound")).status == 404


async def test_a_recording_that_is_gone_is_said_and_the_caller_stays_listed(desk, tmp_path):
    await left(desk, tmp_path)
    (tmp_path / f"{NAME}.wav").unlink()
    async with Browser(desk.url) as browser:
        await browser.log_in("mori")
        assert (await browser.get("/messages/m1/sound")).status == 404
        gone = await desk.store.recordings.find(NAME)
        assert gone is not None
        await desk.store.recordings.mark_deleted(gone, desk.clock())
        page = await browser.page("/messages")
        assert "録音がありません" in page
        assert NUMBER.digits in page


async def test_a_message_that_is_written_up_opens_a_case_and_leaves_the_list(desk, tmp_path):
    await only_exchange(desk)
    await left(desk, tmp_path)
    fields = {"subject": "ごみの収集", "outcome": "折り返し依頼"}
    async with Browser(desk.url) as browser:
        await browser.log_in("suzuki")
        assert (await browser.post("/calls/m1/history", fields)).status == 403
        await browser.log_in("sato")
        assert 'name="subject"' in await browser.page("/messages/m1")
        saved = await browser.post("/calls/m1/history", fields)
        assert saved.status == 200, await saved.text()
        assert "未対応の伝言はありません" in await browser.page("/messages")
    history = await desk.store.cases.history_of_call("m1")
    assert history is not None
    assert history.author == "sato"
    due = await desk.store.recordings.due(desk.clock() - timedelta(hours=24))
    assert [one.name for one in due] == [NAME]
