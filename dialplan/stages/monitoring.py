"""A supervisor at a talk: モニター, ささやき, 割り込み, 引き継ぎ. It never disturbs the talk, nor its recording.

The supervisor's phone is alone with a spying channel in a bridge of its own; only who barges in joins the talk's.
All ids derive from the call's, and the call is saved before each step, so that the next controller goes on from there.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace

import structlog

from dialplan.names import SPYING, monitor_bridge, monitor_channels, monitor_leg, spy, talk_bridge
from dialplan.race import first
from dialplan.scene import Scene
from dialplan.switch import ChannelGone, Detached, Leg, NotAnswered
from kernel.call import Call
from kernel.commands import Command, CommandKind
from kernel.events import EventKind
from kernel.monitor import Monitor, MonitorMode

log = structlog.get_logger(__name__)

SUPERVISOR_RING_SECONDS = 30
SHOWN = "モニター"


class Monitoring:
    """What a supervisor does in one talk. ``call`` is as it was saved last."""

    def __init__(self, call: Call, scene: Scene) -> None:
        self.call = call
        self._scene = scene
        self._wishes: asyncio.Queue[Command] = asyncio.Queue()

    def ask(self, wish: Command) -> None:
        """Let the supervisor's wish be done; one of another supervisor than the one at the talk is passed over."""
        self._wishes.put_nowait(wish)

    async def run(self) -> Call:
        """Return the call once a supervisor talks in it and is to take it over; until then do what is wished.

        Whatever goes wrong ends the monitoring alone. Raises Detached. Broken off and begun again, it goes on where it
        was, as after a crash.
        """
        adopted = self.call.monitor
        while True:
            monitor = adopted or self._begin(await self._wishes.get())
            try:
                if monitor and await self._attend(monitor, adopted=adopted is not None):
                    return self.call
            except NotAnswered as failed:
                await self._over(failed.reason)
            except ChannelGone:
                await self._over("hung_up")
            except Detached:
                raise
            except Exception:
                log.exception("a supervisor can't be let into a talk, which goes on")
                await self._over("failed")
            adopted = None

    async def end(self) -> Call:
        """The talk is over: so is what the supervisor heard of it."""
        if self.call.monitor:
            await self._over("talk_ended")
        return self.call

    def _begin(self, wish: Command) -> Monitor | None:
        if wish.kind is CommandKind.STOP_LISTENING:
            return None
        monitor = Monitor(wish.by, monitor_leg(self.call.id, wish.by, wish.id), MonitorMode(wish.kind.value))
        self._save(monitor, EventKind.MONITOR_STARTED, monitor, mode=monitor.mode.value)
        return monitor

    async def _attend(self, monitor: Monitor, *, adopted: bool) -> bool:
        """Ring the supervisor and be of service; whether the call is to be taken over, else it is all over."""
        switch = self._scene.switch
        if adopted and await switch.find(monitor.leg) is None:
            await self._over("hung_up")
            return False
        seat = self._scene.centre().supervisor(monitor.supervisor)
        if seat is None:
            raise NotAnswered("unreachable")
        operator = self._scene.centre().operator(self.call.operator or "")
        shows = operator.extension if operator else ""
        leg = await switch.ring(monitor.leg, seat.extension, shows, SUPERVISOR_RING_SECONDS, name=SHOWN)
        return await self._until_answered(leg) and await self._serve(leg)

    async def _until_answered(self, leg: Leg) -> bool:
        while wish := await first(leg.answered(), self._wishes.get()):
            if not await self._goes_on(wish):
                return False
        return True

    async def _serve(self, leg: Leg) -> bool:
        while True:
            mode = self._monitor.mode
            await self._connect(leg, mode)
            if mode is MonitorMode.TAKE_OVER:
                return True
            wish = await first(_gone(leg), self._wishes.get())
            if wish is None:
                await self._over("hung_up")
                return False
            if not await self._goes_on(wish):
                return False

    async def _goes_on(self, wish: Command) -> bool:
        """Do as the supervisor wishes now; False when that was to stop."""
        monitor = self._monitor
        if wish.by != monitor.supervisor:
            log.warning("a supervisor's wish passed over: another one is at the talk", kind=wish.kind)
        elif wish.kind is CommandKind.STOP_LISTENING:
            await self._over("stopped")
            return False
        else:
            monitor = replace(monitor, mode=MonitorMode(wish.kind.value))
            self._save(monitor, EventKind.MONITOR_CHANGED, monitor, mode=monitor.mode.value)
        return True

    async def _connect(self, leg: Leg, mode: MonitorMode) -> None:
        """What was heard before ends first, so that nobody hears the supervisor who is not meant to."""
        switch, call = self._scene.switch, self.call
        await self._end_spies(but=mode)
        match mode:
            case MonitorMode.LISTEN | MonitorMode.WHISPER:
                ear = spy(call.id, mode)
                await switch.spy(call.operator_leg or "", ear, whisper=mode is MonitorMode.WHISPER)
                await switch.join(monitor_bridge(call.id), leg.id, ear)
            case MonitorMode.BARGE_IN | MonitorMode.TAKE_OVER:
                await switch.join(talk_bridge(call.id), leg.id)
                await switch.part(monitor_bridge(call.id))

    async def _end_spies(self, but: MonitorMode) -> None:
        for mode in SPYING:
            if mode is not but and (ear := await self._scene.switch.find(spy(self.call.id, mode))):
                await ear.hang_up()

    async def _over(self, why: str) -> None:
        """Nothing of it stays; what can't be ended now is ended with the call."""
        monitor, switch = self._monitor, self._scene.switch
        try:
            for channel in monitor_channels(self.call):
                if leg := await switch.find(channel):
                    await leg.hang_up()
            await switch.part(monitor_bridge(self.call.id))
        except Detached:
            raise
        except Exception:
            log.exception("what a supervisor heard by can't be ended")
        self._save(None, EventKind.MONITOR_ENDED, monitor, why=why)

    def _save(self, now: Monitor | None, kind: EventKind, who: Monitor, **data: str) -> None:
        self.call = self.call.monitored(now)
        self._scene.save(self.call, self._scene.event(kind, self.call, by=who.supervisor, **data))

    @property
    def _monitor(self) -> Monitor:
        assert self.call.monitor is not None
        return self.call.monitor


async def _gone(leg: Leg) -> None:
    await leg.gone()
