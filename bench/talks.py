"""Many talks on one Asterisk: caller and operator in a bridge, as the platform joins them, without the platform."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bench.choir import Choir
from bench.sip.agent import Agent
from bench.sip.dialog import Dialog
from bench.sip.message import Message, sdp
from dialplan.ari.client import Ari
from dialplan.ari.events import ChannelStateChange
from dialplan.ari.exchange import TALK
from kernel.settings import Settings

RING_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Talk:
    """The ids of its channels and its bridge."""

    caller: str
    operator: str
    bridge: str


class Stage:
    """``number`` is rung by callers, of whom each is joined with a telephone that answers at once."""

    def __init__(self, ari: Ari, settings: Settings, choir: Choir) -> None:
        here, server = str(settings.sip.carrier.host), (str(settings.sip.bind), settings.sip.port)
        self._agent = Agent(here, settings.sip.carrier.port, server, self._invited)
        self._here = here
        self._ari = ari
        self._choir = choir

    async def talk(self, number: str, place: int) -> Talk:
        """One more."""
        voice = self._choir.seat(self._here)
        dialog = self._agent.dialog(f"0900000{place:04}", number)
        dialog.ask("INVITE", sdp(*voice.getsockname()))
        caller = (await anext(self._ari.arrivals())).channel.id
        await self._ari.channels.answer(caller)
        self._choir.joins(voice, (await dialog.answered("INVITE")).media)
        talk = Talk(caller, f"{caller}~operator", f"{caller}~talk")
        await self._ring(talk.operator, place)
        await self._ari.bridges.create_with_id(talk.bridge, type=TALK)
        await self._ari.bridges.add_channel(talk.bridge, [talk.caller, talk.operator])
        return talk

    def close(self) -> None:
        self._agent.close()

    async def _ring(self, leg: str, place: int) -> None:
        with self._ari.listen(leg) as inbox:
            await self._ari.channels.create(f"PJSIP/0800000{place:04}@carrier", leg)
            await self._ari.channels.dial(leg, timeout=RING_SECONDS)
            while not isinstance(event := await inbox.get(), ChannelStateChange) or event.state != "Up":
                continue

    def _invited(self, dialog: Dialog, invite: Message) -> None:
        voice = self._choir.seat(self._here)
        dialog.answer("200 OK", sdp(*voice.getsockname()))
        self._choir.joins(voice, invite.media)


@asynccontextmanager
async def talks(ari: Ari, settings: Settings, choir: Choir, number: str, count: int) -> AsyncGenerator[list[Talk]]:
    """``count`` talks that stand."""
    stage = Stage(ari, settings, choir)
    standing = [await stage.talk(number, place) for place in range(count)]
    try:
        yield standing
    finally:
        await asyncio.gather(*(_over(ari, talk) for talk in standing))
        stage.close()


async def _over(ari: Ari, talk: Talk) -> None:
    await ari.channels.hangup(talk.caller)
    await ari.channels.hangup(talk.operator)
    await ari.bridges.destroy(talk.bridge)
