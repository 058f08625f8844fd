"""A talk on a real Asterisk with a supervisor at it, judged by the tones that each says."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from crm.users import Role
from denwa.world.hearing import RATE, share_of_tone
from denwa.world.leg import OutsideLeg
from denwa.world.operator import ConsoleOperator
from tests.support.platform import Platform
from tests.support.talk import CITIZEN_HERTZ, OPERATOR_HERTZ, Talk, says, talking

SUPERVISOR_HERTZ = 2300.0
PHONE = "7901"


@dataclass
class Watched:
    """A talk, and the supervisor's phone that was rung for it and says a tone without end."""

    platform: Platform
    talk: Talk
    wall: ConsoleOperator
    phone: OutsideLeg

    async def listening(self) -> None:
        """The supervisor hears both and nobody hears the supervisor."""
        await hears_all(self.phone, CITIZEN_HERTZ, OPERATOR_HERTZ)
        await self.talk.both_hear_each_other()
        await hears_none(self.talk.citizen, SUPERVISOR_HERTZ)
        await hears_none(self.talk.phone, SUPERVISOR_HERTZ)

    async def whispering(self) -> None:
        """The operator alone hears the supervisor."""
        await hears_all(self.talk.phone, CITIZEN_HERTZ, SUPERVISOR_HERTZ)
        await hears_all(self.phone, CITIZEN_HERTZ, OPERATOR_HERTZ)
        await hears_none(self.talk.citizen, SUPERVISOR_HERTZ)

    async def barging_in(self) -> None:
        """All three hear each other."""
        await hears_all(self.talk.citizen, OPERATOR_HERTZ, SUPERVISOR_HERTZ)
        await hears_all(self.talk.phone, CITIZEN_HERTZ, SUPERVISOR_HERTZ)
        await hears_all(self.phone, CITIZEN_HERTZ, OPERATOR_HERTZ)

    async def taken_over(self) -> None:
        """Citizen and supervisor alone hear each other."""
        await self.talk.citizen.hears_tone(SUPERVISOR_HERTZ)
        await self.phone.hears_tone(CITIZEN_HERTZ)
        await self.talk.phone.is_over()

    async def over(self) -> None:
        """Whatever was made for the supervisor is gone."""
        call = self.talk.call.id
        async with self.platform.look_into_asterisk() as ari:

            async def look() -> bool:
                channels = [one.id for one in await ari.channels.list() if one.id.startswith(f"{call}~")]
                bridges = [one.id for one in await ari.bridges.list() if one.id == f"{call}~monitor"]
                return not bridges and not [one for one in channels if "~monitor~" in one or "~spy~" in one]

            await self.platform.until(look, "nothing of the supervisor is left in Asterisk")


async def press(wall: ConsoleOperator, talk: Talk, button: str) -> None:
    await wall.post(f"/wall/talks/{talk.call.id}/{button}", {})


async def hears_all(leg: OutsideLeg, *tones: float) -> None:
    """Return when the last second heard held each of ``tones``."""

    def all_there(sound):
        last = sound[-RATE:]
        return len(last) == RATE and all(share_of_tone(last, hertz) > 0.1 for hertz in tones)

    await leg.hears(all_there, f"all of {tones}")


async def hears_none(leg: OutsideLeg, hertz: float) -> None:
    """Listen for one second more, which must not hold the tone."""
    heard = len(leg.heard())
    await leg.hears(lambda sound: len(sound) >= heard + RATE, "one more second")
    assert share_of_tone(leg.heard(1.0), hertz) < 0.001


@asynccontextmanager
async def watched(platform: Platform, button: str) -> AsyncIterator[Watched]:
    """A supervisor who has pressed ``button`` and answered."""
    await platform.ready_operators("sato")
    await platform.start()
    talk = await talking(platform)
    async with platform.at_desk("kanri", Role.SUPERVISOR) as wall:
        await press(wall, talk, button)
        phone = await platform.world.rung("phone", PHONE)
        await platform.world.answers(phone)
        await phone.listen()
        await says(platform, phone, SUPERVISOR_HERTZ)
        yield Watched(platform, talk, wall, phone)


async def adopted(platform: Platform, call: str) -> None:
    platform.kill()
    await platform.start()
    await stored(platform, call, "call_adopted")


async def stored(platform: Platform, call: str, kind: str) -> None:
    async def look() -> bool:
        return kind in await platform.kinds(call)

    await platform.until(look, f"{kind} is stored")
