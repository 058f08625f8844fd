"""The supervisor's buttons at the wallboard: rights, commands, refusals, and queues that stay closed."""

from __future__ import annotations

import pytest

from agent_console.routes import ORDERS
from kernel.commands import CommandKind
from kernel.events import Event, EventKind
from kernel.monitor import Monitor, MonitorMode
from kernel.operator import OperatorState
from tests.support.console_client import Browser

GATES = ("/wall/queues/enquiries/close", "/wall/queues/enquiries/open")
PATHS = (*(path.format(operator="sato", call="c1") for path in ORDERS), *GATES)


@pytest.mark.parametrize("user", ["sato", "kimura", "ueda"])
async def test_nobody_but_a_supervisor_may_order_anything(desk, user):
    async with Browser(desk.url) as browser:
        await browser.log_in(user)
        answers = {path: (await browser.post(path, {"reason": "休憩", "queue": "exchange"})).status for path in PATHS}
    assert set(answers.values()) == {403}, answers
    assert (await desk.store.centres.current()).queues[0].closed is None


async def test_an_order_without_the_pages_token_is_refused(desk, mori):
    mori.csrf = "another"
    assert {(await mori.post(path)).status for path in PATHS} == {403}


async def test_only_a_supervisor_is_shown_the_buttons(desk, mori):
    await desk.waits("c1")
    await desk.talks("c1", "sato")
    assert "引き継ぎ" in await mori.page("/wall")
    async with Browser(desk.url) as browser:
        await browser.log_in("sato")
        assert "引き継ぎ" not in await browser.page("/wall")


async def test_each_button_sends_its_command_in_the_supervisors_name(desk, mori):
    await desk.waits("c1")
    await desk.talks("c1", "sato")
    async with desk.commands() as commands:
        for path, kind in ORDERS.items():
            fields = {"queue": "exchange"} if kind is CommandKind.MOVE_TO_QUEUE else {"reason": "休憩"}
            if kind is CommandKind.MOVE_TO_OPERATOR:
                fields = {"operator": "sato"}
            answer = await mori.post(path.format(operator="sato", call="c1"), fields)
            assert answer.status == 200, await answer.text()
            sent = await anext(commands)
            assert (sent.kind, sent.by, sent.operator) == (kind, "mori", "sato")
            assert sent.call == ("c1" if "{call}" in path else None)
            assert sent.reason == ("休憩" if kind is CommandKind.PAUSE else None)
            assert not sent.expired(desk.clock())


async def test_a_pause_for_a_reason_that_is_not_in_the_list_is_refused_at_once(desk, mori):
    answer = await mori.post("/wall/operators/sato/pause", {"reason": "昼寝"})
    assert (answer.status, "使えなくなりました" in await answer.text()) == (409, True)
    assert (await mori.post("/wall/operators/sato/pause")).status == 409


async def test_a_queue_is_closed_and_opened_by_the_supervisor_who_is_named(desk, mori):
    answer = await mori.post("/wall/queues/enquiries/close")
    assert answer.status == 200, await answer.text()
    closed = (await desk.store.centres.current()).queues[0].closed
    assert closed
    assert closed.by == "mori"
    page = await mori.page("/wall")
    gate = page.split('id="gate-enquiries"')[1].split("</tr>")[0]
    assert "受付休止中" in gate
    assert "森" in gate
    assert "受付休止中" in page.split('id="queue-enquiries"')[1].split("</section>")[0]
    again = await mori.post("/wall/queues/enquiries/close")
    assert again.status == 409
    assert (await mori.post("/wall/queues/enquiries/open")).status == 200
    assert (await desk.store.centres.current()).queues[0].closed is None
    news = [(stored.event.kind, stored.event.queue, stored.event.data.get("by")) for stored in await _log(desk)]
    assert (EventKind.QUEUE_CLOSED, "enquiries", "mori") in news
    assert (EventKind.QUEUE_OPENED, "enquiries", "mori") in news


async def test_a_queue_that_does_not_exist_is_not_closed(desk, mori):
    assert (await mori.post("/wall/queues/nowhere/close")).status == 409


async def test_waiting_calls_and_talks_are_pushed_with_who_is_at_them(desk, mori):
    async with mori.stream("/live/wall") as events:
        await desk.waits("c1")
        await events.fragment("/wall/calls/c1/queue", "待機中")
        await desk.operator("sato", OperatorState.READY)
        await events.fragment(">佐藤</option>")
        await desk.talks("c1", "sato")
        await events.fragment("/wall/talks/c1/listen")
        watched = desk.calls["c1"].monitored(Monitor("mori", "leg", MonitorMode.WHISPER))
        await desk.tell(watched, Event(EventKind.MONITOR_STARTED, desk.clock(), "c1", "sato", data={"by": "mori"}))
        await events.fragment("森(ささやき中)", "/wall/talks/c1/stop")


async def test_a_refusal_is_told_to_the_supervisor_who_pressed_and_to_nobody_else(desk, mori):
    refused = {"command": "x", "kind": "listen", "reason": "monitored_already"}
    async with mori.stream("/live/wall") as events:
        await desk.tell(Event(EventKind.COMMAND_REFUSED, desk.clock(), "c1", "mori", data=refused))
        await events.fragment("ほかのスーパーバイザー")
    async with Browser(desk.url) as browser:
        await browser.log_in("sato")
        assert "ほかのスーパーバイザー" not in await browser.page("/")


async def test_a_phone_of_the_supervisors_that_was_not_answered_is_told(desk, mori):
    data = {"by": "mori", "why": "no_answer"}
    await desk.tell(Event(EventKind.MONITOR_ENDED, desk.clock(), "c1", "sato", data=data))
    assert "応答がなかった" in await mori.page("/wall")


async def test_an_operator_is_told_who_ordered_the_present_state(desk, mori):
    async with Browser(desk.url) as browser:
        await browser.log_in("sato")
        await desk.operator("sato", OperatorState.PAUSED, reason="研修")
        data = {"state": "paused", "reason": "研修", "then": None, "by": "mori"}
        await desk.tell(Event(EventKind.OPERATOR_CHANGED, desk.clock(), None, "sato", data=data))
        page = await browser.page("/")
        assert "スーパーバイザーの操作: 森" in page
        assert "「離席」になります" in page
        await desk.operator("sato", OperatorState.READY)
        assert "スーパーバイザーの操作: 森" not in await browser.page("/")


async def _log(desk):
    return await desk.store.events.since(0)
