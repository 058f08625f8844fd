"""Run the controller: under the lease, on one connection to Asterisk after the other."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import structlog

from asterisk_conf.secrets import ARI_PASSWORD, read_secret
from denwa.parts import Parts, utc_now
from dialplan.ari.errors import Replaced
from dialplan.ari.link import AriLink
from dialplan.ari.reconnect import connections
from dialplan.controller import Controller
from dialplan.race import first
from kernel.events import Event, EventKind
from kernel.ports import Lease, Prompts

log = structlog.get_logger(__name__)

LEASE = "controller"
STANDBY_AFTER_SECONDS = 1.0
"""A free lease is taken within milliseconds; who waits for longer stands by for another controller."""
PARTING_SECONDS = 5.0
"""A database that does not answer does not keep a controller from ending; the journal has a patience of its own."""
REPLACED_PAUSE_SECONDS = 3.0
"""Longer than a lease is kept by a dead holder: whoever has a right to drive has taken the lease by then."""


class Control:
    """The controller as a running service. ``state`` is what /readyz shows: waiting, connecting, driving."""

    def __init__(self, parts: Parts, prompts: Prompts) -> None:
        self._parts = parts
        self._prompts = prompts
        self._controller: Controller | None = None
        self._leading = False
        self._standing_by = False

    async def run(self) -> None:
        """Drive whenever the lease is ours; until cancelled, which leaves every call talking. Raises ConfError."""
        store = self._parts.store
        password = read_secret(self._parts.settings.secrets / ARI_PASSWORD)
        while True:
            lease = store.lease(LEASE, self._parts.settings.lease_seconds)
            await self._take(lease)
            self._leading = True
            try:
                await first(lease.lost(), self._lead(password))
            finally:
                self._leading = False
                await self._stop(lease)
            log.error("another controller drives now; this one waits for the lease")

    async def unready(self) -> str | None:
        """Why no call can be carried here now; None when all is well. A standby that waits is well too."""
        if not self._leading:
            return None if self._standing_by else "not started yet"
        if self._controller is None or not self._controller.driving.is_set():
            return "not connected to Asterisk"
        return None

    def congestion(self) -> str | None:
        """What new callers get instead of being let in, and why; None while they are let in."""
        return self._controller.congestion if self._controller else None

    def calls(self) -> int:
        """How many calls are carried here."""
        return self._controller.calls if self._controller else 0

    async def _take(self, lease: Lease) -> None:
        taking = asyncio.create_task(lease.take(), name="take the lease")
        try:
            done, _ = await asyncio.wait({taking}, timeout=STANDBY_AFTER_SECONDS)
            self._standing_by = not done
            await taking
        finally:
            taking.cancel()
            self._standing_by = False

    async def _lead(self, password: str) -> None:
        store, settings = self._parts.store, self._parts.settings
        self._controller = Controller(
            journal=store.journal,
            calls=store.calls,
            operators=store.operators,
            histories=store.cases,
            centres=store.centres,
            events=store.events,
            bus=self._parts.bus,
            now=utc_now,
            limits=settings.admission,
        )
        store.journal.write(Event(EventKind.CONTROLLER_STARTED, utc_now()))
        while True:
            try:
                async with aclosing(connections(settings.ari, password)) as tries:
                    async for ari in tries:
                        await self._controller.drive(AriLink(ari, settings.ari, password, self._prompts, utc_now))
            except Replaced:
                log.error("a controller without our lease drives this Asterisk: is it set up with another store?")
                await asyncio.sleep(REPLACED_PAUSE_SECONDS)

    async def _stop(self, lease: Lease) -> None:
        """Give the lease back last, so that the next controller finds all that was done."""
        self._controller = None
        journal = self._parts.store.journal
        journal.write(Event(EventKind.CONTROLLER_STOPPED, utc_now()))
        try:
            async with asyncio.timeout(PARTING_SECONDS):
                await asyncio.shield(journal.flushed())
                await lease.release()
        except Exception as wrong:
            log.error("the lease is not given back; it runs out by itself", error=type(wrong).__name__)
