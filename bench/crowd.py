"""A centre full of calls: citizens who wait, citizens who talk, operators' phones that ring."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import count

from bench.a_call import CITIZEN_HERTZ, OPERATOR_HERTZ, found, within
from bench.installation import Ground
from bench.sip import mulaw
from bench.sip.agent import Agent
from bench.sip.telephones import Citizen, Phones, Rung, citizen
from kernel.call import Call, Stage

LISTENED_AT_ONCE = 10
"""Pairs who say a tone at the same time: this machine has to hear them all."""
COMING_AT_ONCE = 5
NUMBER = "0901{:07}"


@dataclass(eq=False)
class Caller:
    """One citizen, and the phone that rings or talks with the citizen."""

    number: str
    line: Citizen
    rung: asyncio.Future[Rung]
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def phone(self) -> Rung | None:
        return self.rung.result() if self.rung.done() else None

    def still_there(self) -> bool:
        """Whether nobody has hung up on the caller or on the operator."""
        return not self.line.dialog.ended.done() and not (self.phone and self.phone.dialog.ended.done())


class Crowd:
    """All who ring. Callers are in the order of their coming."""

    def __init__(self, at: Ground, carrier: Agent, phones: Phones) -> None:
        self._at = at
        self._carrier = carrier
        self._phones = phones
        self._numbers: Iterator[str] = map(NUMBER.format, count())
        self.callers: list[Caller] = []

    async def come(self, number: int, *, answered: bool = False) -> None:
        """So many more callers, whose number leads into a queue; ``answered``, before any phone rings too long."""
        for begun in range(0, number, COMING_AT_ONCE):
            some = min(COMING_AT_ONCE, number - begun)
            new = await asyncio.gather(*(self._one() for _ in range(some)))
            self.callers += new
            if answered:
                await asyncio.gather(*(self.answer(caller) for caller in new))

    async def _one(self) -> Caller:
        number = next(self._numbers)
        stack = AsyncExitStack()
        line = await stack.enter_async_context(citizen(self._carrier, number, self._at.centre.numbers[0]))
        caller = Caller(number, line, self._phones.rung_by(number), stack)
        line.rings()
        await line.is_taken()
        line.audio.only_lives()
        await found(lambda: self._queued(number), "the call is in its queue")
        return caller

    async def _queued(self, number: str) -> Call | None:
        call = (await self.calls()).get(number)
        return call if call and call.waiting_since else None

    async def calls(self) -> dict[str, Call]:
        """The stored calls that are not over, by number."""
        calls = await self._at.store.calls.unfinished()
        return {call.caller.digits: call for call in calls if call.caller}

    async def answer(self, caller: Caller) -> Rung:
        """The phone that rings for ``caller`` is answered; the call is then stored as a talk."""
        phone = await within(caller.rung, "a phone rings")
        phone.answer()
        phone.audio.only_lives()

        async def talks() -> bool:
            call = (await self.calls()).get(caller.number)
            return call is not None and call.stage is Stage.TALK

        await found(talks, "the call is a talk")
        return phone

    async def deaf(self, callers: list[Caller]) -> list[Caller]:
        """Of those who talk, the ones where not both hear each other."""
        silent: list[Caller] = []
        for begun in range(0, len(callers), LISTENED_AT_ONCE):
            some = callers[begun : begun + LISTENED_AT_ONCE]
            heard = await asyncio.gather(*(_hear_each_other(one) for one in some))
            silent += [one for one, well in zip(some, heard, strict=True) if not well]
        return silent

    async def leave(self, caller: Caller) -> None:
        """The citizen hangs up, and is of the crowd no more."""
        self.callers.remove(caller)
        await caller.line.hang_up()
        if caller.phone:
            await caller.phone.is_over()
            caller.phone.close()
        await caller.stack.aclose()


async def _hear_each_other(caller: Caller) -> bool:
    phone = caller.phone
    if phone is None or not caller.still_there():
        return False
    heard = asyncio.gather(
        caller.line.audio.hear(mulaw.has_tone(OPERATOR_HERTZ)), phone.audio.hear(mulaw.has_tone(CITIZEN_HERTZ))
    )
    caller.line.audio.say(mulaw.tone(CITIZEN_HERTZ))
    phone.audio.say(mulaw.tone(OPERATOR_HERTZ))
    try:
        await within(heard, "both hear each other")
    except TimeoutError:
        return False
    finally:
        caller.line.audio.only_lives()
        phone.audio.only_lives()
    return True


@asynccontextmanager
async def crowd(at: Ground, carrier: Agent, phones: Phones) -> AsyncGenerator[Crowd]:
    """Nobody yet; whoever is left at the end just falls silent."""
    all = Crowd(at, carrier, phones)
    try:
        yield all
    finally:
        for caller in all.callers:
            if caller.phone:
                caller.phone.close()
            await caller.stack.aclose()
