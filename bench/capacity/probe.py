"""One citizen among all: how long until the prompt is heard, and until an operator's phone rings."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from itertools import count

from asterisk_conf.secrets import phone_file, read_secret
from bench.a_call import within
from bench.figures import ms
from bench.installation import Installation
from bench.sip import mulaw
from bench.sip.agent import Agent
from bench.sip.telephones import Phones, citizen
from kernel.operator import OperatorState

KEY = "2"
"""Of the queue whose operators are free: the load waits in the other."""
LISTEN_SECONDS = 0.3
NUMBER = "0801{:07}"
EVERY_SECONDS = 0.5


class Probes:
    """Calls one after the other. ``prompt`` and ``offer`` are milliseconds; ``failed`` is what did not happen."""

    def __init__(self, at: Installation, carrier: Agent, phones: Phones) -> None:
        self._at = at
        self._carrier = carrier
        self._phones = phones
        self._numbers = map(NUMBER.format, count())
        self.prompt: list[float] = []
        self.offer: list[float] = []
        self.failed = 0

    async def run(self, seconds: float) -> None:
        """Probe for so long."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while loop.time() < until:
            try:
                await self._one(next(self._numbers))
            except Exception as failure:  # counted: that a call fails is what is looked for
                self.failed += 1
                print(f"a probe failed: {type(failure).__name__}: {failure}", file=sys.stderr, flush=True)
            await asyncio.sleep(EVERY_SECONDS)

    async def _one(self, number: str) -> None:
        async with citizen(self._carrier, number, self._at.centre.numbers[0]) as caller:
            sound = caller.audio.hear(mulaw.has_sound)
            invited = caller.rings()
            await caller.is_taken()
            self.prompt.append(ms(await within(sound, "the prompt is heard") - invited))
            await asyncio.sleep(LISTEN_SECONDS)
            rung = self._phones.rung_by(number)
            pressed = await caller.audio.press(KEY)
            phone = await within(rung, "a phone rings")
            self.offer.append(ms(phone.at - pressed))
            await caller.hang_up()
            phone.close()


@contextmanager
def telephones(at: Installation) -> Generator[tuple[Agent, Phones]]:
    """The probes' telephones and the operators' phones, not registered."""
    with ExitStack() as stack:
        server = (str(at.settings.sip.bind), at.settings.sip.port)
        carrier = Agent(str(at.settings.sip.carrier.host), 0, server)
        stack.callback(carrier.close)
        phones = Phones(at.phones, at.settings.sip.port, server)
        stack.callback(phones.close)
        yield carrier, phones


@asynccontextmanager
async def at_work(at: Installation) -> AsyncGenerator[tuple[Agent, Phones]]:
    """All phones registered, all operators ready."""
    with telephones(at) as (carrier, phones):
        extensions = [seat.extension for seat in at.centre.operators]
        secrets = {one: read_secret(at.settings.secrets / phone_file(one)) for one in extensions}
        await phones.register(secrets)
        while not await _all_ready(at):
            for desk in at.desks.values():
                await desk.ready()
            await asyncio.sleep(EVERY_SECONDS)
        yield carrier, phones


async def _all_ready(at: Installation) -> bool:
    statuses = await at.store.operators.statuses()
    return len(at.desks) == sum(one.state is OperatorState.READY for one in statuses)
