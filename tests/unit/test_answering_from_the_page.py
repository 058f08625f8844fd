"""An operator answers the ringing desk phone from the page, in virtual time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from dialplan.names import answering_leg, operator_leg, talk_bridge
from dialplan.recovery import plan
from kernel.call import Call, Offer, Stage
from kernel.commands import CommandKind
from kernel.operator import OperatorState
from kernel.routing import Strategy
from tests.support.house import House, house

PLAIN, ANEW = operator_leg("c-1", "sato", 1), answering_leg("c-1", "sato", 1)
pytestmark = pytest.mark.looptime


@asynccontextmanager
async def ringing(*others: str, phone: str = "auto_answer", obeys: bool = True) -> AsyncIterator[House]:
    """The phone of sato, which is answered by hand after 10 s, rings for a caller, and so do those of ``others``."""
    async with house() as home:
        centre, rung = home.store.centre, {"sato", *others}
        strategy = {"strategy": Strategy.RING_ALL} if others else {}
        home.store.centre = centre.model_copy(
            update={
                "queues": tuple(queue.model_copy(update=strategy) for queue in centre.queues),
                "operators": tuple(
                    seat.model_copy(update={"phone": phone}) if seat.id in rung else seat for seat in centre.operators
                ),
            }
        )
        home.ready(*rung)
        home.phone("7001", answers_after=10, obeys=obeys)
        home.phone("7002", answers_after=15)
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.until(lambda: len(home.exchange.rung) == len(rung), "ringing")
        yield home


def refused(home: House) -> list[str]:
    events = (stored.event for stored in home.store.stored)
    return [str(event.data["reason"]) for event in events if event.kind.value == "command_refused"]


def call_with(call: Call, offer: Offer) -> Call:
    return replace(call, offer=offer)


async def talks_by(home: House, leg: str) -> Call:
    call = await home.at("c-1", Stage.TALK)
    assert call.operator_leg == leg
    assert home.exchange.members[talk_bridge("c-1")] == {"c-1", leg}
    return call


async def test_the_phone_stops_ringing_and_answers_by_itself_at_once():
    async with ringing() as home:
        before = home.now()
        await home.click(CommandKind.ANSWER, "sato", "c-1")
        call = await talks_by(home, ANEW)
        assert (call.operator, call.offers) == ("sato", 1)
        assert home.now() - before < timedelta(seconds=1)
        assert not home.exchange.channels[PLAIN].alive
        assert home.operator("sato") is OperatorState.TALKING
        assert "offer_not_answered" not in home.store.kinds("c-1")


async def test_a_phone_that_does_not_obey_rings_on_and_is_answered_by_hand():
    async with ringing(obeys=False) as home:
        await home.click(CommandKind.ANSWER, "sato", "c-1")
        await talks_by(home, ANEW)
        assert home.operator("sato") is OperatorState.TALKING


async def test_a_phone_that_nobody_answers_after_the_click_either_gives_the_call_back_to_its_place():
    async with ringing(obeys=False) as home:
        home.phone("7001", obeys=False)
        since = home.store.calls["c-1"].waiting_since
        await home.click(CommandKind.ANSWER, "sato", "c-1")
        await home.until(lambda: home.operator("sato") is OperatorState.NOT_ANSWERING, "not answering")
        call = home.store.calls["c-1"]
        assert (call.stage, call.waiting_since, call.offer) == (Stage.WAIT, since, None)


async def test_a_phone_that_is_lost_in_that_moment_gives_the_call_back_to_its_place():
    async with ringing() as home:
        home.exchange.gone_phones.add("7001")
        await home.click(CommandKind.ANSWER, "sato", "c-1")
        await home.until(lambda: home.operator("sato") is OperatorState.NOT_ANSWERING, "not answering")
        assert home.store.calls["c-1"].stage is Stage.WAIT


async def test_a_phone_that_answers_by_hand_alone_is_not_touched_and_the_operator_is_told_why():
    async with ringing(phone="desk") as home:
        await home.click(CommandKind.ANSWER, "sato", "c-1")
        await talks_by(home, PLAIN)
        assert refused(home) == ["answers_by_hand"]
        assert len(home.exchange.rung) == 1


async def test_a_second_click_and_one_after_the_answer_ring_nothing_more():
    async with ringing(obeys=False) as home:
        await home.click(CommandKind.ANSWER, "sato", "c-1")
        await home.click(CommandKind.ANSWER, "sato", "c-1")
        await home.until(lambda: len(home.exchange.rung) == 2, "rung anew")
        await home.click(CommandKind.ANSWER, "sato", "c-1")
        await talks_by(home, ANEW)
        await home.click(CommandKind.ANSWER, "sato", "c-1")
        await home.until(lambda: len(refused(home)) == 3, "refused")
        assert refused(home) == ["already_done", "already_done", "call_is_over"]
        assert len(home.exchange.rung) == 2


async def test_nobody_answers_for_somebody_else():
    async with ringing() as home:
        await home.click(CommandKind.ANSWER, "sato", "c-1", by="suzuki")
        await talks_by(home, PLAIN)
        assert refused(home) == ["not_your_call"]


async def test_of_several_who_are_rung_the_one_who_clicks_has_the_call_and_the_others_are_as_ready_as_before():
    async with ringing("suzuki") as home:
        await home.click(CommandKind.ANSWER, "suzuki", "c-1")
        await talks_by(home, answering_leg("c-1", "suzuki", 1))
        assert (home.operator("sato"), home.operator("suzuki")) == (OperatorState.READY, OperatorState.TALKING)
        assert not home.exchange.channels[PLAIN].alive


async def test_of_several_who_are_rung_another_may_answer_where_the_one_who_clicked_does_not():
    async with ringing("suzuki") as home:
        home.phone("7002", obeys=False)
        await home.click(CommandKind.ANSWER, "suzuki", "c-1")
        await talks_by(home, PLAIN)
        assert home.operator("suzuki") is OperatorState.READY
        assert not home.exchange.channels[answering_leg("c-1", "suzuki", 1)].alive


async def test_a_caller_who_hangs_up_after_the_click_leaves_no_phone_ringing():
    async with ringing(obeys=False) as home:
        await home.click(CommandKind.ANSWER, "sato", "c-1")
        await home.until(lambda: len(home.exchange.rung) == 2, "rung anew")
        home.exchange.hang_up("c-1")
        await home.at("c-1", Stage.ENDED)
        assert home.operator("sato") is OperatorState.READY
        assert not any(home.exchange.channels[leg].alive for leg in (PLAIN, ANEW))


@pytest.mark.parametrize("obeys", [True, False])
async def test_a_controller_that_dies_after_the_click_is_followed_by_one_that_rings_nobody_twice(obeys: bool):
    async with ringing(obeys=obeys) as home:
        await home.click(CommandKind.ANSWER, "sato", "c-1")
        await home.until(lambda: len(home.exchange.rung) == 2, "rung anew")
        await home.kill()
        await home.controller()
        await talks_by(home, ANEW)
        assert len(home.exchange.rung) == 2


async def test_a_controller_that_dies_before_it_has_touched_the_phone_is_followed_by_one_that_does():
    async with ringing() as home:
        await home.kill()
        call = home.store.calls["c-1"]
        assert call.offer is not None
        home.store.write(call_with(call, Offer("sato", ANEW, call.offer.since)))
        await home.controller()
        await talks_by(home, ANEW)
        assert not home.exchange.channels[PLAIN].alive


async def test_what_was_answered_by_hand_while_no_controller_was_there_counts():
    async with ringing() as home:
        await home.kill()
        call = home.store.calls["c-1"]
        assert call.offer is not None
        home.store.write(call_with(call, Offer("sato", ANEW, call.offer.since)))
        home.exchange.channels[PLAIN].answered.set()
        await home.controller()
        await talks_by(home, PLAIN)
        assert len(home.exchange.rung) == 1


async def test_a_phone_that_was_rung_anew_before_that_was_stored_is_the_offer():
    async with ringing() as home:
        await home.kill()
        call = home.store.calls["c-1"]
        (found,) = plan([call], ["c-1", ANEW], [], home.now()).resume
        assert found.offer is not None
        assert (found.offer.leg, found.offer.operator) == (ANEW, "sato")
        both = plan([call], ["c-1", PLAIN, ANEW], [], home.now())
        assert both.orphan_legs == ()
