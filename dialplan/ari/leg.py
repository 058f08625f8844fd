"""A phone that the centre rings, on Asterisk."""

from __future__ import annotations

import asyncio
from datetime import datetime

from dialplan.ari.client import Ari
from dialplan.ari.end import End
from dialplan.ari.errors import NotFound
from dialplan.switch import NotAnswered

REASONS = {"BUSY": "busy", "CHANUNAVAIL": "unreachable", "CONGESTION": "unreachable"}
"""By Asterisk's DIALSTATUS, where the cause says nothing; whatever is not here counts as not answered."""

CAUSES = {
    1: "no_such_number",
    2: "no_such_number",
    3: "no_such_number",
    17: "busy",
    18: "no_reply",
    19: "no_answer",
    20: "unreachable",
    21: "declined",
    22: "no_such_number",
    27: "unreachable",
    28: "no_such_number",
    34: "unreachable",
    38: "unreachable",
    41: "unreachable",
    42: "unreachable",
    58: "unreachable",
    102: "no_reply",
    127: "unreachable",
}
"""By the hang-up cause (Q.850; Asterisk's causes.h), into which Asterisk turns the peer's answer.

So 404, 410, 484 and 604 are no such number; 486 and 600 busy; 401, 403 and 603 declined; 488, 500, 502, 503 and most
others no way; 408 and 504 no reply; 480 (19) no answer.
"""
CAUSE_VARIABLE = "WHY_{id}"
"""The global variable in which Asterisk's dialplan keeps why a call on a trunk was refused."""
SILENCE, TRYING = frozenset({0, 19}), frozenset({"", "100"})
"""Nobody answered, and nothing but 100 Trying, if anything, has come: no telephone can have rung."""
NORMAL_CLEARING = 16
"""ITU-T Q.850: the phone has hung up (SIP BYE)."""


class AriLeg:
    """Implements dialplan.switch.Leg for the channel that ``end`` watches."""

    def __init__(self, ari: Ari, end: End, patience_seconds: float | None = None, *, trunk: bool = False) -> None:
        """One that is neither answered nor over after ``patience_seconds`` is hung up: nobody waits for it for ever.

        ``trunk``: it was rung by one, and Asterisk's dialplan keeps why it was refused.
        """
        self._ari = ari
        self._end = end
        self._trunk = trunk
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
            raise NotAnswered(await self._why())
        if not self._end.up.is_set():
            await self.hang_up()
            raise NotAnswered(await self._why())

    async def _why(self) -> str:
        cause, said = await self._kept() if self._trunk else (0, "")
        if self._trunk and not self._end.rang and cause in SILENCE and said in TRYING:
            return "no_reply"
        return CAUSES.get(self._end.cause or cause) or REASONS.get(self._end.dialled) or "no_answer"

    async def _kept(self) -> tuple[int, str]:
        """The cause and the SIP status that Asterisk's dialplan has kept: a quick refusal's events were not heard."""
        variable = CAUSE_VARIABLE.format(id=self.id)
        value = await self._ari.asterisk.get_variable(variable)
        if value:
            await self._ari.asterisk.delete_variable(variable)
        cause, _, said = value.partition(" ")
        return int(cause) if cause.isdecimal() else 0, said

    async def gone(self) -> datetime:
        return await asyncio.shield(self._end.gone)

    async def hang_up(self) -> None:
        if not self._end.gone.done():
            try:
                await self._ari.channels.hangup(self.id)
            except NotFound:
                await self._end.is_gone()
