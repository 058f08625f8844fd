"""Run the controller: under the lease, on one connection to Asterisk after the other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from contextlib import aclosing

import structlog

from asterisk_conf.secrets import ARI_PASSWORD, read_secret
from crm.lease import StoreLease
from denwa.parts import Parts, utc_now
from dialplan.ari.client import Ari
from dialplan.ari.errors import Replaced
from dialplan.ari.link import AriLink
from dialplan.ari.reconnect import connections
from dialplan.ari.trunks import Trunks
from dialplan.controller import Controller
from dialplan.inheritance import Heir, Stores
from dialplan.race import first
from dialplan.texting import Texting
from dialplan.voicebot.ears import Ears
from kernel.events import Event, EventKind
from kernel.ports import Prompts

log = structlog.get_logger(__name__)

LEASE = "controller"
STANDBY_AFTER_SECONDS = 1.0
"""A free lease is taken within milliseconds; who waits for longer stands by for another controller."""
PARTING_SECONDS = 5.0
"""A database that does not answer does not keep a controller from ending; the journal has a patience of its own."""
OFFER_SECONDS = 1.0
"""How long to wait, still driving, for a standby to say that it goes on; it looks twenty times in one of the lease."""
SUCCESSOR_SECONDS = 5.0
"""How long the connection is kept, so that no caller comes in to nobody, until the successor has taken it."""
REPLACED_PAUSE_SECONDS = 3.0
"""Longer than a lease is kept by a dead holder: whoever has a right to drive has taken the lease by then."""


class Control:
    """The controller as a running service. ``state`` is what /readyz shows: waiting, connecting, driving."""

    def __init__(self, parts: Parts, prompts: Prompts, ears: Ears | None = None) -> None:
        self._parts = parts
        self._ears = ears
        self._prompts = prompts
        self._controller: Controller | None = None
        self._leading = False
        self._standing_by = False
        self._retiring = asyncio.Event()
        self._retired = asyncio.Event()

    async def run(self) -> None:
        """Drive whenever the lease is ours; until cancelled, which leaves every call talking, or until retired.

        Raises ConfError.
        """
        store = self._parts.store
        password = read_secret(self._parts.settings.secrets / ARI_PASSWORD)
        while not self._retiring.is_set():
            lease, heir = store.lease(LEASE, self._parts.settings.lease_seconds), Heir(_stores(self._parts), utc_now)
            await first(self._take(lease, heir), self._asked_to_retire())
            if self._leading:
                await self._reign(lease, heir, password)
            else:
                await self._give_back(lease)
        self._retired.set()

    async def retire(self) -> None:
        """Hand the calls to a standby, if one stands by, and return when it drives; ``run`` then ends."""
        self._retiring.set()
        await self._retired.wait()

    async def _reign(self, lease: StoreLease, heir: Heir, password: str) -> None:
        """Drive until the lease is lost, given away, or asked back by cancellation."""
        journal = self._parts.store.journal
        journal.under(lease.fence)
        leading = asyncio.create_task(self._lead(heir, password), name="lead")
        ours = True
        try:
            await first(lease.lost(), journal.shut_out(), _end_of(leading), self._asked_to_retire())
            if self._retiring.is_set():
                ours = not await self._hand_over(lease, leading)
            else:
                ours = False
                log.error("another controller drives now; this one waits for the lease")
        finally:
            self._leading = False
            leading.cancel()
            await asyncio.gather(leading, return_exceptions=True)
            if ours:
                await self._stop(lease)
            journal.under(None)

    async def _hand_over(self, lease: StoreLease, leading: asyncio.Task[None]) -> bool:
        """Let a standby go on, if there is one; whether there was.

        The connection to Asterisk is kept until the successor's replaces it: a caller who comes in meanwhile waits in
        our application for a moment, instead of being told that nobody is there.
        """
        controller, journal = self._controller, self._parts.store.journal
        try:
            successor = await first(lease.lost(), lease.successor(OFFER_SECONDS))
            if controller is None or successor is None:
                return False
            connected = controller.driving.is_set()
            await controller.let_go()
            journal.write(Event(EventKind.CONTROLLER_STOPPED, utc_now(), data={"successor": successor}))
            async with asyncio.timeout(PARTING_SECONDS):
                await asyncio.shield(journal.flushed())
                await lease.give(successor)
        except Exception as wrong:
            log.error("no standby can be asked to go on", error=type(wrong).__name__)
            return False
        log.info("another controller goes on", successor=successor)
        if connected:
            await asyncio.wait({leading}, timeout=SUCCESSOR_SECONDS)
        return True

    async def _asked_to_retire(self) -> None:
        await self._retiring.wait()

    async def unready(self) -> str | None:
        """Why no call can be carried here now; None when all is well. A standby that waits is well too."""
        if not self._leading:
            return None if self._standing_by else "not started yet"
        if self._controller is None or not self._controller.driving.is_set():
            return "not connected to Asterisk"
        return None

    def leads(self) -> bool:
        """Whether this process has the lease."""
        return self._leading

    def congestion(self) -> str | None:
        """What new callers get instead of being let in, and why; None while they are let in."""
        return self._controller.congestion if self._controller else None

    def calls(self) -> int:
        """How many calls are carried here."""
        return self._controller.calls if self._controller else 0

    async def _take(self, lease: StoreLease, heir: Heir) -> None:
        """Wait for the lease, and meanwhile know what whoever gets it must know."""
        taking = asyncio.create_task(lease.take(), name="take the lease")
        reading = asyncio.create_task(heir.keep_up(), name="read ahead")
        try:
            done, _ = await asyncio.wait({taking}, timeout=STANDBY_AFTER_SECONDS)
            self._standing_by = not done
            await taking
            self._leading = True
        finally:
            taking.cancel()
            reading.cancel()
            await asyncio.gather(taking, reading, return_exceptions=True)
            self._standing_by = False

    async def _lead(self, heir: Heir, password: str) -> None:
        store, settings = self._parts.store, self._parts.settings
        self._controller = Controller(
            journal=store.journal,
            stores=_stores(self._parts),
            bus=self._parts.bus,
            now=utc_now,
            limits=settings.admission,
            heir=heir,
            ears=self._ears,
        )
        store.journal.write(Event(EventKind.CONTROLLER_STARTED, utc_now()))
        await self._controller.inherit()
        trunks = Trunks(settings.sip)
        while True:
            try:
                async with aclosing(connections(settings.ari, password)) as tries:
                    async for ari in tries:
                        link = AriLink(ari, settings.ari, password, self._prompts, utc_now, trunks=trunks)
                        await self._controller.drive(link)
                        if self._controller.lets_go:
                            return await _until_replaced(ari)
            except Replaced:
                if self._controller.lets_go:
                    return None
                log.error("a controller without our lease drives this Asterisk: is it set up with another store?")
                await asyncio.sleep(REPLACED_PAUSE_SECONDS)

    async def _stop(self, lease: StoreLease) -> None:
        """Give the lease back last, so that the next controller finds all that was done."""
        self._controller = None
        journal = self._parts.store.journal
        journal.write(Event(EventKind.CONTROLLER_STOPPED, utc_now()))
        await self._give_back(lease, journal.flushed())

    async def _give_back(self, lease: StoreLease, *before: Awaitable[None]) -> None:
        try:
            async with asyncio.timeout(PARTING_SECONDS):
                for one in before:
                    await asyncio.shield(one)
                await lease.release()
        except Exception as wrong:
            log.error("the lease is not given back; it runs out by itself", error=type(wrong).__name__)


def _stores(parts: Parts) -> Stores:
    store = parts.store
    texting = Texting(store.outbox, store.journal, parts.settings.sms)
    return Stores(store.calls, store.operators, store.cases, store.centres, store.events, store.directory, texting)


async def _until_replaced(ari: Ari) -> None:
    """Keep the connection, and hear nothing, until the successor's takes its place."""
    ari.gives_way = True
    await ari.closed()


async def _end_of(task: asyncio.Task[None]) -> None:
    """Its end, or its failure; cancelling the wait leaves it alone."""
    await asyncio.shield(task)
