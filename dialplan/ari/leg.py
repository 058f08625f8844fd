"""A phone that the centre rings, on Asterisk."""

from __future__ import annotations

import asyncio
from datetime import datetime

from dialplan.ari.client import Ari
from dialplan.ari.end import End
from dialplan.ari.errors import NotFound
from dialplan.switch import NotAnswered

REASONS = {"BUSY": "busy", "CHANUNAVAIL": "unreachable", "CONGESTION": "declined"}
"""By Asterisk's DIALSTATUS; whatever is not here counts as not answered."""

CAUSES = {1: "unreachable", 3: "unreachable", 17: "busy", 20: "unreachable", 21: "declined", 27: "unreachable"}
"""By the hang-up cause (Q.850; Asterisk's causes.h), where no DIALSTATUS was sent: user busy, call rejected, and no
such number, no route, subscriber absent, destination out of order."""
NORMAL_CLEARING = 16
"""ITU-T Q.850: the phone has hung up (SIP BYE)."""


class AriLeg:
    """Implements dialplan.switch.Leg for the channel that ``end`` watches."""

    def __init__(self, ari: Ari, end: End, patience_seconds: float | None = None) -> None:
        """One that is neither answered nor over after ``patience_seconds`` is hung up: nobody waits for it for ever."""
        self._ari = ari
        self._end = end
        self._patience_seconds = patience_seconds

    @property
    def id(self) -> str:
        return self._end.id

    @property
    def is_up(self) -> bool:
        return self._end.up.is_set()

    @property
    def fell_silent(self) -> bool:
        return self._end.is_over and self._end.cause != NORMAL_CLEARING

    async def answered(self) -> None:
        up = asyncio.create_task(self._end.up.wait(), name=f"answer {self.id}")
        try:
            await asyncio.wait(
                {up, self._end.gone}, timeout=self._patience_seconds, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            up.cancel()
        if self._end.gone.done():
            self._end.gone.result()
            raise NotAnswered(self._why())
        if not self._end.up.is_set():
            await self.hang_up()
            raise NotAnswered("no_answer")

    def _why(self) -> str:
        return REASONS.get(self._end.dialled) or CAUSES.get(self._end.cause or 0, "no_answer")

    async def gone(self) -> datetime:
        return await asyncio.shield(self._end.gone)

    async def hang_up(self) -> None:
        if not self._end.gone.done():
            try:
                await self._ari.channels.hangup(self.id)
            except NotFound:
                await self._end.is_gone()
