"""A call brought to a point of its life on a real Asterisk, and what both ends hear there."""

from __future__ import annotations

from dataclasses import dataclass

from denwa.world import hearing
from denwa.world.leg import OutsideLeg
from kernel.call import Call, Stage
from tests.support.platform import Platform

CITIZEN_HERTZ, OPERATOR_HERTZ, CITY_HERTZ = 440.0, 1017.0, 1700.0
"""The operator's lies between what the music on hold consists of: B at 988 Hz and C at 1047 Hz."""
EXTENSIONS = {"sato": "7001", "suzuki": "7002", "takahashi": "7003"}


@dataclass
class Talk:
    """A citizen and an operator who talk: each says one tone without end."""

    call: Call
    citizen: OutsideLeg
    phone: OutsideLeg

    async def both_hear_each_other(self) -> None:
        await self.citizen.hears_tone(OPERATOR_HERTZ)
        await self.phone.hears_tone(CITIZEN_HERTZ)


async def in_the_menu(platform: Platform, number: str | None = "09012345678") -> tuple[Call, OutsideLeg]:
    """A citizen who has heard the welcome begin and the menu is being asked."""
    citizen = await platform.world.rings("0466251111", number)
    call = await platform.the_call()
    call = await platform.at(call.id, Stage.MENU)
    return call, citizen


async def waiting(platform: Platform, key: str = "1", number: str | None = "09012345678") -> tuple[Call, OutsideLeg]:
    """A citizen in the queue."""
    call, citizen = await in_the_menu(platform, number)
    await citizen.presses(key)
    return await platform.at(call.id, Stage.WAIT), citizen


async def beside(platform: Platform, other: str) -> tuple[str, OutsideLeg]:
    """One more citizen in the menu, while the call ``other`` goes on: the new call's id, and the citizen."""
    citizen = await platform.world.rings("0466251111", "08011112222")

    async def look() -> str | None:
        live = await platform.store.calls.unfinished()
        return next((call.id for call in live if call.id != other and call.stage is Stage.MENU), None)

    return await platform.until(look, "the second call is in the menu"), citizen


async def talking(platform: Platform, operator: str = "sato", number: str | None = "09012345678") -> Talk:
    """A citizen and ``operator``, who was ready, talk, and each hears the other."""
    call, citizen = await in_the_menu(platform, number)
    await citizen.presses("1")
    phone = await platform.world.rung("phone", EXTENSIONS[operator])
    return await answered(platform, call, citizen, phone)


async def answered(platform: Platform, call: Call, citizen: OutsideLeg, phone: OutsideLeg) -> Talk:
    """The operator answers, and each hears the other."""
    await platform.world.answers(phone)
    await phone.listen()
    await says(platform, citizen, CITIZEN_HERTZ)
    await says(platform, phone, OPERATOR_HERTZ)
    talk = Talk(await platform.at(call.id, Stage.TALK), citizen, phone)
    await talk.both_hear_each_other()
    return talk


async def says(platform: Platform, leg: OutsideLeg, hertz: float) -> None:
    """Let ``leg`` say a tone without end."""
    file = platform.settings.var_dir / f"tone{hertz:.0f}.wav"
    if not file.exists():
        hearing.write(file, hearing.tone(hertz, 10))
    await leg.says(file.with_suffix(""))
