"""Links by SMS to callers (T13): to whom one may be offered, and when it is kept for certain."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

import structlog

from kernel.call import Call
from kernel.phone_number import is_mobile
from kernel.ports import Journal, SmsOutbox
from kernel.settings import SmsSettings
from kernel.sms import A_DAY

log = structlog.get_logger(__name__)

STORED_SECONDS = 3.0
"""A citizen on the line waits no longer for a database that is away; the journal keeps trying."""


class Offer(StrEnum):
    """Whether a link may be offered to a caller: ``NO_MOBILE`` is one whose number is withheld or no mobile's."""

    MAY = "may"
    NO_MOBILE = "no_mobile"
    MAY_NOT = "may_not"


@dataclass(frozen=True, slots=True)
class Texting:
    """Without an ``outbox`` nobody is offered anything."""

    outbox: SmsOutbox | None = None
    journal: Journal | None = None
    settings: SmsSettings = field(default_factory=SmsSettings)

    async def offer(self, call: Call, now: datetime) -> Offer:
        """Whether a link may be offered in ``call``: never a second one, nor more to a number than the day allows.

        Not either while the store can't say; the call goes on without.
        """
        if self.outbox is None or not self.settings.offered:
            return Offer.MAY_NOT
        if call.caller is None or not is_mobile(call.caller):
            return Offer.NO_MOBILE
        try:
            async with asyncio.timeout(STORED_SECONDS):
                sent = await self.outbox.of_call(call.id)
                today = await self.outbox.sent_to(call.caller, now - A_DAY)
        except Exception as wrong:
            log.error("no link is offered: the store does not answer", error=type(wrong).__name__)
            return Offer.MAY_NOT
        return Offer.MAY_NOT if sent or today >= self.settings.a_day else Offer.MAY

    async def stored(self) -> None:
        """Return when all that was written is committed, so that what the caller is told outlives us."""
        if self.journal is None:
            return
        try:
            async with asyncio.timeout(STORED_SECONDS):
                await asyncio.shield(self.journal.flushed())
        except TimeoutError:
            log.error("a caller is told of a message that is not stored yet: the database does not answer")
