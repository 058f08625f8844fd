"""Where waiting calls and free operators meet: the floor, its clockwork, and the storing of each change."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime

from dialplan.acd import limits, shift
from dialplan.acd.explain import explain_match
from dialplan.acd.floor import Floor, Waiting
from dialplan.acd.pace import Expected, Pace
from dialplan.acd.policy import Decision, Match, next_decision
from dialplan.alarm import Alarm
from dialplan.place import Moved, Place, waiting_of
from dialplan.roster import Roster
from dialplan.switch import Detached
from kernel.call import Call
from kernel.centre import Centre
from kernel.events import Event, EventKind
from kernel.operator import OperatorState, OperatorStatus
from kernel.ports import Clock, Journal


class Desk:
    """The operators' states and the queues. One controller has one desk at a time; a new connection gets a new one."""

    def __init__(self, floor: Floor, journal: Journal, now: Clock, pauses: limits.PauseLimits, pace: Pace) -> None:
        self.floor = floor
        self.roster = Roster(floor, journal, now, pauses, changed=self._distribute, wrapped_up=self.finish_wrap_up)
        self._journal = journal
        self._now = now
        self._places: dict[str, Place] = {}
        self._wrap_ups: dict[str, asyncio.Future[None]] = {}  # by operator: two may write up the same call
        self._alarm = Alarm(now, self._distribute)
        self._gathering = False
        self._pace = pace

    @contextmanager
    def place(self, call: Call, last: str | None = None) -> Generator[Place]:
        """Hold a place in the call's queue; a call that is being offered is out of the queue until the offer fails.

        ``last`` is the operator who last spoke with this caller. On leaving, operators who are still ringing for this
        call are free again. Not so on cancellation or when detached: then phones go on ringing for the next controller.
        """
        waiting = waiting_of(call, last)
        place = Place(waiting, self.enter, self.position)
        if call.offer is None:
            self.enter(place, waiting)
        else:
            others = {status.operator for status in self.floor.statuses() if shift.rings_for(status, call.id)}
            place.operators = (call.offer.operator, *sorted(others - {call.offer.operator}))
            self._places[call.id] = place
        try:
            yield place
        except (asyncio.CancelledError, Detached):
            raise
        except BaseException:
            self._give_up(call.id)
            raise
        self._give_up(call.id)

    @contextmanager
    def gathering(self) -> Generator[None]:
        """Decide nothing until all have come who wait already: who is first of them is not known before."""
        self._gathering = True
        try:
            yield
        finally:
            self._gathering = False
        self._distribute()

    def enter(self, place: Place, waiting: Waiting) -> None:
        """Put a place into its queue and see whether somebody is free."""
        self._places[waiting.call] = place
        self.floor.wait(waiting)
        self._distribute()

    def arrange(self, centre: Centre) -> None:
        """The centre's seats or queues have changed."""
        self.floor.arrange(centre.operators, centre.queues)
        self.roster.pauses = limits.PauseLimits.of(centre)
        self.roster.look_at_phones()
        self.see_off()
        self._distribute()

    def see_off(self) -> None:
        """Log out those whose seat was taken away, each once the call at hand is over."""
        self.roster.see_off()

    def reach(self, extension: str, reachable: bool) -> None:
        """A phone has come or gone (hard case 10)."""
        self.floor.reach(extension, reachable)
        self.roster.look_at_phones(extension)
        self._distribute()

    def position(self, call: str) -> int | None:
        """The call's place in its queue from 1; None when it waits in none."""
        return self.floor.position(call, self._now())

    def expected(self, queue: str, position: int) -> Expected | None:
        """The wait of the call at ``position`` from now on; None where too little is known."""
        return self._pace.expected(queue, position, self.floor.staff.on_duty(queue), self._now())

    def note(self, event: Event) -> None:
        """Store what is true of a call whose state does not change by it."""
        self._journal.write(event)

    def rung_for(self, call: str) -> tuple[str, ...]:
        """Whose phones ring for ``call``, which has a place."""
        operators = self._places[call].operators
        return tuple(operator for operator in operators if shift.rings_for(self.status(operator), call))

    def let_answer(self, call: str, operator: str) -> bool:
        """Let the phone that rings for ``call`` answer by itself; False where it is told so, or another is."""
        place = self._places.get(call)
        return place is not None and operator in self.rung_for(call) and place.let_answer(operator)

    def status(self, operator: str) -> OperatorStatus:
        """The operator's present status."""
        return self.roster.status(operator)

    def restore(self, status: OperatorStatus, *, corrected: bool) -> None:
        """What an operator did when the last controller left; stored only where it had to be corrected."""
        if corrected:
            self._set(status)
        else:
            self.roster.restore(status)

    def log_in(self, operator: str) -> None:
        """Sit down at the desk; raises shift.NotPossible without a seat."""
        if self.floor.seat(operator) is None:
            raise shift.NotPossible("no_seat")
        self._set(shift.log_in(self.status(operator), self._now()))

    def wish(self, operator: str, state: OperatorState, reason: str | None = None, by: str | None = None) -> None:
        """What the operator asks for, or the supervisor ``by`` for the operator; raises shift.NotPossible."""
        self.roster.wish(operator, state, reason, by)

    def move(self, call: str, moved: Moved) -> None:
        """Let a call that waits wait elsewhere; raises shift.NotPossible."""
        place = self.floor.calls.place(call)
        if place is None:
            raise shift.NotPossible("being_offered" if call in self._places else "call_is_over")
        if (place.queue, place.assigned) == (moved.queue, moved.operator):
            raise shift.NotPossible("already_done")
        self.floor.leave(call)
        self._places[call].turn.set_result(moved)

    def dials(self, operator: str, call: str) -> None:
        """The operator's phone rings for a call of the operator's own; raises shift.NotPossible."""
        if not self.floor.reachable(operator):
            raise shift.NotPossible("phone_unreachable")
        self._set(shift.dials(self.status(operator), call, self._now()))

    def talks(self, operator: str, call: str) -> None:
        """The operator has the caller on the line."""
        self._set(shift.talks(self.status(operator), call, self._now()))

    def holds(self, operator: str, call: str, until: datetime) -> None:
        """The operator has the caller on hold, at the latest until ``until``."""
        self._set(shift.holds(self.status(operator), call, until, self._now()))

    def not_answering(self, operator: str, call: str) -> None:
        """The operator's phone rang for ``call`` and was not answered."""
        if self._is_at(operator, call):
            self._set(shift.not_answering(self.status(operator), self._now()))

    def free(self, operator: str, call: str) -> None:
        """``call`` neither rings nor talks at the operator any more; a wrap-up goes on (hard case 9)."""
        if self._is_at(operator, call) and self.status(operator).state is not OperatorState.WRAP_UP:
            self._set(shift.free(self.status(operator), self._now()))

    def wrap_up(self, operator: str, call: str, until: datetime | None) -> None:
        """Start the operator's wrap-up of ``call``, or take it up again after a restart: it never starts anew."""
        if not self._is_at(operator, call):
            return
        if self.status(operator).state is not OperatorState.WRAP_UP:
            self._set(shift.wraps_up(self.status(operator), call, self._now(), until))
        self._wrap_ups.setdefault(operator, asyncio.get_running_loop().create_future())
        self.roster.watch(self.status(operator))

    def extend_wrap_up(self, operator: str, call: str, queue: str) -> None:
        """Give the wrap-up of ``call`` more time, as ``queue`` is set; raises shift.NotPossible."""
        if not self._is_at(operator, call):
            raise shift.NotPossible("wrong_state")
        self._set(limits.extended(self.status(operator), self.floor.rules(queue).queue))

    def finish_wrap_up(self, operator: str, call: str) -> bool:
        """End the wrap-up; False when it was over already."""
        if not self._is_at(operator, call) or operator not in self._wrap_ups:
            return False
        self._wrap_ups.pop(operator).set_result(None)
        self._journal.write(Event(EventKind.WRAP_UP_ENDED, self._now(), call, operator))
        self._set(shift.free(self.status(operator), self._now()))
        return True

    def writing_up(self, call: str) -> frozenset[str]:
        """The operators who write up ``call`` now: two where it came back from a hand-over and was answered again."""
        writers = (status for status in self.floor.statuses() if status.call == call)
        return frozenset(status.operator for status in writers if status.state is OperatorState.WRAP_UP)

    async def wrapped_up(self, operator: str, call: str) -> None:
        """Return when ``operator`` does not write up ``call`` any more."""
        if self._is_at(operator, call) and (over := self._wrap_ups.get(operator)):
            await asyncio.shield(over)

    def close(self) -> None:
        """Stop the clockwork; nothing is stored."""
        self.roster.close()
        self._alarm.set(None)

    def _is_at(self, operator: str, call: str) -> bool:
        return self.status(operator).call == call

    def _give_up(self, call: str) -> None:
        place = self._places.pop(call, None)
        if waiting := self.floor.calls.place(call):
            self._pace.gave_up(waiting.queue, waiting.since, self._now())
        self.floor.leave(call)
        for operator in place.operators if place else ():
            if shift.rings_for(self.status(operator), call):
                self.free(operator, call)

    def _set(self, status: OperatorStatus) -> None:
        self.roster.set(status)

    def _distribute(self) -> None:
        """Carry out all that can be decided now, and come back when time alone allows more."""
        if self._gathering:
            return
        while decision := next_decision(self.floor, self._now()):
            self._carry_out(decision)
        self._alarm.set(self.floor.next_change())

    def _carry_out(self, decision: Decision) -> None:
        waiting, now = decision.waiting, self._now()
        self.floor.leave(waiting.call)
        place = self._places.get(waiting.call)
        if place is None:
            raise RuntimeError(f"the floor decided on call {waiting.call}, unknown to the desk")
        place.turn.set_result(decision)
        if isinstance(decision, Match):
            place.because = explain_match(self.floor, decision, now).text
            place.on_duty = self.floor.staff.on_duty(waiting.queue)
            self._pace.taken(waiting.queue, waiting.since, place.on_duty, now)
            place.operators = decision.operators
            for operator in decision.operators:
                self.roster.store(shift.offered(self.status(operator), waiting.call, now))
