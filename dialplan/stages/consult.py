"""相談転送: the operator asks a department of the city before the caller is put through to it (T5, T9).

What happens next is decided by ``dialplan.transfer``; here it is done. The step is stored before the exchange is asked
for it, and entered again after a crash it is arranged again, so that whoever dies in between finds what lives.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime

import structlog

from dialplan.names import city_leg
from dialplan.race import both, first
from dialplan.scene import Scene
from dialplan.stages.arrange import Arranger
from dialplan.stages.end_talk import end_talk
from dialplan.stages.held import forget_clicks, held_until
from dialplan.stages.interpret import begin_interpreting, next_interpreter, ring_interpreter, rings
from dialplan.stages.lost import may_come_back
from dialplan.stages.put_aside import told_aside
from dialplan.stages.return_call import return_call
from dialplan.stages.wrap_up import begin_wrap_up
from dialplan.switch import ChannelGone, Detached, Leg, NotAnswered
from dialplan.transfer import WISHES, End, Party, Place, What, respond
from kernel.call import Call, CallerGone
from kernel.commands import Command, CommandKind
from kernel.events import Event, EventKind, Plain
from kernel.transfer import Step

log = structlog.get_logger(__name__)

WHY: Mapping[What, str] = {
    What.CANCEL: "cancelled",
    What.LIMIT: "limit",
    What.DEPARTMENT_LEFT: "hung_up",
    What.OPERATOR_LOST: "operator_lost",
}
"""Why a consultation came to nothing, where the department did not say."""


def begin_consult(call: Call, scene: Scene, wish: Command) -> Call:
    """The call with the caller on hold, and the extension or the interpreter that ``wish`` names about to be rung."""
    if wish.language:
        return begin_interpreting(call, scene, wish.language, wish.id)
    extension = wish.extension or ""
    return rings(call, scene, extension, city_leg(call.id, extension, wish.id))


async def consult(call: Call, scene: Scene) -> Call:
    """Return when the caller is back with the operator, or is put through, or has hung up.

    Whatever goes wrong with the department ends the consultation alone. The operator's hanging up completes it where
    the department has answered, and lets it ring on where not (docs/decisions/transfers.md).
    """
    consultation = Consultation(call, scene)
    try:
        call = await consultation.run()
    except CallerGone as gone:
        call = await end_talk(consultation.call, scene, gone.at)
    except Detached:
        raise
    except Exception:
        log.exception("an attended transfer failed; the caller is back with the operator")
        call = await consultation.break_off()
    forget_clicks(scene.requests)
    return call


class Consultation:
    """One attended transfer. ``call`` is as it was saved last."""

    def __init__(self, call: Call, scene: Scene) -> None:
        assert call.transfer is not None
        self.call = call
        self._scene = scene
        self._transfer = call.transfer
        self._interpreted = call.transfer.language is not None
        self._arranger = Arranger(call, scene)
        self._why = ""

    async def run(self) -> Call:
        """Raises CallerGone."""
        place: Place = self._transfer.step
        self._tell_desk()
        while what := await self._at(place):
            if what is What.NOT_ANSWERED and self._tries_next():
                continue
            if there := respond(place, what, interpreted=self._interpreted):
                place = there
                self._enter(place, what)
                if place is End.OVER:
                    return await end_talk(self.call, self._scene, self._scene.now())
                if place in {Step.BLIND, Step.COMPLETED}:  # stages.hand_over lets the operator go
                    return self.call
                if place is Step.RETURNED:
                    await self._arranger.arrange(self.call, place)
                    return return_call(self.call, self._scene, self._transfer.extension, self._why)
        return self.call

    def _tries_next(self) -> bool:
        """Whether another interpreter is rung instead."""
        if (call := next_interpreter(self.call, self._scene)) is None or call.transfer is None:
            return False
        self.call, self._transfer, self._why = call, call.transfer, ""
        self._arranger = Arranger(call, self._scene)
        return True

    async def break_off(self) -> Call:
        """It can't go on."""
        self._why = "failed"
        self._enter(End.BACK, What.CANCEL)
        await self._arranger.quieten()
        await self._arranger.leave(Party.DEPARTMENT)
        return self.call

    async def _at(self, place: Place) -> What | None:
        """What happens at ``place`` once the exchange is so; None where nothing more can."""
        arranged = self._arranger.arrange(self.call, place)
        try:
            if place is Step.RINGING:  # nobody waits for the music before the phone rings
                return await self._next(place, await both(arranged, self._ring()))
            await arranged
            return await self._next(place)
        except NotAnswered as failed:
            self._why = failed.reason
            return What.NOT_ANSWERED
        except ChannelGone as gone:
            return await self._left(gone.id)

    async def _left(self, channel: str) -> What:
        """Who hung up while being connected."""
        match self._arranger.who(channel):
            case Party.DEPARTMENT:
                return What.DEPARTMENT_LEFT
            case Party.OPERATOR:
                return What.OPERATOR_LOST if may_come_back(self.call, self._scene) else What.OPERATOR_LEFT
            case _:
                await self._scene.line.answer()  # raises CallerGone
                raise ChannelGone(channel)

    async def _next(self, place: Place, rung: Leg | None = None) -> What | None:
        if place is Step.COMPLETING:
            return What.JOINED
        if isinstance(place, End):
            return None
        operator = await self._arranger.find(Party.OPERATOR)
        department = rung or await self._arranger.find(Party.DEPARTMENT)
        ends = [self._caller_gone(), self._operator_gone(operator), self._department(department, place)]
        return await first(*ends, self._wish(place), self._limit(), told_aside(self.call, self._scene, place))

    async def _ring(self) -> Leg:
        """For as long as the city's extension rings; what is left of it after a crash."""
        if self._interpreted:
            return await ring_interpreter(self.call, self._scene)
        scene, outgoing = self._scene, self._scene.centre().outgoing
        rung = (scene.now() - self._transfer.since).total_seconds()
        name = self.call.caller.digits if self.call.caller and outgoing.attended_shows == "caller" else ""
        return await scene.switch.ring(
            self._transfer.leg,
            f"{self._transfer.extension}@city-pbx",
            outgoing.internal_extension or "",
            max(1, round(outgoing.hand_over_seconds - rung)),
            name=name,
        )

    async def _caller_gone(self) -> What:
        raise CallerGone(await self._scene.line.gone())

    async def _operator_gone(self, leg: Leg) -> What:
        await leg.gone()
        lost = leg.fell_silent and may_come_back(self.call, self._scene)
        return What.OPERATOR_LOST if lost else What.OPERATOR_LEFT

    async def _department(self, leg: Leg, place: Place) -> What:
        if place is Step.RINGING:
            await leg.answered()
            return What.ANSWERED
        await leg.gone()
        return What.DEPARTMENT_LEFT

    async def _limit(self) -> What:
        if self.call.held is None:
            await asyncio.Event().wait()
        left = held_until(self.call, self._scene) - self._scene.now()
        await asyncio.sleep(max(0.0, left.total_seconds()))
        return What.LIMIT

    async def _wish(self, place: Place) -> What:
        """The operator's next wish that fits."""
        while True:
            wish = await self._scene.requests.get()
            what = WISHES.get(wish.kind)
            if what and respond(place, what, interpreted=self._interpreted) and self._is_meant(wish):
                return what
            log.warning("a wish of another operator or moment ignored", kind=wish.kind)

    def _is_meant(self, wish: Command) -> bool:
        own = wish.operator == self.call.operator and not wish.expired(self._scene.now())
        return own and (wish.kind is not CommandKind.REJOIN or may_come_back(self.call, self._scene))

    def _enter(self, place: Place, what: What) -> None:
        """Store where it is now, and tell of it."""
        call, now, why = self.call, self._scene.now(), self._why or WHY.get(what, "")
        match place:
            case Step.TALKING if what is What.ANSWERED:
                said = {"language": self._transfer.language} if self._transfer.language else {}
                self._save(call.transfers(place), EventKind.CONSULT_ANSWERED, **said)
            case Step.TALKING:
                self._save(call.transfers(place).is_held(now), EventKind.CONSULT_SWAPPED, to="department", why="asked")
            case Step.SWAPPED:
                data = {"to": "caller", "why": why or "asked"}
                self._save(call.transfers(place).is_taken_back(), EventKind.CONSULT_SWAPPED, **data)
            case Step.THREE:
                self._save(call.transfers(place).is_taken_back(), EventKind.CONSULT_JOINED)
            case Step.COMPLETING:
                self.call = self._scene.save(call.transfers(place))
            case Step.BLIND:
                self.call = self._scene.save(call.transfers_alone(place))
            case Step.COMPLETED:
                self._complete(now)
            case End.BACK | End.LOST if call.transfer:
                self._why = why
                said = {"language": self._transfer.language} if self._transfer.language else {}
                said |= {"extension": self._transfer.extension, "why": why}
                self._save(call.consulted(), EventKind.CONSULT_ENDED, **said)
            case _:
                pass

    def _save(self, call: Call, kind: EventKind, **data: str) -> None:
        self.call = self._scene.save(call, self._scene.event(kind, call, **data))
        self._tell_desk()

    def _tell_desk(self) -> None:
        desk, call = self._scene.desk, self.call
        if call.held:
            desk.holds(call.operator or "", call.id, held_until(call, self._scene))
        else:
            desk.talks(call.operator or "", call.id)

    def _complete(self, at: datetime) -> None:
        """The talk is the department's from now on; the operator writes the history."""
        scene = self._scene
        call = self.call.transfers_alone(Step.COMPLETED).department_answers()
        data: dict[str, Plain] = {"extension": call.extension, "attended": True}
        kinds = (EventKind.HAND_OVER_STARTED, EventKind.HAND_OVER_ANSWERED)
        told = (Event(kind, scene.now(), call.id, call.operator, call.queue, data) for kind in kinds)
        self.call = begin_wrap_up(call, scene, at, *told)
