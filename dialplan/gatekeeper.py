"""Measures how hard it goes, lets callers in or turns them away, and tells when that changes."""

from __future__ import annotations

import asyncio
from itertools import count

import structlog
from prometheus_client import Counter, Gauge

from dialplan.admission.door import OPEN, Door, Verdict
from dialplan.admission.standing import Standing
from dialplan.admission.strain import ORDER, Load, pressures
from dialplan.connection import Link
from dialplan.registry import Registry
from dialplan.switch import Detached, Switch, SwitchFailed
from kernel.admission import Level, Limits
from kernel.call import Call, Outcome, Stage
from kernel.events import Event, EventKind
from kernel.ports import Clock, Journal

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.1
TRIES = 3
"""So often the guidance is asked for, then so often busy; then the caller is hung up."""
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.1, 5.0

LEVEL = Gauge("denwa_admission_level", "What new callers get: 0 let in, 1 the congestion guidance, 2 busy")
TURNED_AWAY = Counter(
    "denwa_calls_turned_away", "Callers who were not let in, by what they got and why", ["how", "why"]
)
PRESSURE = Gauge("denwa_admission_pressure", "Each sign of strain as a share of its limit", ["sign"])


class Gatekeeper:
    """One for a controller: what it has seen survives a lost connection, so an alarm lasts until it is calm again."""

    def __init__(self, limits: Limits, registry: Registry, journal: Journal, now: Clock) -> None:
        self._limits = limits
        self._registry = registry
        self._journal = journal
        self._now = now
        self._loop = asyncio.get_running_loop()
        self._door = Door(limits, self._loop.time())
        self._late = Standing()
        self._told = OPEN
        self._owed: dict[str, Level] = {}

    @property
    def trouble(self) -> str | None:
        """What new callers get, and why; None while they are let in."""
        return None if self._told is OPEN else f"new calls get {self._told.level.value}: {self._told.why}"

    async def watch(self, link: Link) -> None:
        """Measure, for ever: the exchange and the way to it, and whether our own event loop turns in time."""
        while True:
            due = self._loop.time() + LOOK_SECONDS
            await asyncio.sleep(LOOK_SECONDS)
            now = self._loop.time()
            self._late.note(max(0.0, now - due), now)
            load = self._load(link)
            self._door.look(load, now)
            for sign, pressure in pressures(load, self._limits).items():
                PRESSURE.labels(sign).set(pressure)
            self._tell(load)

    def judge(self, link: Link) -> Verdict:
        """What the caller who has just come gets."""
        load = self._load(link)
        verdict = self._door.arrives(load.calls, self._loop.time())
        self._tell(load)
        return verdict

    def turn_away(self, call: Call, arrived: Event, verdict: Verdict) -> None:
        """Store that the caller is not let in. ``send_away`` then lets the caller know."""
        now, how = self._now(), verdict.level.value
        self._owed[call.id] = verdict.level
        TURNED_AWAY.labels(how, verdict.why).inc()
        over = call.is_over(now, Outcome.CONGESTED).is_closed(now)
        away = Event(EventKind.CALL_TURNED_AWAY, now, call.id, data={"how": how, "why": verdict.why})
        ended = Event(EventKind.CALL_ENDED, now, call.id, data={"outcome": Outcome.CONGESTED.value})
        self._registry.save(over, arrived, away, ended)

    def owes(self, call: str) -> bool:
        """Whether the caller was turned away and may not know it yet: the connection was lost in that moment."""
        return call in self._owed

    async def send_away(self, call: str, switch: Switch) -> None:
        """Hand a caller who was turned away to the exchange; nobody is left to hear nothing.

        Where it refuses it is asked again and again, ever more seldom, for less and less, until the caller is gone.
        Raises Detached: then that is done on the next connection.
        """
        pause = FIRST_PAUSE_SECONDS
        for failures in count():
            try:
                await self._ask_away(call, switch, failures)
            except Detached:
                raise
            except SwitchFailed as failed:
                tell = log.error if failures == TRIES else log.warning
                tell("a caller is not turned away; trying again", call=call, why=str(failed), failures=failures + 1)
            else:
                del self._owed[call]
                return
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE_SECONDS)

    async def _ask_away(self, call: str, switch: Switch, failures: int) -> None:
        if failures < 2 * TRIES:
            guided = self._owed[call] is Level.GUIDANCE and failures < TRIES
            await switch.send_away(call, guided=guided)
        elif leg := await switch.find(call):
            await leg.hang_up()

    def _load(self, link: Link) -> Load:
        strain = link.strain()
        return Load(
            calls=sum(_is_on_the_line(call) for call in self._registry.calls.values()),
            reply_seconds=strain.reply_seconds,
            late_seconds=self._late.least(self._loop.time()) or 0.0,
            requests=strain.requests,
            events=strain.events,
            journal=self._journal.backlog,
        )

    def _tell(self, load: Load) -> None:
        """Say so, once, when callers begin or cease to be turned away, or why, or how."""
        state, before = self._door.state, self._told
        if state == before:
            return
        self._told = state
        LEVEL.set(ORDER.index(state.level))
        changed = {"level": state.level.value, "why": state.why, "was": before.level.value}
        self._journal.write(Event(EventKind.ADMISSION_CHANGED, self._now(), data=dict(changed)))
        if state.level is Level.OPEN:
            log.warning("new calls are let in again", was=before.why)
        else:
            log.error("new calls are turned away", how=state.level.value, why=state.why, **_measured(load))


def _is_on_the_line(call: Call) -> bool:
    """A call that is over, but for a history, is not; nor is one whose citizen waits at home to be called back."""
    return call.ended is None and call.stage is not Stage.CALL_BACK


def _measured(load: Load) -> dict[str, float]:
    """The measurement, fit for a line of the log."""
    return {
        "calls": load.calls,
        "reply_ms": round(load.reply_seconds * 1000),
        "late_ms": round(load.late_seconds * 1000),
        "requests": load.requests,
        "events": load.events,
        "journal": load.journal,
    }
