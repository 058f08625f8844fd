"""保留, 延長, limits and phones at the desk and on the wall."""

from datetime import timedelta

from kernel.commands import CommandKind
from kernel.events import Event, EventKind
from kernel.operator import OperatorState, OperatorStatus


async def test_the_caller_is_put_on_hold_and_taken_back_by_a_button_and_the_other_one_says_that_it_is_done(desk, sato):
    await desk.waits("c1")
    await desk.talks("c1", "sato")
    assert "保留" in await sato.page("/")
    hold = await desk.clicked(sato, "/desk/hold", call="c1")
    assert (hold.kind, hold.call) == (CommandKind.HOLD, "c1")
    assert (await sato.post("/desk/resume", {"call": "c1"})).status == 409
    async with sato.stream("/live/desk") as events:
        await desk.operator("sato", OperatorState.ON_HOLD, "c1", until=desk.clock() + timedelta(seconds=180))
        await events.fragment("お客様が保留で待っています", "remaining-time", "保留を解除", "内線転送", "切断")
    assert (await desk.clicked(sato, "/desk/resume", call="c1")).kind is CommandKind.RESUME
    assert (await sato.post("/desk/hold", {"call": "c1"})).status == 409
    assert (await desk.clicked(sato, "/desk/hang-up", call="c1")).kind is CommandKind.HANG_UP


async def test_a_wrap_up_with_a_limit_shows_what_is_left_and_how_often_it_can_be_extended(desk, sato):
    await desk.waits("c1")
    await desk.talks("c1", "sato")
    await desk.wraps_up("c1", "sato")
    assert "延長" not in await sato.page("/")
    until = desk.clock() + timedelta(seconds=60)
    await desk.operator("sato", OperatorState.WRAP_UP, "c1", until=until, extended=1)
    page = await sato.page("/")
    assert "延長(あと2回)" in page
    assert "後処理の残り" in page
    assert (await desk.clicked(sato, "/desk/extend-wrap-up", call="c1")).kind is CommandKind.EXTEND_WRAP_UP
    await desk.operator("sato", OperatorState.WRAP_UP, "c1", until=until, extended=3)
    assert "延長" not in await sato.page("/")


async def test_why_no_call_comes_is_said_at_once_where_the_phone_is_gone_also_on_the_wall(desk, sato, mori):
    async with sato.stream("/live/desk") as events, mori.stream("/live/wall") as wall:
        await desk.operator("sato", OperatorState.PHONE_GONE)
        await events.fragment("内線7001", "未登録のため、着信がありません")
        pushed = await wall.fragment('data-count="phone_gone">1<')
        assert '<li id="operator-sato" class="alarm">' in pushed


async def test_why_no_call_comes_is_said_where_a_call_was_not_answered(desk, sato):
    await desk.operator("sato", OperatorState.NOT_ANSWERING)
    assert "呼び出しに応答がなかったため、着信を止めています" in await sato.page("/")


async def test_a_break_that_ran_over_is_an_alarm_at_the_desk_and_on_the_wall(desk, sato, mori):
    until = desk.clock() + timedelta(seconds=900)
    await desk.operator("sato", OperatorState.PAUSED, reason="休憩", until=until)
    assert "制限時間まで" in await sato.page("/")
    assert "制限超過" not in await mori.page("/wall")
    async with sato.stream("/live/desk") as events, mori.stream("/live/wall") as wall:
        overrun = OperatorStatus("sato", OperatorState.PAUSED, desk.clock(), "休憩", until=until, overrun=True)
        await desk.tell(overrun, Event(EventKind.PAUSE_OVERRUN, until, operator="sato", data={"reason": "休憩"}))
        await events.fragment("休憩の制限時間を過ぎています")
        assert '<li id="operator-sato" class="alarm">' in await wall.fragment("制限超過")
