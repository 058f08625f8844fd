"""Several phones ring for one call on a real Asterisk: one answers, the others stop, also across kill -9."""

from __future__ import annotations

import asyncio

from denwa.parts import utc_now
from denwa.world.leg import OutsideLeg
from kernel.call import Call
from kernel.operator import OperatorState
from kernel.routing import Strategy
from tests.support.platform import Platform
from tests.support.talk import EXTENSIONS, answered, in_the_menu


async def all_ring(platform: Platform) -> tuple[Call, OutsideLeg, dict[str, OutsideLeg]]:
    """A call for which the phones of all operators ring: it, the citizen, and the phones by operator."""
    version = await platform.store.centres.current_version()
    assert version
    queues = tuple(queue.model_copy(update={"strategy": Strategy.RING_ALL}) for queue in version.centre.queues)
    centre = version.centre.model_copy(update={"queues": queues})
    await platform.store.centres.save(centre, by="test", now=utc_now(), expected_version=version.version)
    await platform.ready_operators(*EXTENSIONS)
    await platform.start()
    call, citizen = await in_the_menu(platform)
    await citizen.presses("1")
    phones = {operator: await platform.world.rung("phone", extension) for operator, extension in EXTENSIONS.items()}
    return await platform.ringing(call.id), citizen, phones


async def one_has_the_call(platform: Platform, call: Call, citizen: OutsideLeg, phones: dict[str, OutsideLeg]) -> None:
    """``suzuki`` answers: both hear each other, no other phone rings, and the others are as ready as before."""
    talk = await answered(platform, call, citizen, phones["suzuki"])
    assert (talk.call.operator, talk.call.offers) == ("suzuki", 1)
    others = [operator for operator in phones if operator != "suzuki"]
    await asyncio.gather(*(phones[operator].is_over() for operator in others))

    async def free() -> bool:
        return all([(await platform.operator(one)).state is OperatorState.READY for one in others])

    await platform.until(free, "the others are ready again")
    assert (await platform.operator("suzuki")).state is OperatorState.TALKING
    assert "offer_not_answered" not in await platform.kinds(call.id)


async def test_all_phones_ring_and_when_one_answers_the_others_stop(platform: Platform):
    call, citizen, phones = await all_ring(platform)
    await one_has_the_call(platform, call, citizen, phones)
    assert (await platform.kinds(call.id)).count("call_offered") == 3


async def test_while_all_phones_ring_a_killed_controller_stops_none_and_the_next_one_knows_them_all(platform: Platform):
    call, citizen, phones = await all_ring(platform)
    platform.kill()
    await platform.start()

    async def adopted() -> bool:
        return "call_adopted" in await platform.kinds(call.id)

    await platform.until(adopted, "the call is adopted")
    await one_has_the_call(platform, call, citizen, phones)
