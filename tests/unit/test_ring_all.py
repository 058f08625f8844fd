"""One call rings several operators at once: who gets it, what becomes of the others, also after a restart."""

from __future__ import annotations

import asyncio

import pytest

from kernel.call import Call, Outcome, Stage
from kernel.operator import OperatorState
from kernel.routing import Strategy
from tests.support.house import House, house

pytestmark = pytest.mark.looptime

PHONES = {"sato": "7001", "suzuki": "7002", "takahashi": "7003"}


def legs(offer: int = 1) -> list[str]:
    return [f"c-1~operator~{operator}~{offer}" for operator in PHONES]


async def ringing(home: House, **answers: float | None) -> None:
    """A call that rings at all three operators, who answer after so many seconds, or not."""
    queues = tuple(queue.model_copy(update={"strategy": Strategy.RING_ALL}) for queue in home.store.centre.queues)
    home.store.centre = home.store.centre.model_copy(update={"queues": queues})
    home.ready(*PHONES)
    for operator, extension in PHONES.items():
        home.phone(extension, answers_after=answers.get(operator))
    await home.controller()
    home.exchange.call("c-1", keys="1")
    await home.until(lambda: len(home.exchange.rung) == 3, "three phones ring")


def alive(home: House) -> list[str]:
    return [leg for leg in legs() if home.exchange.channels[leg].alive]


async def talks(home: House, operator: str) -> Call:
    """The talk with ``operator``; the others are ready and no phone rings."""
    call = await home.at("c-1", Stage.TALK)
    assert (call.operator, call.operator_leg) == (operator, f"c-1~operator~{operator}~1")
    assert alive(home) == [call.operator_leg]
    assert home.operator(operator) is OperatorState.TALKING
    others = [home.operator(other) for other in PHONES if other != operator]
    assert others == [OperatorState.READY, OperatorState.READY]
    assert home.exchange.members["c-1~talk"] == {"c-1", call.operator_leg}
    return call


async def test_whoever_answers_first_has_the_call_and_the_others_are_ready_again():
    async with house() as home:
        await ringing(home, sato=9, suzuki=3)
        call = await talks(home, "suzuki")
        offered = [e.event for e in home.store.stored if e.event.kind.value == "call_offered"]
        assert [(event.operator, event.data["why"]) for event in offered] == [(one, "ring_all") for one in PHONES]
        assert call.offers == 1
        assert "offer_not_answered" not in home.store.kinds("c-1")


async def test_two_who_answer_in_the_same_moment_do_not_both_get_the_caller():
    async with house() as home:
        await ringing(home, suzuki=4, takahashi=4)
        await talks(home, "suzuki")


async def test_one_who_declines_is_away_while_the_others_ring_on():
    async with house() as home:
        home.exchange.habits.clear()
        queues = tuple(queue.model_copy(update={"strategy": Strategy.RING_ALL}) for queue in home.store.centre.queues)
        home.store.centre = home.store.centre.model_copy(update={"queues": queues})
        home.ready(*PHONES)
        home.phone("7001", refuses="declined")
        home.phone("7002", answers_after=5)
        home.phone("7003")
        await home.controller()
        home.exchange.call("c-1", keys="1")
        await home.until(lambda: "offer_not_answered" in home.store.kinds("c-1"), "declined")
        offer = home.store.calls["c-1"].offer
        assert offer is not None
        assert offer.operator == "suzuki"
        assert home.operator("sato") is OperatorState.NOT_ANSWERING
        call = await home.at("c-1", Stage.TALK)
        assert (call.operator, home.operator("takahashi")) == ("suzuki", OperatorState.READY)


async def test_a_call_that_none_of_them_answers_waits_on_and_all_are_away():
    async with house() as home:
        await ringing(home)
        await home.until(lambda: home.store.kinds("c-1").count("offer_not_answered") == 3, "nobody answered")
        assert {home.operator(operator) for operator in PHONES} == {OperatorState.NOT_ANSWERING}
        call = home.store.calls["c-1"]
        assert (call.stage, call.offer, call.offers) == (Stage.WAIT, None, 1)


async def test_a_caller_who_hangs_up_stops_all_phones_and_frees_all_operators():
    async with house() as home:
        await ringing(home)
        home.exchange.hang_up("c-1")
        call = await home.at("c-1", Stage.ENDED)
        assert call.outcome is Outcome.ABANDONED
        assert alive(home) == []
        assert {home.operator(operator) for operator in PHONES} == {OperatorState.READY}


async def test_an_exchange_that_cannot_ring_one_of_them_leaves_no_phone_ringing():
    async with house() as home:
        ring = home.exchange.ring

        async def breaking(leg: str, endpoint: str, shows: str, seconds: int):
            if endpoint == "7003":
                home.exchange.rung.append((leg, endpoint, shows))
                raise RuntimeError("no such endpoint")
            return await ring(leg, endpoint, shows, seconds)

        home.exchange.ring = breaking  # type: ignore[method-assign]
        await ringing(home)
        call = await home.at("c-1", Stage.ENDED)
        assert call.outcome is Outcome.FAILED
        assert not any(home.exchange.channels[leg].alive for leg in legs()[:2])
        assert {home.operator(operator) for operator in PHONES} == {OperatorState.READY}


async def test_after_a_restart_all_phones_ring_on_and_any_answer_counts():
    async with house() as home:
        await ringing(home, takahashi=9)
        await home.kill()
        await home.controller()
        await talks(home, "takahashi")
        assert len(home.exchange.rung) == 3


async def test_an_answer_of_any_of_them_while_no_controller_is_there_is_not_lost():
    async with house() as home:
        await ringing(home, suzuki=4)
        await home.kill()
        await asyncio.sleep(6)
        await home.controller()
        await talks(home, "suzuki")
        assert len(home.exchange.rung) == 3


async def test_an_offer_to_several_that_was_not_saved_is_adopted_from_the_ringing_phones():
    async with house() as home:
        await ringing(home, suzuki=9)
        await home.kill()
        home.store.calls["c-1"] = next(call for call in reversed(home.store.versions) if call.offer is None)
        home.ready(*PHONES)
        await home.controller()
        await talks(home, "suzuki")
        assert len(home.exchange.rung) == 3


async def test_phones_that_still_ring_when_the_talk_was_saved_are_hung_up_by_the_next_controller():
    async with house() as home:
        await ringing(home, suzuki=3)
        call = await talks(home, "suzuki")
        await home.kill()
        stray = await home.exchange.ring(legs()[0], "7001", "", 15)
        await home.controller()
        await home.until(lambda: not home.exchange.channels[stray.id].alive, "the stray phone is silent")
        assert home.store.calls["c-1"].operator == call.operator
        assert home.operator("sato") is OperatorState.READY
