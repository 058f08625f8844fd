"""The outside Asterisk, driven: citizens ring the centre, and whoever is rung by the centre can be waited for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

from denwa.parts import utc_now
from denwa.world.leg import NotHeard, OutsideLeg
from dialplan.ari.client import Ari, connect
from dialplan.ari.events import StasisStart
from kernel.settings import Ari as AriSettings

CARRIER = "centre-carrier"
"""The outside's endpoint that stands for the carrier's trunk to the centre."""


class World:
    """Everybody outside the centre. ``recordings`` is where the outside Asterisk keeps what was heard."""

    def __init__(self, ari: Ari, recordings: Path) -> None:
        self._ari = ari
        self._recordings = recordings
        self._rung: dict[tuple[str, ...], asyncio.Queue[OutsideLeg]] = {}

    async def rings(self, number: str, shows: str | None, *, timeout: float = 30.0) -> OutsideLeg:
        """A citizen rings ``number``, with the caller's number ``shows`` (None: withheld); returns when it is taken.

        The citizen listens from before that, as people do: a centre may speak as soon as it answers.
        """
        leg = await self.rings_unanswered(number, shows)
        await leg.listen()
        try:
            async with asyncio.timeout(timeout):
                await leg.end.up.wait()
        except TimeoutError:
            raise NotHeard(f"{number} did not take the citizen's call within {timeout:.0f} s") from None
        return leg

    async def rings_unanswered(self, number: str, shows: str | None = None) -> OutsideLeg:
        """As ``rings``, and returns at once."""
        leg = self._leg(f"citizen-{uuid4().hex[:12]}")
        shown = f"<{shows}>" if shows else "Anonymous <anonymous>"
        await self._ari.channels.originate(
            endpoint=f"PJSIP/{number}@{CARRIER}", caller_id=shown, channel_id=leg.id, app_args="citizen"
        )
        return leg

    async def rung(self, *who: str, timeout: float = 30.0) -> OutsideLeg:
        """The next call that the centre makes to ``who``: ("phone", "7001"), ("pbx", "2301"), ("carrier", number)."""
        try:
            async with asyncio.timeout(timeout):
                return await self._calls(who).get()
        except TimeoutError:
            raise NotHeard(f"{' '.join(who)} was not rung within {timeout:.0f} s") from None

    async def answers(self, leg: OutsideLeg) -> None:
        """Take the call that rings at ``leg``."""
        await self._ari.channels.answer(leg.id)

    async def receive(self) -> None:
        """Hand each call that comes from the centre to whoever waits for it; runs until cancelled."""
        async for start in self._ari.arrivals():
            self._came(start)

    def _came(self, start: StasisStart) -> None:
        if start.args[:1] != ("citizen",):
            self._calls(start.args).put_nowait(self._leg(start.channel.id))

    def _calls(self, who: tuple[str, ...]) -> asyncio.Queue[OutsideLeg]:
        return self._rung.setdefault(who, asyncio.Queue())

    def _leg(self, id: str) -> OutsideLeg:
        return OutsideLeg(self._ari, id, self._recordings, utc_now)


@asynccontextmanager
async def open_world(settings: AriSettings, password: str, recordings: Path) -> AsyncGenerator[World]:
    """Connect to the outside Asterisk; what it hears is under ``recordings``."""
    async with connect(settings, password) as ari:
        world = World(ari, recordings)
        receiving = asyncio.create_task(world.receive(), name="outside")
        try:
            yield world
        finally:
            receiving.cancel()
            await asyncio.gather(receiving, return_exceptions=True)
