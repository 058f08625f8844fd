"""Who is rung by a trunk and does not answer: why, in a word, on a real Asterisk and real SIP."""

from __future__ import annotations

import asyncio

import pytest

from dialplan.ari.exchange import AriSwitch
from dialplan.switch import NotAnswered
from kernel.call import Stage
from tests.support.asterisk import Instance
from tests.support.hikari_denwa import CALLER, CITIZEN, LEG, MAIN, switch_of
from tests.support.talk import talking
from tests.support.telephones import connected, ring_up

REFUSALS = {
    "9486": "busy",
    "9404": "no_such_number",
    "9484": "no_such_number",
    "9480": "no_answer",
    "9403": "declined",
    "9603": "declined",
    "9502": "unreachable",
    "9503": "unreachable",
}


async def test_each_refusal_of_the_city_pbx_has_its_reason(centre, outside):
    async with switch_of(centre) as switch:
        reasons = await asyncio.gather(*(reason(switch, extension, 30) for extension in REFUSALS))
    assert dict(zip(REFUSALS, reasons, strict=True)) == REFUSALS
    assert await kept(centre, *REFUSALS) == []


async def test_a_phone_that_rings_unanswered_is_told_from_a_pbx_that_gives_no_sign(centre, outside):
    async with switch_of(centre) as switch:
        assert await asyncio.gather(reason(switch, "9180", 2), reason(switch, "9100", 2)) == ["no_answer", "no_reply"]
    assert await kept(centre, "9180", "9100") == []


async def reason(switch: AriSwitch, extension: str, seconds: int) -> str:
    """Why ``extension`` of the city's PBX does not answer."""
    leg = await switch.ring(f"{extension}~city~{extension}", f"{extension}@city-pbx", "", seconds)
    with pytest.raises(NotAnswered) as refused:
        await leg.answered()
    return refused.value.reason


async def kept(centre: Instance, *extensions: str) -> list[str]:
    """What Asterisk still remembers of the calls to them."""
    names = [f"WHY_{extension}~city~{extension}" for extension in extensions]
    values = [(await centre.ari("GET", "/asterisk/variable", variable=name))["value"] for name in names]
    return [value for value in values if value]


async def test_a_phone_that_answers_and_drops_the_call_was_answered_and_is_over(centre, outside):
    async with switch_of(centre) as switch:
        leg = await switch.ring("9200~city~9200", "9200@city-pbx", "", 30)
        await leg.answered()
        await leg.gone()


async def test_a_peer_that_never_replies_is_given_up_in_time(alone):
    async with switch_of(alone) as switch:
        leg = await switch.ring("c-1~city~2301", "2301@city-pbx", "", 2)
        with pytest.raises(NotAnswered, match="no_reply"):
            await leg.answered()
        assert await switch.find("c-1~city~2301") is None


async def test_the_call_after_the_last_channel_is_refused_in_words_both_in_and_out_and_then_goes(registered):
    """Hard case 22: nothing is left behind of the calls that were refused."""
    world = registered
    async with connected(world.outside) as outside, switch_of(world.centre) as switch:
        await ring_up(outside, f"{MAIN}@centre-carrier", CALLER)
        await carries(world.centre, 1)
        leg = await switch.ring(LEG, f"{CITIZEN}@carrier", MAIN, 30)
        await outside.arrival("carrier", CITIZEN)
        await carries(world.centre, 2)
        with pytest.raises(NotAnswered, match="trunk_full"):
            await switch.ring("c-2~citizen~1", f"{CITIZEN}@carrier", MAIN, 30)
        third = await ring_up(outside, f"{MAIN}@centre-carrier", CALLER)
        assert (await third.gone())["cause"] == 17
        await world.centre.logged("all 2 channels of carrier are taken")
        assert CALLER not in world.centre.log
        await leg.hang_up()
        await leg.gone()
        await carries(world.centre, 1)
        again = await switch.ring("c-3~citizen~1", f"{CITIZEN}@carrier", MAIN, 30)
        await carries(world.centre, 2)
        await again.hang_up()
        await carries(world.centre, 1)


async def carries(centre: Instance, calls: int) -> None:
    """Return when the carrier's trunk has so many channels."""
    async with asyncio.timeout(20):
        while len((await centre.ari("GET", "/endpoints/PJSIP/carrier"))["channel_ids"]) != calls:
            await asyncio.sleep(0.02)


async def test_a_hand_over_to_an_extension_that_is_not_there_tells_the_operator_why(platform):
    await platform.ready_operators("sato")
    await platform.start()
    async with platform.at_desk() as desk:
        talk = await talking(platform)
        await desk.hand_over(talk.call.id, "9404")
        await platform.at(talk.call.id, Stage.WAIT)

        async def told() -> bool:
            return "その番号はありませんでした" in await desk.page("/")

        await platform.until(told, "the desk says why")
        await talk.citizen.hears_music()


async def test_an_emergency_call_never_leaves_by_this_line(centre):
    async with switch_of(centre) as switch:
        for number in ("110", "119", "184118"):
            with pytest.raises(NotAnswered, match="emergency"):
                await switch.ring(LEG, f"{number}@carrier", MAIN, 30)
    assert await centre.ari("GET", "/channels") == []
