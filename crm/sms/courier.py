"""Sends on what lies in the outbox: soon after it was written, each message at most once (T13)."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from datetime import timedelta

import structlog
from prometheus_client import Gauge

from crm.errors import told
from crm.sms.outbox import Claimed, Outbox
from kernel.events import EventKind
from kernel.news import news
from kernel.ports import Bus, Clock, EventLog, SmsGateway
from kernel.settings import SmsSettings
from kernel.sms import Doubtful, NotTaken, Refused, SmsAnswer, SmsState, Taken

log = structlog.get_logger(__name__)

AT_ONCE = 4
LOOK_SECONDS = 5.0
RETRY_SECONDS = 1.0
PAUSES_SECONDS = (5.0, 30.0, 120.0, 300.0)
"""Between one try that the gateway did not take and the next; the last one goes on."""
GRACE = timedelta(seconds=30)
"""Beyond the gateway's own time: then whoever was sending has died."""
WAITING = Gauge("denwa_sms_waiting", "Messages that are neither sent nor given up, at the last look")


class Courier:
    """``run`` it wherever messages are sent from. Several at once do no harm."""

    def __init__(
        self, outbox: Outbox, gateway: SmsGateway, events: EventLog, bus: Bus, *, settings: SmsSettings, clock: Clock
    ) -> None:
        self._outbox = outbox
        self._gateway = gateway
        self._events = events
        self._bus = bus
        self._settings = settings
        self._clock = clock
        self._work = asyncio.Event()

    async def run(self) -> None:
        """Never returns. What is being sent when it is cancelled is waited for, as long as the gateway may take."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._listen(), name="hear of messages to send")
            tasks.create_task(self._send_on(), name="send messages")

    async def once(self) -> None:
        """Send all that is due now."""
        dead = timedelta(seconds=self._settings.timeout_seconds) + GRACE
        if doubted := await self._outbox.doubt(self._clock() - dead, self._clock()):
            log.error("messages were being sent by a process that died: nobody sends them again", messages=doubted)
        for failed in await asyncio.gather(*(self._carry() for _ in range(AT_ONCE)), return_exceptions=True):
            if failed:
                raise failed
        WAITING.set(await self._outbox.waiting())

    async def _carry(self) -> None:
        while claimed := await self._outbox.claim(self._clock(), self._settings.a_day):
            sending = asyncio.create_task(self._send(claimed), name="send a message")
            try:
                await asyncio.shield(sending)
            except asyncio.CancelledError:
                await asyncio.wait({sending}, timeout=self._settings.timeout_seconds)
                sending.cancel()
                await asyncio.gather(sending, return_exceptions=True)
                raise

    async def _send(self, claimed: Claimed) -> None:
        answer = await self._asked(claimed)
        while True:
            try:
                return await self._keep(claimed, answer)
            except Exception as wrong:
                log.error("what came of a message can't be stored; trying again", sms=claimed.sms.id, error=told(wrong))
                await asyncio.sleep(RETRY_SECONDS)

    async def _asked(self, claimed: Claimed) -> SmsAnswer:
        try:
            return await self._gateway.send(claimed.sms)
        except Exception as wrong:
            log.error("a message may be sent or not", sms=claimed.sms.id, error=type(wrong).__name__)
            return Doubtful("failed")

    async def _keep(self, claimed: Claimed, answer: SmsAnswer) -> None:
        match answer:
            case Taken():
                await self._settle(claimed, SmsState.SENT, None)
            case NotTaken(why) if claimed.tries < self._settings.tries:
                pause = PAUSES_SECONDS[min(claimed.tries, len(PAUSES_SECONDS)) - 1]
                await self._outbox.again(claimed, self._clock() + timedelta(seconds=pause), why)
                log.warning("the gateway did not take a message; trying again", sms=claimed.sms.id, why=why)
            case NotTaken(why) | Refused(why):
                await self._settle(claimed, SmsState.REFUSED, why)
            case Doubtful(why):
                await self._settle(claimed, SmsState.UNCERTAIN, why)

    async def _settle(self, claimed: Claimed, state: SmsState, why: str | None) -> None:
        await self._outbox.settle(claimed, state, why, self._clock())
        if state is not SmsState.SENT:
            log.error("a message was not sent for certain", sms=claimed.sms.id, state=state.value, why=why)

    async def _listen(self) -> None:
        while True:
            try:
                async with aclosing(news(self._bus, self._events, await self._events.last_id())) as happened:
                    async for stored in happened:
                        if stored.event.kind is EventKind.SMS_ASKED:
                            self._work.set()
            except Exception as wrong:
                log.error("news of messages can't be read; trying again", error=told(wrong))
                await asyncio.sleep(RETRY_SECONDS)

    async def _send_on(self) -> None:
        while True:
            self._work.clear()
            try:
                await self.once()
            except Exception as wrong:
                log.error("messages can't be sent; trying again", error=told(wrong))
            try:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._work.wait()
            except TimeoutError:
                continue
