"""A random hour or two of a small centre, as its log tells it: calls, operators, outages. Whole seconds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from kernel.events import Event, EventKind

MIDNIGHT = datetime(2026, 11, 23, 15, tzinfo=UTC)
QUEUES = ("enquiries", "exchange")
OPERATORS = ("sato", "suzuki")
SUPERVISORS = ("kanri", "mori")


class RandomFloor:
    """``events`` in the log's order, ``ended`` by call; it begins an hour before midnight in Japan."""

    def __init__(self, chance: Random, steps: int) -> None:
        self.chance = chance
        self.now = MIDNIGHT - timedelta(hours=1)
        self.events: list[Event] = []
        self.ended: dict[str, datetime] = {}
        self.state = dict.fromkeys(OPERATORS, "logged_out")
        self.at: dict[str, str | None] = dict.fromkeys(OPERATORS)
        self.waiting: dict[str, str] = {}
        self.talking: dict[str, tuple[str, str]] = {}
        self.owed: dict[str, str] = {}
        self.handing: dict[str, tuple[str, str]] = {}
        self.handed: dict[str, str] = {}
        self.led: dict[str, str] = {}
        self.answered: set[str] = set()
        self.calls = 0
        deeds = (self.arrives, self.arrives, self.abandons, self.rings, self.rings, self.talk_ends, self.hands_over)
        others = (
            self.department,
            self.department_ends,
            self.wraps_up,
            self.shifts,
            self.moves,
            self.fails,
            self.outage,
            self.asks_back,
            self.calls_back,
            self.takes_over,
            self.supervisor_ends,
        )
        for _ in range(steps):
            self.now += timedelta(seconds=chance.choice((0, 1, 3, 9, 10, 11, 40, 200)))
            chance.choice(deeds + others)()

    def tell(self, kind: EventKind, call: str | None, queue: str | None, operator: str | None = None, **data) -> None:
        self.events.append(Event(kind, self.now, call, operator, queue, data))

    def becomes(self, operator: str, state: str, call: str | None = None) -> None:
        self.state[operator], self.at[operator] = state, call
        self.tell(EventKind.OPERATOR_CHANGED, call, None, operator, state=state)

    def any(self, some):
        return self.chance.choice(sorted(some)) if some else None

    def arrives(self) -> None:
        self.calls += 1
        call, queue = f"c{self.calls}", self.chance.choice(QUEUES)
        self.tell(EventKind.CALL_ARRIVED, call, None)
        self.enters(call, queue)

    def enters(self, call: str, queue: str) -> None:
        self.waiting[call] = queue
        self.tell(EventKind.CALL_QUEUED, call, queue)

    def abandons(self, late: int = 0) -> None:
        if call := self.any(self.waiting):
            self.ended[call] = self.now - timedelta(seconds=late)
            kind = EventKind.CALL_LOST if call in self.answered else EventKind.CALL_ABANDONED
            self.tell(kind, call, self.waiting.pop(call))
            self.tell(EventKind.CALL_ENDED, call, None)

    def moves(self) -> None:
        if call := self.any(self.waiting):
            self.enters(call, self.chance.choice(QUEUES))

    def fails(self) -> None:
        if call := self.any(self.waiting):
            self.ended[call] = self.now
            self.tell(EventKind.CALL_FAILED, call, self.waiting.pop(call))

    def asks_back(self) -> None:
        if call := self.any(self.waiting):
            self.owed[call] = self.waiting.pop(call)
            self.tell(EventKind.CALLBACK_ASKED, call, self.owed[call])

    def calls_back(self) -> None:
        if call := self.any(self.owed):
            queue = self.owed.pop(call)
            if self.chance.random() < 0.5:
                self.ended[call] = self.now
                self.tell(EventKind.CALLBACK_GIVEN_UP, call, queue)
                self.tell(EventKind.CALL_ENDED, call, queue)
            else:
                self.waiting[call] = queue
                self.rings(call)
                if self.waiting.pop(call, None):
                    self.owed[call] = queue

    def rings(self, this: str | None = None) -> None:
        call, operator = (
            this or self.any(self.waiting),
            self.any([one for one, state in self.state.items() if state == "ready"]),
        )
        if not call or not operator:
            return
        queue = self.waiting[call]
        self.becomes(operator, "ringing", call)
        self.now += timedelta(seconds=self.chance.randrange(15))
        if self.chance.random() < 0.2:
            self.becomes(operator, "not_answering")
            self.tell(EventKind.OFFER_NOT_ANSWERED, call, queue, operator, reason="timeout")
            return
        del self.waiting[call]
        self.talking[call] = operator, queue
        self.answered.add(call)
        self.becomes(operator, "talking", call)
        self.tell(EventKind.CALL_ANSWERED, call, queue, operator)

    def talk_ends(self) -> None:
        if call := self.any(self.talking):
            operator, queue = self.talking.pop(call)
            self.ended[call] = self.now
            self.becomes(operator, "wrap_up", call)
            self.tell(EventKind.TALK_ENDED, call, queue, operator)

    def hands_over(self) -> None:
        if call := self.any(self.talking):
            operator, queue = self.handing[call] = self.talking.pop(call)
            self.becomes(operator, "wrap_up", call)
            self.tell(EventKind.HAND_OVER_STARTED, call, queue, operator)

    def takes_over(self) -> None:
        if call := self.any(self.talking):
            operator, queue = self.talking.pop(call)
            self.led[call] = queue
            self.becomes(operator, "wrap_up", call)
            by = self.chance.choice(SUPERVISORS)
            self.tell(EventKind.CALL_TAKEN_OVER, call, queue, operator, by=by)

    def supervisor_ends(self) -> None:
        """By hanging up, putting the caller back into a queue, or handing over."""
        if call := self.any(self.led):
            queue = self.led.pop(call)
            match self.chance.choice(("hang_up", "put_back", "hand_over")):
                case "hang_up":
                    self.ended[call] = self.now
                    self.tell(EventKind.TALK_ENDED, call, queue)
                    self.tell(EventKind.CALL_ENDED, call, queue)
                case "put_back":
                    self.enters(call, self.chance.choice(QUEUES))
                case _:
                    self.handed[call] = queue
                    self.tell(EventKind.HAND_OVER_STARTED, call, queue)

    def department(self) -> None:
        if call := self.any(self.handing):
            operator, queue = self.handing.pop(call)
            if self.chance.random() < 0.5:
                self.handed[call] = queue
                self.tell(EventKind.HAND_OVER_ANSWERED, call, queue, operator)
            else:
                self.tell(EventKind.HAND_OVER_FAILED, call, queue, operator)
                self.enters(call, queue)

    def department_ends(self) -> None:
        if call := self.any(self.handed):
            self.tell(EventKind.CALL_ENDED, call, self.handed.pop(call))
            self.ended[call] = self.now

    def wraps_up(self) -> None:
        if operator := self.any([one for one, state in self.state.items() if state == "wrap_up"]):
            self.becomes(operator, self.chance.choice(("ready", "paused", "logged_out")))

    def shifts(self) -> None:
        idle = [one for one, state in self.state.items() if state in {"logged_out", "ready", "paused", "not_answering"}]
        if operator := self.any(idle):
            self.becomes(operator, self.chance.choice(("ready", "ready", "paused", "logged_out")))

    def outage(self) -> None:
        """Nobody connected for a while; a caller who hung up meanwhile is found out late, with the right time."""
        before = self.now
        self.now += timedelta(seconds=self.chance.randrange(60))
        self.abandons(late=self.chance.randrange((self.now - before).seconds + 1))
        self.tell(EventKind.CONTROLLER_STARTED, None, None)
