"""An invented afternoon in the store, written as the controller writes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from bench.screenshots import conversations
from bench.screenshots.people import CITIZENS, MATTERS, PASSWORD, SEATS, USERS
from crm.directory.importing import import_file
from crm.figures.kept import shape
from crm.figures.settled import Counted, keep_day
from crm.store import Store
from dialplan.names import monitor_leg
from ivr.seed_file import load
from kernel.call import Call, Outcome
from kernel.case import HistoryDraft
from kernel.centre import JAPAN, Centre
from kernel.events import Event, EventKind
from kernel.figures import QUARTER, Figures, QueueFigures, rules_of
from kernel.operator import OperatorState, OperatorStatus
from kernel.phone_number import PhoneNumber
from kernel.ports import Storable
from kernel.recording import Recording
from kernel.transfer import Step

SEED = Path(__file__).parents[2] / "ivr/seeds/fujisawa.yaml"
DIRECTORY = SEED.with_name("fujisawa-directory.csv")
DAY = date(2026, 11, 26)
NOW = datetime.combine(DAY, time(14, 20), JAPAN).astimezone(UTC)
OPENS = datetime.combine(DAY, time(8, 30), JAPAN).astimezone(UTC)
SHAPE = (4, 7, 9, 12, 13, 12, 11, 10, 9, 8, 8, 7, 6, 5, 6, 7, 8, 9, 10, 10, 9, 9, 8, 8, 9, 9, 8, 7, 7, 6, 6, 5, 4, 3, 2)
"""Calls of a usual day by quarters of an hour from half past eight on; two of three are enquiries."""


class Afternoon:
    """Writes it. The same each time, for the chance in it is fixed."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.chance = Random(466)
        self.calls = 0
        self.talks = dict[int, Call]()

    async def write(self) -> None:
        """Users, the centre, the day's calls, what goes on just now, and what is usual on such a day."""
        centre = Centre.model_validate(self._document())
        await self.store.centres.save(centre, by="ueda", now=NOW - timedelta(days=60), expected_version=0)
        known = [one.id for one in centre.departments]
        begins = NOW - timedelta(days=60)
        await import_file(self.store.directory, DIRECTORY.read_bytes(), known, by="ueda", now=begins)
        for id, name, role in USERS:
            await self.store.users.create(id, name, role, PASSWORD, NOW - timedelta(days=60))
        self.store.journal.write(Event(EventKind.CONTROLLER_STARTED, OPENS), Event(EventKind.EXCHANGE_CONNECTED, OPENS))
        for begins, calls in self._quarters():
            for _ in range(calls):
                self._past_call(begins + QUARTER * self.chance.random())
        conversations.transfers_of_the_day(self._write, OPENS, NOW, self.chance)
        await self.store.journal.flushed()
        await self._histories()
        self._present()
        await self.store.journal.flushed()
        await self._usual(centre)

    def _document(self) -> dict[str, object]:
        supervisors = [{"id": "mori", "name": "森", "extension": "7901"}]
        return {**load(SEED).model_dump(mode="json"), "operators": SEATS, "supervisors": supervisors}

    def _quarters(self) -> Iterator[tuple[datetime, int]]:
        for place, usual in enumerate(SHAPE):
            begins = OPENS + QUARTER * place
            if begins + QUARTER < NOW:
                yield begins, max(1, usual + self.chance.randint(-2, 3))

    def _past_call(self, at: datetime) -> None:
        self.calls += 1
        queue, operator = ("exchange", "enquiries", "enquiries")[self.calls % 3], f"op{self.chance.randrange(10)}"
        number = PhoneNumber(f"0466000{100 + self.calls % 400}")
        call = Call(f"call-{self.calls}", at, "0466251111", caller=number, menu="main", keys=("1",)).waits_in(queue, at)
        self._tell(call, at, EventKind.CALL_QUEUED)
        wait = timedelta(seconds=self.chance.choice((3, 4, 5, 6, 7, 8, 9, 14, 25)))
        if self.chance.random() < 0.05:
            self._tell(call.is_over(at + wait * 3, Outcome.ABANDONED), at + wait * 3, EventKind.CALL_ABANDONED)
            return
        talk = timedelta(seconds=self.chance.randint(40, 260))
        talks = call.talks_with(operator, "leg", at + wait)
        self._tell(talks, at + wait, EventKind.CALL_ANSWERED)
        self._becomes(operator, OperatorState.TALKING, at + wait, call.id)
        over = talks.wraps_up(at + wait + talk, None)
        self._becomes(operator, OperatorState.WRAP_UP, at + wait + talk, call.id)
        ended = at + wait + talk + timedelta(seconds=25)
        self._tell(over.is_over(ended, Outcome.ANSWERED).is_closed(ended), ended, EventKind.CALL_ENDED)
        self._becomes(operator, OperatorState.READY, ended)
        self._write(Event(EventKind.HISTORY_SAVED, ended, call.id, operator))

    async def _histories(self) -> None:
        for place in range(1, 13):
            subject, text, outcome = MATTERS[place % len(MATTERS)]
            citizen = CITIZENS[place % len(CITIZENS)]
            draft = HistoryDraft(f"call-{place}", f"op{place % 10}", citizen, subject, text, outcome, place % 3 == 0)
            await self.store.cases.save_history(draft, OPENS + timedelta(minutes=11 * place))

    def _present(self) -> None:
        states = [OperatorState.TALKING] * 5 + [OperatorState.WRAP_UP] * 2
        for place, state in enumerate([*states, OperatorState.PAUSED, OperatorState.PHONE_GONE]):
            since = NOW - timedelta(seconds=35 + 47 * place)
            self._becomes(f"op{place}", state, since, self._talk(place, since) if place < 5 else None)
        for place, more in self._conversations().items():
            more(self.talks[place])
        conversations.rings(self._write, "op9", NOW)
        for queue, seconds in (("enquiries", 42), ("enquiries", 19), ("enquiries", 6), ("exchange", 4)):
            self._waiting(queue, NOW - timedelta(seconds=seconds))
        for minutes in (35, 12):
            self._callback(NOW - timedelta(minutes=minutes))
        self._message(NOW - timedelta(minutes=50))
        self._taken_over(NOW - timedelta(minutes=3))
        stuck = Recording("5f" * 16, "call-3", NOW - timedelta(hours=2), stopped=NOW - timedelta(hours=2))
        self.store.journal.write(stuck)

    def _conversations(self) -> dict[int, Callable[[Call], None]]:
        """What goes on in the talks of these operators."""
        at = NOW - timedelta(seconds=21)

        def asks(extension: str, step: Step, language: str | None = None) -> Callable[[Call], None]:
            return lambda call: conversations.consults(self._write, call, at, extension, step, language=language)

        return {
            2: lambda call: conversations.tried_in_vain(self._write, call, at, "2301"),
            3: asks(conversations.INTERPRETER, Step.THREE, "en"),
            4: asks("2110", Step.TALKING),
        }

    def _talk(self, place: int, since: datetime) -> str:
        citizen = CITIZENS[place]
        id = f"talk-{place}"
        call = Call(id, since - timedelta(seconds=20), "0466251111", caller=citizen.phone, menu="main", keys=("1",))
        call = call.waits_in("enquiries" if place else "exchange", since - timedelta(seconds=9))
        self._tell(call, since - timedelta(seconds=9), EventKind.CALL_QUEUED)
        self.talks[place] = call.talks_with(f"op{place}", "leg", since)
        self._tell(self.talks[place], since, EventKind.CALL_ANSWERED)
        return id

    def _waiting(self, queue: str, since: datetime) -> None:
        self.calls += 1
        call = Call(f"waits-{self.calls}", since, "0466251111", caller=PhoneNumber("0466000150"))
        self._tell(call.waits_in(queue, since), since, EventKind.CALL_QUEUED)

    def _callback(self, asked: datetime) -> None:
        self.calls += 1
        call = Call(f"back-{self.calls}", asked, "0466251111", caller=PhoneNumber(f"0466000{self.calls}"))
        waits = call.waits_in("enquiries", asked)
        self._tell(waits, asked, EventKind.CALL_QUEUED)
        self._tell(waits.calls_back(PhoneNumber(f"0466000{self.calls}"), asked), asked, EventKind.CALLBACK_ASKED)

    def _message(self, at: datetime) -> None:
        call = Call("message-1", at, "0466251111", caller=PhoneNumber("0466000160"), menu="main", keys=("1",))
        left = call.waits_in("enquiries", at).takes_message(at)
        ended = at + timedelta(seconds=40)
        self._tell(left, at, EventKind.CALL_QUEUED)
        self._write(Recording("6a" * 16, call.id, at, stopped=ended))
        self._tell(left.is_over(ended, Outcome.LEFT_MESSAGE).is_closed(ended), ended, EventKind.MESSAGE_LEFT)

    def _taken_over(self, at: datetime) -> None:
        """By the supervisor, who still talks."""
        call = Call("taken-1", at, "0466251111", caller=PhoneNumber("0466000161"), menu="main", keys=("1",))
        waits = call.waits_in("enquiries", at)
        self._tell(waits, at, EventKind.CALL_QUEUED)
        talks = waits.talks_with("op9", "leg", at)
        self._tell(talks, at, EventKind.CALL_ANSWERED)
        taken = replace(talks, operator="mori", operator_leg=monitor_leg(call.id, "mori", "click"))
        self._write(taken, Event(EventKind.CALL_TAKEN_OVER, NOW, call.id, "op9", "enquiries", {"by": "mori"}))

    def _becomes(self, operator: str, state: OperatorState, at: datetime, call: str | None = None) -> None:
        reason = "休憩" if state is OperatorState.PAUSED else None
        status = OperatorStatus(operator, state, at, reason=reason, call=call)
        self._write(status, Event(EventKind.OPERATOR_CHANGED, at, call, operator, data={"state": state.value}))

    def _tell(self, call: Call, at: datetime, kind: EventKind) -> None:
        self._write(call, Event(kind, at, call.id, call.operator, call.queue))

    def _write(self, *things: Storable) -> None:
        self.store.journal.write(*things)

    async def _usual(self, centre: Centre) -> None:
        seen = await self.store.events.last_id()
        for weeks in range(1, 7):
            begins = datetime.combine(DAY - timedelta(weeks=weeks), time(), JAPAN)
            quarters = {
                ((begins + timedelta(hours=8, minutes=30) + QUARTER * place).astimezone(UTC), queue): QueueFigures(
                    offered=(count := max(0, round(usual * share) + self.chance.randint(-1, 1))), answered=count
                )
                for place, usual in enumerate(SHAPE)
                for queue, share in (("enquiries", 2 / 3), ("exchange", 1 / 3))
            }
            counted = Counted(Figures(quarters), ())
            await keep_day(self.store.database, begins, counted, shape(rules_of(centre)), seen)
