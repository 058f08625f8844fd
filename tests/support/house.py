"""A whole centre in memory and virtual time: the real controller, stages and desk; exchange and store are fakes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dialplan.acd.retold import Retold
from dialplan.controller import Controller
from dialplan.inheritance import Stores
from dialplan.texting import Texting
from ivr.seed_file import load
from kernel.admission import Limits
from kernel.bus.memory import MemoryBus
from kernel.call import Call, Stage
from kernel.centre import Centre
from kernel.commands import CommandKind, command
from kernel.events import StoredEvent
from kernel.operator import OperatorState, OperatorStatus
from kernel.settings import SmsSettings
from tests.support.fake_ends import Habit
from tests.support.fake_switch import FakeSwitch
from tests.support.memory_store import MemoryStore
from tests.support.speaking import FakeEars

TUESDAY_NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
SEED = Path(__file__).parents[2] / "ivr/seeds/fujisawa.yaml"


class House:
    """Times are virtual: ``now`` is Tuesday noon in Japan plus the loop's time."""

    def __init__(
        self,
        centre: Centre | None = None,
        limits: Limits | None = None,
        ears: FakeEars | None = None,
        sms: SmsSettings | None = None,
    ) -> None:
        self.sms = sms or SmsSettings()
        self.limits = limits
        self.ears = ears
        self.bus = MemoryBus()
        self.store = MemoryStore(centre or load(SEED))
        self.exchange = FakeSwitch(self.now)
        self.start = TUESDAY_NOON
        self._running: asyncio.Task[None] | None = None
        self._controller: Controller | None = None

    def now(self) -> datetime:
        return self.start + timedelta(seconds=asyncio.get_running_loop().time())

    def phone(
        self, extension: str, answers_after: float | None = None, refuses: str | None = None, *, obeys: bool = True
    ) -> None:
        self.exchange.habits[extension] = Habit(answers_after, refuses, obeys)

    def ready(self, *operators: str) -> None:
        """As stored: these operators are ready, in the order of their idle time."""
        for place, operator in enumerate(operators):
            since = self.start - timedelta(minutes=10 - place)
            self.store.write(OperatorStatus(operator, OperatorState.READY, since))

    async def controller(self) -> None:
        """Start a new controller and wait until it drives."""
        store = self.store
        new = Controller(
            journal=store,
            stores=Stores(store, store, store, store, store, store, Texting(store, store, self.sms)),
            bus=self.bus,
            now=self.now,
            limits=self.limits,
            ears=self.ears,
        )
        self._controller = new
        await self.reconnect()

    async def reconnect(self) -> None:
        """The same controller on a new connection, once it drives."""
        assert self._controller is not None
        self._running = asyncio.create_task(self._controller.drive(self.exchange.connect()), name="controller")
        await asyncio.wait_for(self._controller.driving.wait(), 10)

    async def connect_in_vain(self) -> None:
        """A new connection that is lost before it has told anything."""
        assert self._controller is not None
        link = self.exchange.connect()
        self.exchange.detached.set()
        await self._controller.drive(link)

    async def kill(self) -> None:
        """What kill -9 leaves: the tasks stop where they are, the exchange goes on."""
        assert self._running is not None
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)

    async def pull_the_cable(self) -> None:
        assert self._running is not None
        self.exchange.detached.set()
        await self._running

    async def click(self, kind: CommandKind, operator: str, call: str | None = None, **data: Any) -> None:
        await self.bus.publish_command(command(kind, operator, self.now(), call=call, **data))

    async def tell(self, *events: StoredEvent) -> None:
        """Publish what was stored by somebody else."""
        for event in events:
            await self.bus.publish_event(event)

    async def until(self, holds: Callable[[], bool], what: str) -> None:
        """Let virtual time pass until ``holds``."""
        deadline = self.now() + timedelta(minutes=10)
        while not holds():
            assert self.now() < deadline, f"waited for: {what}; events: {[e.event.kind for e in self.store.stored]}"
            await asyncio.sleep(0.01)

    async def at(self, call: str, stage: Stage) -> Call:
        """Wait until ``call`` is saved at ``stage``."""
        await self.until(lambda: call in self.store.calls and self.store.calls[call].stage is stage, f"{call} {stage}")
        return self.store.calls[call]

    @property
    def retold(self) -> Retold:
        """What the controller of now knows of what was done before."""
        assert self._controller is not None
        return self._controller.retold

    def operator(self, id: str) -> OperatorState:
        return self.store.by_operator[id].state


@asynccontextmanager
async def house(
    centre: Centre | None = None,
    limits: Limits | None = None,
    ears: FakeEars | None = None,
    sms: SmsSettings | None = None,
) -> AsyncIterator[House]:
    """A house whose controller is stopped at the end."""
    one = House(centre, limits, ears, sms)
    try:
        yield one
    finally:
        if one._running:
            await one.kill()
        await one.bus.close()
