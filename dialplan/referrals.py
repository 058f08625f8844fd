"""内線転送 by the transfer key of the operator's own phone (REFER, T5 to T7): taken as a blind transfer, or refused."""

from __future__ import annotations

from collections.abc import Callable

import structlog

from dialplan.clicks import Clicks
from dialplan.connection import Link, Referral
from dialplan.desk import Desk
from dialplan.dialling import Begin
from dialplan.registry import Registry
from dialplan.transfer import unreferable
from ivr.hours import hours_of, is_open
from kernel.call import Call, Stage
from kernel.centre import Centre
from kernel.commands import CommandKind, command
from kernel.ports import Clock, Directory

log = structlog.get_logger(__name__)


class Referrals:
    """Each is a click like one at the console: stored as done, or refused with a reason that the desk shows."""

    def __init__(
        self, registry: Registry, clicks: Clicks, directory: Directory, now: Clock, centre: Callable[[], Centre]
    ) -> None:
        self._registry = registry
        self._clicks = clicks
        self._directory = directory
        self._now = now
        self._centre = centre

    async def hear(self, link: Link, desk: Desk, begin: Begin) -> None:
        """Answer what phones ask for, for ever."""
        async for referral in link.referrals():
            taken = await self._is_taken(referral, desk, begin)
            await link.answer_referral(referral.leg, taken=taken)

    async def _is_taken(self, referral: Referral, desk: Desk, begin: Begin) -> bool:
        call = next((one for one in self._registry.calls.values() if one.operator_leg == referral.leg), None)
        if call is None or call.operator is None:
            log.warning("a phone that talks for no call asks for a transfer", leg=referral.leg)
            return False
        asked = command(CommandKind.HAND_OVER, call.operator, self._now(), call=call.id, extension=referral.extension)
        if reason := await self._why_not(referral, call):
            self._clicks.refuse(asked, reason)
            return False
        return self._clicks.do(asked, desk, begin)

    async def _why_not(self, referral: Referral, call: Call) -> str | None:
        try:
            entry = await self._directory.at(referral.extension or "")
        except Exception:  # whatever the store raises: this phone is told, and the talk goes on
            log.exception("the directory can't be read; a phone's transfer is refused", call=call.id)
            return "directory_unreadable"
        there = entry is not None and is_open(hours_of(entry.hours, self._centre().hours), self._now())
        attended = call.stage is Stage.CONSULT
        return unreferable(referral.extension, entry, attended=attended, there=there)
