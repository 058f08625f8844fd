"""What the city's phones show of a transfer (T6), as its PBX reads it off the wire; and how long they ring."""

from __future__ import annotations

import pytest

from denwa.parts import utc_now
from denwa.world.leg import OutsideLeg
from kernel.call import Stage
from tests.support.platform import Platform
from tests.support.talk import talking

CALLER = "09012345678"
OWN = "sip:8000@centre.invalid"


async def shown(world, city: OutsideLeg) -> list[str]:
    """From and P-Asserted-Identity."""
    asked = [f"PJSIP_HEADER(read,{name})" for name in ("From", "P-Asserted-Identity")]
    found = [await world.outside.ari("GET", f"/channels/{city.id}/variable", variable=one) for one in asked]
    return [one["value"] for one in found]


async def change(platform: Platform, **outgoing: object) -> None:
    """What the centre's document says of ringing others."""
    version = await platform.store.centres.current_version()
    assert version is not None
    changed = version.centre.model_copy(update={"outgoing": version.centre.outgoing.model_copy(update=outgoing)})
    await platform.store.centres.save(changed, by="test", now=utc_now(), expected_version=version.version)


@pytest.mark.parametrize("button", ["hand_over", "consult"])
async def test_the_city_sees_the_centres_extension_and_nothing_of_the_caller(platform: Platform, world, button: str):
    await platform.ready_operators("sato")
    await platform.start()
    async with platform.at_desk() as desk:
        talk = await talking(platform, number=CALLER)
        await getattr(desk, button)(talk.call.id, "2301")
        headers = await shown(world, await platform.world.rung("pbx", "2301"))
        assert all(OWN in header and CALLER not in header for header in headers), headers


@pytest.mark.parametrize("number", [CALLER, None])
async def test_who_is_asked_first_sees_the_callers_number_as_a_name_where_the_centre_says_so_and_it_is_not_withheld(
    platform: Platform, world, number: str | None
):
    await platform.ready_operators("sato")
    await platform.start()
    await change(platform, attended_shows="caller")
    async with platform.at_desk() as desk:
        talk = await talking(platform, number=number)
        await desk.consult(talk.call.id, "2301")
        from_, asserted = await shown(world, await platform.world.rung("pbx", "2301"))
        assert OWN in from_
        assert OWN in asserted
        assert (f'"{CALLER}"' in asserted) == (number is not None)


async def test_a_department_that_nobody_answers_rings_as_long_as_the_centre_says(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start()
    await change(platform, hand_over_seconds=5)
    async with platform.at_desk() as desk:
        talk = await talking(platform)
        await desk.consult(talk.call.id, "2301")
        city = await platform.world.rung("pbx", "2301")
        await platform.at(talk.call.id, Stage.CONSULT)
        await city.is_over()
        await platform.at(talk.call.id, Stage.TALK)
        await talk.both_hear_each_other()
        assert "内線2301: 応答なし" in await desk.desk()
