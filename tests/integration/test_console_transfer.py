"""The desk in an attended transfer: its buttons, how far it has come, and why it came to nothing."""

import pytest

from kernel.call import Stage
from kernel.commands import CommandKind
from kernel.events import Event, EventKind
from kernel.operator import OperatorState
from kernel.transfer import Step
from tests.support.console import Desk
from tests.support.console_client import Browser

pytestmark = pytest.mark.usefixtures("talk")

BUTTONS = {
    "/desk/swap": CommandKind.SWAP,
    "/desk/three": CommandKind.THREE,
    "/desk/complete": CommandKind.COMPLETE,
    "/desk/cancel-consult": CommandKind.CANCEL_CONSULT,
}


async def consults(desk: Desk, step: Step) -> None:
    call = desk.calls["c1"].consults("2301", "c1~city~2301~click", desk.clock()).transfers(step)
    await desk.tell(call, Event(EventKind.CONSULT_STARTED, desk.clock(), "c1", "sato", data={"extension": "2301"}))
    await desk.operator("sato", OperatorState.ON_HOLD, "c1")


async def test_the_buttons_of_a_transfer_become_commands(desk, sato):
    async with desk.commands() as commands:
        answer = await sato.post("/desk/consult", {"call": "c1", "extension": "2301"})
        assert answer.status == 200
        asked = await anext(commands)
        assert (asked.kind, asked.call, asked.extension) == (CommandKind.CONSULT, "c1", "2301")
        await consults(desk, Step.TALKING)
        for path, kind in BUTTONS.items():
            assert (await sato.post(path, {"call": "c1"})).status == 200
            assert (await anext(commands)).kind is kind


async def test_an_extension_that_can_not_be_one_is_refused_at_once(desk, sato):
    answer = await sato.post("/desk/consult", {"call": "c1", "extension": "12-34"})
    assert (answer.status, "その内線番号はありません" in await answer.text()) == (409, True)


@pytest.mark.parametrize(
    ("step", "shown", "buttons"),
    [
        (Step.RINGING, "内線2301: 呼出中", {"complete", "cancel-consult"}),
        (Step.TALKING, "転送先と通話中(お客様は保留)", {"swap", "three", "complete", "cancel-consult"}),
        (Step.SWAPPED, "お客様と通話中(転送先は保留)", {"swap", "three", "complete", "cancel-consult"}),
        (Step.THREE, "三者通話中", {"swap", "complete", "cancel-consult"}),
    ],
)
async def test_the_desk_shows_how_far_it_has_come_and_the_buttons_that_fit(desk, sato, step, shown, buttons):
    await consults(desk, step)
    page = await sato.page("/")
    assert shown in page
    assert {path for path in ("swap", "three", "complete", "cancel-consult") if f'"/desk/{path}"' in page} == buttons
    assert '"/desk/hang-up"' not in page, "it could mean either"


@pytest.mark.parametrize(
    ("why", "word"),
    [("busy", "話中"), ("no_answer", "応答なし"), ("declined", "拒否"), ("unreachable", "不通")],
)
async def test_a_transfer_that_came_to_nothing_is_told_at_once_in_a_word(desk, sato, why, word):
    async with sato.stream("/live/desk") as window:
        data = {"extension": "2301", "why": why}
        await desk.tell(Event(EventKind.CONSULT_ENDED, desk.clock(), "c1", "sato", data=data))
        await window.fragment(f"内線2301: {word}。お客様との通話に戻りました")
        data = {"extension": "2301", "reason": why, "to": "operator"}
        await desk.tell(Event(EventKind.HAND_OVER_FAILED, desk.clock(), "c1", "sato", data=data))
        await window.fragment(f"内線2301: {word}。お客様はあなたに戻ります")


async def test_who_is_rung_by_a_caller_who_came_back_sees_where_from_and_why(desk, sato):
    back = desk.calls["c1"].comes_back("2301", "busy", "sato", desk.clock()).offered_to("sato", "leg", desk.clock())
    assert back.stage is Stage.WAIT
    await desk.tell(back)
    await desk.operator("sato", OperatorState.RINGING, "c1")
    assert "内線2301: 転送から戻りました(話中)" in await sato.page("/")


async def test_the_way_of_a_call_tells_of_its_transfer(desk, sato):
    for kind, data in (
        (EventKind.CONSULT_STARTED, {"extension": "2301"}),
        (EventKind.CONSULT_ANSWERED, {}),
        (EventKind.CONSULT_SWAPPED, {"to": "caller", "why": "limit"}),
        (EventKind.CONSULT_JOINED, {}),
        (EventKind.CONSULT_ENDED, {"extension": "2301", "why": "hung_up"}),
    ):
        await desk.tell(Event(kind, desk.clock(), "c1", "sato", data=data))
    async with Browser(desk.url) as mori:
        await mori.log_in("mori")
        page = await mori.page("/calls/c1")
    for said in ("内線2301に相談を始めました", "転送先が応答", "お客様との通話に切り替え", "三者通話", "転送先が切断"):
        assert said in page
    assert ">consult_" not in page, "every kind has its words"
