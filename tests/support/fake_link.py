"""A connection to the exchange in memory: what it tells a controller."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import AsyncIterator, Sequence
from typing import TypeVar

from dialplan.arrival import Arrival
from dialplan.connection import Phone, Referral, Strain
from dialplan.switch import Detached

T = TypeVar("T")


class FakeLink:
    """The half of dialplan.connection.Link that tells; each stream ends when the cable is pulled."""

    def __init__(self) -> None:
        self.detached = asyncio.Event()
        self.coming: asyncio.Queue[Arrival] = asyncio.Queue()
        self.described: dict[str, Arrival] = {}
        self.phone_news: asyncio.Queue[Phone] = asyncio.Queue()
        self.gone_phones: set[str] = set()
        self.strained = Strain()
        self.referred: asyncio.Queue[Referral] = asyncio.Queue()
        self.told_referrals: list[tuple[str, bool]] = []

    @abstractmethod
    def ask(self, what: str) -> None: ...

    async def describe(self, channel: str) -> Arrival | None:
        return self.described.get(channel)

    async def arrivals(self) -> AsyncIterator[Arrival]:
        while arrival := await self._next(self.coming):
            yield arrival
        raise Detached("the cable is pulled")

    async def phones(self) -> AsyncIterator[Sequence[Phone]]:
        """Each change; a phone is reachable until the contrary is told."""
        yield [Phone(extension, reachable=False) for extension in sorted(self.gone_phones)]
        while change := await self._next(self.phone_news):
            yield [change]

    async def _next(self, queue: asyncio.Queue[T]) -> T | None:
        """What comes next; None once the cable is pulled."""
        coming = asyncio.ensure_future(queue.get())
        lost = asyncio.ensure_future(self.detached.wait())
        try:
            await asyncio.wait([coming, lost], return_when=asyncio.FIRST_COMPLETED)
            return None if lost.done() else coming.result()
        finally:
            coming.cancel()
            lost.cancel()

    async def referrals(self) -> AsyncIterator[Referral]:
        while asked := await self._next(self.referred):
            yield asked
        raise Detached("the cable is pulled")

    async def answer_referral(self, leg: str, *, taken: bool) -> None:
        self.ask("answer_referral")
        self.told_referrals.append((leg, taken))

    def strain(self) -> Strain:
        return self.strained

    async def probe(self) -> None:
        await self.detached.wait()
