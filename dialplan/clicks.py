"""Operators' and supervisors' clicks: each is done once, in time, or refused with a reason."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import assert_never

import structlog

from dialplan import orders
from dialplan.acd.shift import NotPossible
from dialplan.desk import Desk
from dialplan.dialling import Begin, Dialling
from dialplan.names import is_monitor_leg
from dialplan.registry import Registry
from kernel.call import Call, Stage
from kernel.centre import Centre
from kernel.commands import TRANSFERRING, Command, CommandKind
from kernel.events import Event, EventKind
from kernel.operator import OperatorState
from kernel.ports import Bus, Calls, Clock, Journal, Lagged

log = structlog.get_logger(__name__)

REMEMBERED = 1_000
OF_OPERATORS = frozenset(
    {
        CommandKind.HANG_UP,
        CommandKind.HAND_OVER,
        CommandKind.TELL_NUMBER,
        CommandKind.CONSULT,
        CommandKind.HOLD,
        CommandKind.RESUME,
        CommandKind.REJOIN,
    }
)
"""What operators may do to their talks."""
OF_LEADERS = frozenset({CommandKind.HANG_UP, CommandKind.HAND_OVER, CommandKind.TELL_NUMBER, CommandKind.PUT_BACK})
"""What supervisors may do to talks that they have taken over: they have no state, which a hold would need."""


class Clicks:
    """Does commands. Reasons of refusal: expired, call_is_over, not_your_call, already_done, wrong_state,
    phone_unreachable, no_limit, no_more_extensions, callback_rings; and those of ``dialplan.orders`` and
    ``dialplan.dialling``."""

    def __init__(
        self, registry: Registry, journal: Journal, now: Clock, centre: Callable[[], Centre], calls: Calls
    ) -> None:
        self._registry = registry
        self._journal = journal
        self._now = now
        self._centre = centre
        self._dialling = Dialling(registry, calls, now, centre)
        self._done: OrderedDict[str, None] = OrderedDict()

    async def hear(self, bus: Bus, desk: Desk, begin: Begin) -> None:
        """Do what comes, for ever; ``begin`` carries the calls that operators make."""
        while True:
            try:
                async with bus.commands() as commands:
                    async for command in commands:
                        self.do(command, desk, begin)
            except Lagged:
                log.warning("clicks may have been lost on the bus; the console tells their operators to press again")

    def do(self, command: Command, desk: Desk, begin: Begin) -> bool:
        """Do ``command`` unless it was done already; a refusal is an event that the console shows (hard case 30).

        Whether it was done now.
        """
        if command.id in self._done:
            return False
        self.were_done([command.id])
        try:
            if command.expired(self._now()):
                raise NotPossible("expired")
            self._act(command, desk, begin)
            self._journal.write(self._told(EventKind.COMMAND_DONE, command))
        except NotPossible as refused:
            self.refuse(command, refused.reason)
            return False
        return True

    def refuse(self, command: Command, reason: str) -> None:
        """Tell who asked."""
        log.info("command refused", kind=command.kind.value, by=command.by, reason=reason)
        self._journal.write(self._told(EventKind.COMMAND_REFUSED, command, reason=reason))

    def were_done(self, clicks: Iterable[str]) -> None:
        """The commands of these ids are settled, also by another controller; the bus may tell of them again."""
        for id in clicks:
            self._done[id] = None
            if len(self._done) > REMEMBERED:
                self._done.popitem(last=False)

    def _told(self, what: EventKind, command: Command, **more: str) -> Event:
        data = {"command": command.id, "kind": command.kind.value, **more}
        return Event(what, self._now(), command.call, command.by, data=data)

    def _act(self, command: Command, desk: Desk, begin: Begin) -> None:
        by = command.by if command.by != command.operator else None
        match command.kind:
            case CommandKind.LOG_IN:
                desk.log_in(command.operator)
            case CommandKind.LOG_OUT:
                desk.wish(command.operator, OperatorState.LOGGED_OUT, by=by)
            case CommandKind.READY:
                desk.wish(command.operator, OperatorState.READY, by=by)
            case CommandKind.PAUSE:
                desk.wish(command.operator, OperatorState.PAUSED, command.reason, by)
            case CommandKind.FINISH_WRAP_UP:
                if not desk.finish_wrap_up(command.operator, command.call or ""):
                    raise NotPossible("already_done")
            case CommandKind.EXTEND_WRAP_UP:
                call = command.call or ""
                desk.extend_wrap_up(command.operator, call, self._registry.queue_of(call) or "")
            case (
                CommandKind.HANG_UP
                | CommandKind.HAND_OVER
                | CommandKind.TELL_NUMBER
                | CommandKind.CONSULT
                | CommandKind.HOLD
                | CommandKind.RESUME
                | CommandKind.PUT_BACK
                | CommandKind.REJOIN
                | CommandKind.CANCEL_CALLBACK
                | CommandKind.SWAP
                | CommandKind.THREE
                | CommandKind.COMPLETE
                | CommandKind.CANCEL_CONSULT
            ):
                self._to_the_call(command)
            case CommandKind.DIAL:
                self._dialling.do(command, desk, begin)
            case CommandKind.ANSWER | CommandKind.MOVE_TO_QUEUE | CommandKind.MOVE_TO_OPERATOR:
                orders.WAITING[command.kind](command, desk, self._registry, self._centre())
            case (
                CommandKind.LISTEN
                | CommandKind.WHISPER
                | CommandKind.BARGE_IN
                | CommandKind.TAKE_OVER
                | CommandKind.STOP_LISTENING
            ):
                orders.to_the_talk(command, desk, self._registry, self._centre())
            case _:
                assert_never(command.kind)

    def _to_the_callback(self, command: Command, call: Call | None) -> None:
        if call is None or call.stage is not Stage.CALL_BACK:
            raise NotPossible("call_is_over")
        if call.offer or (call.callback and call.callback.ringing):
            raise NotPossible("callback_rings")
        self._pass_on(command, call)

    def _to_who_dials(self, command: Command, call: Call) -> None:
        """As long as the citizen has not answered the operator may only give up."""
        if command.kind is not CommandKind.HANG_UP:
            raise NotPossible("wrong_state")
        if not call.offer or call.offer.operator != command.by:
            raise NotPossible("not_your_call")
        self._pass_on(command, call)

    def _pass_on(self, command: Command, call: Call) -> None:
        try:
            self._registry.requests(call.id).put_nowait(command)
        except asyncio.QueueFull:
            raise NotPossible("already_done") from None

    def _to_the_call(self, command: Command) -> None:
        call = self._registry.calls.get(command.call or "")
        if command.kind is CommandKind.CANCEL_CALLBACK:
            self._to_the_callback(command, call)
        elif call and call.stage is Stage.DIAL:
            self._to_who_dials(command, call)
        else:
            self._to_the_talk(command, call)

    def _to_the_talk(self, command: Command, call: Call | None) -> None:
        if call is None or call.stage not in {Stage.TALK, Stage.CONSULT}:
            raise NotPossible("call_is_over")
        if not call.operator == command.operator == command.by:
            raise NotPossible("not_your_call")
        if call.stage is Stage.CONSULT or command.kind in TRANSFERRING:
            orders.check_transfer(command, call)
        else:
            self._check_talk(command, call)
        try:
            self._registry.clicked(command, call.id)
        except asyncio.QueueFull:
            raise NotPossible("already_done") from None

    def _check_talk(self, command: Command, call: Call) -> None:
        if command.kind not in (OF_LEADERS if is_monitor_leg(call.operator_leg) else OF_OPERATORS):
            raise NotPossible("wrong_state")
        if command.kind is CommandKind.PUT_BACK and self._centre().queue(command.queue or "") is None:
            raise NotPossible("unknown_queue")
        if command.kind is (CommandKind.HOLD if call.held else CommandKind.RESUME):
            raise NotPossible("already_done")
        if command.kind is CommandKind.CONSULT:
            self._check_consult(command, call)

    def _check_consult(self, command: Command, call: Call) -> None:
        if call.lost or not (command.extension or command.language):
            raise NotPossible("wrong_state")
        if command.language and self._centre().interpreter(command.language) is None:
            raise NotPossible("no_interpreter")
