"""A call that a supervisor has taken over, at the console: who may do what with it, and its history."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from crm.users import Role
from kernel.commands import CommandKind
from kernel.events import Event, EventKind
from kernel.monitor import Monitor, MonitorMode
from tests.support.console import USERS, console
from tests.support.console_client import Browser

PATH = "/wall/taken/c1"
BUTTONS = {
    "hang-up": (CommandKind.HANG_UP, {}),
    "put-back": (CommandKind.PUT_BACK, {"queue": "exchange"}),
    "hand-over": (CommandKind.HAND_OVER, {"extension": "2301"}),
}


@pytest.fixture
async def desk(tmp_path: Path):
    async with console(tmp_path, (*USERS, ("goto", "後藤", Role.SUPERVISOR))) as running:
        await running.waits("c1")
        await running.talks("c1", "sato")
        watched = running.calls["c1"].monitored(Monitor("mori", "c1~monitor~mori~x", MonitorMode.TAKE_OVER))
        running.calls["c1"] = taken = watched.taken_over()
        event = Event(EventKind.CALL_TAKEN_OVER, running.clock(), "c1", "sato", "enquiries", {"by": "mori"})
        await running.tell(taken, event)
        yield running


async def test_who_took_the_call_over_is_shown_the_buttons_and_nobody_else_is(desk, mori):
    assert f"{PATH}/hang-up" in await mori.page("/wall")
    async with Browser(desk.url) as browser:
        for other in ("goto", "ueda", "sato"):
            await browser.log_in(other)
            assert PATH not in await browser.page("/wall")


@pytest.mark.parametrize("button", BUTTONS)
async def test_each_button_sends_its_command_in_the_supervisors_name(desk, mori, button):
    kind, fields = BUTTONS[button]
    async with desk.commands() as commands:
        answer = await mori.post(f"{PATH}/{button}", fields)
        assert answer.status == 200, await answer.text()
        sent = await anext(commands)
    assert (sent.kind, sent.by, sent.operator, sent.call) == (kind, "mori", "mori", "c1")
    assert (sent.queue, sent.extension) == (fields.get("queue"), fields.get("extension"))


@pytest.mark.parametrize("button", BUTTONS)
async def test_nobody_else_may_press_them(desk, mori, button):
    fields = BUTTONS[button][1]
    statuses = {}
    async with Browser(desk.url) as browser:
        for other in ("sato", "kimura", "ueda", "goto"):
            await browser.log_in(other)
            statuses[other] = (await browser.post(f"{PATH}/{button}", fields)).status
    assert statuses == {"sato": 403, "kimura": 403, "ueda": 403, "goto": 409}
    mori.csrf = "another"
    assert (await mori.post(f"{PATH}/{button}", fields)).status == 403


@pytest.mark.parametrize(
    ("button", "fields", "said"),
    [
        ("hand-over", {"extension": "0312345678"}, "内線番号"),
        ("hand-over", {}, "内線番号"),
        ("put-back", {"queue": "nowhere"}, "窓口はありません"),
    ],
)
async def test_what_leads_nowhere_is_told_at_once(mori, button, fields, said):
    answer = await mori.post(f"{PATH}/{button}", fields)
    assert (answer.status, said in await answer.text()) == (409, True)


async def test_a_call_that_is_over_can_not_be_ended_but_written_up(desk, mori):
    over = replace(desk.calls["c1"], monitor=None).wraps_up(desk.clock(), None).is_closed(desk.clock())
    async with mori.stream("/live/wall") as events:
        await events.fragment(f"{PATH}/hang-up")
        await desk.tell(over, Event(EventKind.CALL_ENDED, desk.clock(), "c1", "mori", "enquiries"))
        shown = await events.fragment("応対履歴を書く", "elapsed-time")
        assert "hang-up" not in shown.split('id="taken"')[-1]
    assert (await mori.post(f"{PATH}/hang-up")).status == 409
    assert 'name="subject"' in await mori.page(PATH)
    saved = await mori.post("/calls/c1/history", {"subject": "ごみの収集", "outcome": "回答済み"})
    assert saved.status == 200, await saved.text()
    history = await desk.store.cases.history_of_call("c1")
    assert history is not None
    assert history.author == "mori"
    assert PATH not in await mori.page("/wall"), "nothing is owed any more"


async def test_a_supervisor_writes_the_history_of_no_call_that_another_talked_in(desk, mori):
    await desk.waits("c2")
    await desk.talks("c2", "suzuki")
    assert (await mori.post("/calls/c2/history", {"subject": "x", "outcome": "回答済み"})).status == 403
    assert (await mori.get("/wall/taken/c2")).status == 403
    assert (await mori.get("/wall/taken/c9")).status == 404
    async with Browser(desk.url) as browser:
        await browser.log_in("goto")
        assert (await browser.get(PATH)).status == 403
