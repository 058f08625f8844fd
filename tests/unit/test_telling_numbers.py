"""番号案内 (T8): the caller hears a related body's number from the platform, the operator is free; in virtual time."""

import pytest

from kernel.call import Outcome, Stage
from kernel.commands import CommandKind
from kernel.events import Event, EventKind
from kernel.operator import OperatorState
from kernel.telling import Told
from tests.support.house import House, house
from tests.support.transferring import CALL, nothing_is_left, operator_leg, talking

pytestmark = pytest.mark.looptime
TOLD = Told("shakyo", "fukushi-somu", "しゃかいふくしきょうぎかい", "0466-50-3525")
NAME = "しゃかいふくしきょうぎかいの、電話番号は、"
DIGITS = ["ゼロ", "よん", "ろく", "ろく", "ご", "ゼロ", "さん", "ご", "に", "ご"]
ONCE = [NAME, *DIGITS, "です。"]
GOODBYE = "恐れ入りますが、そちらへおかけください。お電話ありがとうございました。"


async def telling(home: House) -> None:
    await talking(home)
    home.exchange.channels[CALL].heard.clear()
    await home.click(CommandKind.TELL_NUMBER, "sato", CALL, told=TOLD)
    await home.at(CALL, Stage.TELL)


def told(home: House) -> list[Event]:
    return [one.event for one in home.store.stored if one.event.kind is EventKind.NUMBER_TOLD]


async def test_the_caller_hears_name_and_digits_twice_and_a_goodbye_and_the_operator_is_in_wrap_up_at_once():
    async with house() as home:
        await telling(home)
        caller = home.exchange.channels[CALL]
        await home.until(lambda: bool(caller.heard), "it is told")
        assert not home.exchange.channels[operator_leg(home)].alive
        assert home.operator("sato") is OperatorState.WRAP_UP
        assert not home.exchange.live_recordings, "what the platform says is not recorded"
        call = await home.at(CALL, Stage.WRAP_UP)
        assert caller.heard == [*ONCE, *ONCE, GOODBYE]
        assert call.outcome is Outcome.ANSWERED
        (event,) = told(home)
        assert event.data == {"entry": "shakyo", "department": "fukushi-somu", "how": "system", "by": "sato"}
        nothing_is_left(home)


@pytest.mark.parametrize("heard", [0, 1])
async def test_the_next_controller_tells_it_from_the_beginning_and_notes_it_once(heard):
    async with house() as home:
        await telling(home)
        caller = home.exchange.channels[CALL]
        if heard:
            await home.until(lambda: bool(caller.heard), "it is told")
        await home.kill()
        caller.heard.clear()
        await home.controller()
        await home.at(CALL, Stage.WRAP_UP)
        assert caller.heard == [*ONCE, *ONCE, GOODBYE]
        assert len(told(home)) == 1
        assert home.operator("sato") is OperatorState.WRAP_UP


async def test_a_caller_who_hangs_up_while_it_is_told_leaves_nothing_behind():
    async with house() as home:
        await telling(home)
        await home.until(lambda: bool(home.exchange.channels[CALL].heard), "it is told")
        home.exchange.hang_up(CALL)
        await home.at(CALL, Stage.WRAP_UP)
        nothing_is_left(home)
        await home.click(CommandKind.FINISH_WRAP_UP, "sato", CALL)
        assert (await home.at(CALL, Stage.ENDED)).outcome is Outcome.ANSWERED


async def test_an_operator_who_is_free_again_takes_the_next_call_while_the_number_is_told():
    async with house() as home:
        await telling(home)
        await home.until(lambda: bool(home.exchange.channels[CALL].heard), "it is told")
        await home.click(CommandKind.FINISH_WRAP_UP, "sato", CALL)
        home.exchange.call("c-2", keys="1")
        await home.at("c-2", Stage.TALK)
        await home.at(CALL, Stage.ENDED)
        assert home.operator("sato") is OperatorState.TALKING


async def test_nobody_else_can_end_the_talk_so_and_a_wish_without_a_number_does_nothing():
    async with house() as home:
        await talking(home)
        await home.click(CommandKind.TELL_NUMBER, "suzuki", CALL, told=TOLD)
        await home.click(CommandKind.TELL_NUMBER, "sato", CALL)
        refused = EventKind.COMMAND_REFUSED
        await home.until(lambda: any(one.event.kind is refused for one in home.store.stored), "it is refused")
        assert home.store.calls[CALL].stage is Stage.TALK


async def test_a_document_without_the_words_for_it_ends_the_call_in_peace():
    async with house() as home:
        await talking(home)
        centre = home.store.centre
        texts = {id: text for id, text in centre.announcements.items() if not id.startswith("tell-")}
        home.store.centre = centre.model_copy(update={"announcements": texts})
        await home.click(CommandKind.TELL_NUMBER, "sato", CALL, told=TOLD)
        await home.at(CALL, Stage.WRAP_UP)
        assert not home.exchange.channels[CALL].apologised
