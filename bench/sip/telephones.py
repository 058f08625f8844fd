"""A citizen who rings, and operators' phones that are rung."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bench.sip.agent import Agent
from bench.sip.audio import Audio
from bench.sip.dialog import Dialog, Refused
from bench.sip.message import Message, sdp
from bench.sip.wire import Address

PATIENCE_SECONDS = 60.0
REGISTER_SECONDS = 100.0
"""The centre's Asterisk keeps no registration for longer than 300."""
NO_SUCH_CALL = 481


@dataclass
class Citizen:
    """One citizen's call. Times are nanoseconds since the epoch."""

    agent: Agent
    dialog: Dialog
    audio: Audio

    def rings(self) -> int:
        """Send the INVITE; the time of it."""
        return self.dialog.ask("INVITE", sdp(*self.audio.address))

    async def is_taken(self) -> int:
        """Return when the centre has answered, with the time of it; from then on both ends send audio."""
        answer = await self.dialog.answered("INVITE")
        self.audio.talk_to(answer.media, answer.event_payload)
        return answer.at

    async def hang_up(self) -> int:
        """The time of it, when the centre has confirmed it. Raises Refused.

        Where both ends hang up in the same moment the BYEs cross on the way, and each end may find its call gone (481,
        RFC 3261, 15.1.2): that is an end like another. A 481 with no BYE of the centre's own is a failure.
        """
        at = self.dialog.ask("BYE")
        answer = await self.dialog.final("BYE")
        if (answer.status or 0) >= 300 and not (answer.status == NO_SUCH_CALL and self.dialog.ended.done()):
            raise Refused(f"BYE: {answer.first}")
        return at


@asynccontextmanager
async def citizen(agent: Agent, shows: str, number: str) -> AsyncGenerator[Citizen]:
    """A telephone whose own number is ``shows``, about to ring ``number``."""
    audio = Audio(agent.address[0])
    dialog = agent.dialog(shows, number)
    try:
        yield Citizen(agent, dialog, audio)
    finally:
        agent.forget(dialog)
        audio.close()


@dataclass
class Rung:
    """A phone that rings since ``at``; ``extension`` is whose it is."""

    agent: Agent
    dialog: Dialog
    invite: Message
    audio: Audio

    @property
    def at(self) -> int:
        return self.invite.at

    @property
    def extension(self) -> str:
        return self.invite.first.split()[1].removeprefix("sip:").partition("@")[0]

    def answer(self) -> int:
        """Lift the receiver; the time of it."""
        at = self.dialog.answer("200 OK", sdp(*self.audio.address))
        self.audio.talk_to(self.invite.media, self.invite.event_payload)
        return at

    async def is_over(self) -> int:
        """When the centre hung up."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.dialog.ended

    def close(self) -> None:
        self.agent.forget(self.dialog)
        self.audio.close()


class Phones:
    """All operators' phones, at one address. A call is waited for by the number that the phone shows."""

    def __init__(self, host: str, port: int, server: Address) -> None:
        self._host = host
        self._agent = Agent(host, port, server, self._invited)
        self._awaited: dict[str, asyncio.Future[Rung]] = {}
        self._staying: asyncio.Task[None] | None = None

    async def register(self, secrets: Mapping[str, str]) -> None:
        """Register each extension with its secret, and again before that runs out, until ``close``."""
        for extension, secret in secrets.items():
            await self._agent.register(extension, secret)
        self._staying = asyncio.create_task(self._stay_registered(secrets), name="stay registered")

    async def _stay_registered(self, secrets: Mapping[str, str]) -> None:
        """One after the other, all of them in REGISTER_SECONDS; one that fails has another turn before it runs out."""
        while True:
            for extension, secret in secrets.items():
                await asyncio.sleep(REGISTER_SECONDS / len(secrets))
                try:
                    await self._agent.register(extension, secret)
                except (TimeoutError, Refused) as wrong:
                    print(f"phone {extension} is not registered again: {wrong!r}", file=sys.stderr, flush=True)

    def rung_by(self, number: str) -> asyncio.Future[Rung]:
        """The call of ``number`` that will ring somewhere."""
        rung: asyncio.Future[Rung] = asyncio.get_running_loop().create_future()
        self._awaited[number] = rung
        return rung

    def close(self) -> None:
        """Raises what ended the registering."""
        self._agent.close()
        if self._staying and not self._staying.cancel():
            self._staying.result()

    def _invited(self, dialog: Dialog, invite: Message) -> None:
        awaited = self._awaited.pop(invite.user("from"), None)
        if awaited is None or awaited.done():
            dialog.answer("486 Busy Here")
            return
        dialog.answer("180 Ringing")
        awaited.set_result(Rung(self._agent, dialog, invite, Audio(self._host)))
