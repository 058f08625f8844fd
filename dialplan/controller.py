"""The controller: on each connection to the exchange it resumes what lives there and carries every call."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial

import structlog

from dialplan.acd.floor import Floor
from dialplan.acd.limits import PauseLimits
from dialplan.acd.retold import Retold
from dialplan.arrival import Arrival
from dialplan.callbacks import Callbacks
from dialplan.clicks import Clicks
from dialplan.connection import Link
from dialplan.desk import Desk
from dialplan.explainer import Explainer
from dialplan.gatekeeper import Gatekeeper
from dialplan.inheritance import Heir, Stores
from dialplan.names import citizen, owner
from dialplan.newsreader import Newsreader
from dialplan.parting import LetGo, Parting
from dialplan.phones import known_soon, watch_phones
from dialplan.recovery import is_wanted, plan, statuses_after
from dialplan.referrals import Referrals
from dialplan.registry import Registry
from dialplan.resumption import in_turn, in_waves
from dialplan.scene import Scene
from dialplan.stages import STAGES
from dialplan.stages.wrap_up import history_saved, resume_wrap_ups
from dialplan.supervisor import carry
from dialplan.sweep import end_leg, sweep
from dialplan.switch import Detached, SwitchFailed
from dialplan.voicebot.ears import CHANGES_CHOICES, Ears, NoEars
from kernel.admission import Level, Limits
from kernel.call import Call
from kernel.centre import Centre
from kernel.events import Event, EventKind
from kernel.operator import OperatorStatus
from kernel.phone_number import from_caller_id
from kernel.ports import Bus, Clock, Journal

log = structlog.get_logger(__name__)


class Controller:
    """Drives one Asterisk application. ``drive`` runs for one connection; the state between two is the registry."""

    def __init__(
        self,
        *,
        journal: Journal,
        stores: Stores,
        bus: Bus,
        now: Clock,
        limits: Limits | None = None,
        heir: Heir | None = None,
        ears: Ears | None = None,
    ) -> None:
        """``heir`` may have read ahead. ``ears`` listen to callers who speak; without them keys alone lead on."""
        self._ears = ears or NoEars()
        self._journal = journal
        self._stores = stores
        self._heir = heir or Heir(stores, now)
        self.retold = Retold()
        self._bus = bus
        self._now = now
        self._registry = Registry(journal, stores.calls.mark)
        self._callbacks = Callbacks(self._registry, journal, now)
        self._clicks = Clicks(self._registry, journal, now, self._current, stores.calls)
        self._referrals = Referrals(self._registry, self._clicks, stores.directory, now, self._current)
        self._news = Newsreader(bus, stores.events)
        self._keeper = Gatekeeper(limits or Limits(), self._registry, journal, now)
        self._statuses: Sequence[OperatorStatus] = ()
        self._written: list[str] = []
        self._fresh = True
        self._centre: Centre | None = None
        self.driving = asyncio.Event()
        self._parting = Parting(self._registry)

    @property
    def calls(self) -> int:
        """How many calls are not over."""
        return len(self._registry.calls)

    @property
    def congestion(self) -> str | None:
        """What new callers get instead of being let in, and why; None while they are let in."""
        return self._keeper.trouble

    async def let_go(self) -> None:
        """Do nothing more on the connection of now: ``drive`` has returned, with every call left as it is."""
        await self._parting.begin()

    @property
    def lets_go(self) -> bool:
        """Whether it has let go, or is about to."""
        return self._parting.asked

    async def drive(self, link: Link) -> None:
        """Carry calls until the connection is lost or another goes on (returns), or until cancelled."""
        await self.inherit()
        centre = self._current()
        floor = Floor(centre.operators, centre.queues, self.retold.worked)
        desk = Desk(floor, self._journal, self._now, PauseLimits.of(centre), self.retold.pace)
        for status in self._statuses:
            desk.restore(status, corrected=False)
        try:
            async with asyncio.TaskGroup() as tasks:
                phones_known = asyncio.Event()
                tasks.create_task(watch_phones(link, desk, phones_known), name="phones")
                tasks.create_task(link.probe(), name="probe")
                tasks.create_task(self._keeper.watch(link), name="admission")
                arrivals = link.arrivals()
                await known_soon(phones_known)
                await self._recover(link, desk, tasks)
                begin = partial(self._begin, link, desk, tasks)
                clicks = tasks.create_task(self._clicks.hear(self._bus, desk, begin), name="clicks")
                tasks.create_task(self._parting.watch(clicks), name="parting")
                tasks.create_task(self._referrals.hear(link, desk, begin), name="referrals")
                tasks.create_task(self._news.run(partial(self._act_on, desk)), name="news")
                tasks.create_task(Explainer(desk, self._journal, self._now).run(), name="explanations")
                self.driving.set()
                self._journal.write(Event(EventKind.EXCHANGE_CONNECTED, self._now()))
                async for arrival in arrivals:
                    self._arrived(arrival, link, desk, tasks)
        except* LetGo:
            log.info("letting go; another controller goes on", calls=self.calls)
        except* Detached as lost:
            log.warning("detached from the exchange; its calls go on there", why=str(lost.exceptions[0]))
            self._journal.write(Event(EventKind.EXCHANGE_LOST, self._now()))
        except* SwitchFailed as failed:
            log.error("the exchange does not do what is asked; connecting anew", why=str(failed.exceptions[0]))
            self._journal.write(Event(EventKind.EXCHANGE_LOST, self._now()))
        finally:
            self.driving.clear()
            desk.close()
            self._statuses = tuple(desk.floor.statuses())
            self._parting.over()

    async def inherit(self) -> None:
        """Read what the last controller has left, once: later connections need no database, registry and news go on."""
        if self._centre is None:
            left = await self._heir.inherit()
            self._news.last = left.last_event
            self._registry.take(left.calls)
            for call in left.written_up:
                self._registry.remember(call)
            self._statuses = left.statuses
            self._written = list(left.histories)
            self._clicks.were_done(left.clicks)
            self._registry.talked(left.talks)
            self.retold = left.retold
            self._centre = left.centre
            self._ears.learn(left.centre)

    async def _recover(self, link: Link, desk: Desk, tasks: asyncio.TaskGroup) -> None:
        ours, bridges = await asyncio.gather(link.ours(), link.bridges())
        todo = plan(tuple(self._registry.calls.values()), ours, bridges, self._now())
        calls = {call.id: call for call in todo.resume}
        present = tuple(desk.floor.statuses())
        for status in statuses_after(present, calls, self._now(), ours):
            if status not in present:
                desk.restore(status, corrected=True)
        resume_wrap_ups(desk)
        desk.see_off()
        queued, others = in_turn(todo.resume)
        with desk.gathering():
            for call in queued:
                self._resume(call, link, desk, tasks)
            await asyncio.sleep(0)  # each takes its place
            while self._written:
                history_saved(desk, self._written.pop(), None)
        tasks.create_task(
            in_waves(others, lambda call: self._resume(call, link, desk, tasks), link.strain), name="resume"
        )
        await sweep(todo, link.switch)
        for channel in todo.strangers:
            if self._keeper.owes(channel):
                self._send_away(channel, link, tasks)
            elif await self._is_over(channel):
                await end_leg(channel, link.switch)
            elif arrival := await link.describe(channel):
                self._arrived(arrival, link, desk, tasks)
        self._fresh = False
        if todo.resume or todo.orphan_legs:
            log.info("recovered", calls=len(todo.resume), orphans=len(todo.orphan_legs))

    def _resume(self, call: Call, link: Link, desk: Desk, tasks: asyncio.TaskGroup) -> None:
        self._registry.adopt(call, Event(EventKind.CALL_ADOPTED, self._now(), call.id, data={"stage": call.stage}))
        tasks.create_task(self._carry(call, link, desk), name=f"call {call.id}")

    async def _is_over(self, channel: str) -> bool:
        """Whether the caller's call has ended, though the line was not: served again, it would be two calls."""
        return self._registry.knows(channel) or (self._fresh and await self._stores.calls.find(channel) is not None)

    def _arrived(self, arrival: Arrival, link: Link, desk: Desk, tasks: asyncio.TaskGroup) -> None:
        if owner(arrival.channel):
            if not is_wanted(arrival.channel, self._registry.calls):
                tasks.create_task(end_leg(arrival.channel, link.switch), name=f"end {arrival.channel}")
            return
        if self._registry.knows(arrival.channel):  # a late event
            return
        call = Call(arrival.channel, arrival.at, arrival.dialled, from_caller_id(arrival.shows))
        arrived = Event(EventKind.CALL_ARRIVED, arrival.at, call.id, data=arrival.told)
        verdict = self._keeper.judge(link)
        if verdict.level is Level.OPEN:
            self._begin(link, desk, tasks, call, arrived)
        else:
            self._keeper.turn_away(call, arrived, verdict)
            self._send_away(call.id, link, tasks)

    def _begin(self, link: Link, desk: Desk, tasks: asyncio.TaskGroup, call: Call, began: Event) -> None:
        self._registry.save(call, began)
        tasks.create_task(self._carry(call, link, desk), name=f"call {call.id}")

    def _send_away(self, call: str, link: Link, tasks: asyncio.TaskGroup) -> None:
        tasks.create_task(self._keeper.send_away(call, link.switch), name=f"turn away {call}")

    async def _carry(self, call: Call, link: Link, desk: Desk) -> None:
        """Run one call. Whatever goes wrong with it stays with it."""
        with structlog.contextvars.bound_contextvars(call=call.id):
            try:
                await carry(call, self._scene(call, link, desk), STAGES, self._registry.calls)
            except Detached:
                raise
            except Exception:
                log.exception("a call was lost by its supervisor")

    def _scene(self, call: Call, link: Link, desk: Desk) -> Scene:
        known, channel, back = self._registry, citizen(call), self._callbacks
        facts = known.save, self._now, known.last_operator, back, channel, known.requests(call.id), self._ears
        return Scene(link.switch.line(call), link.switch, desk, self._current, *facts, self._stores.texting)

    async def _act_on(self, desk: Desk, event: Event) -> None:
        if event.kind is EventKind.HISTORY_SAVED and event.call:
            history_saved(desk, event.call, event.operator)
        elif event.kind is EventKind.CENTRE_CHANGED:
            await self._stores.centres.refresh()
            self._centre = await self._stores.centres.current()
            desk.arrange(self._centre)
        if event.kind in CHANGES_CHOICES:
            self._ears.learn(self._current())

    def _current(self) -> Centre:
        if self._centre is None:
            raise RuntimeError("the centre's document is read when a connection begins")
        return self._centre
