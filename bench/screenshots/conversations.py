"""What operators do just now beside talking: asking a department, an interpreter, ringing; and the day's transfers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random

from kernel.call import Call
from kernel.events import Event, EventKind, Plain
from kernel.operator import OperatorState, OperatorStatus
from kernel.phone_number import PhoneNumber
from kernel.ports import Storable
from kernel.transfer import Step

Write = Callable[..., None]
DEPARTMENTS = ("2110", "2131", "2211", "2301", "2401", "2501")
FAILURES = ("no_answer", "no_answer", "busy", "declined", "unreachable")
INTERPRETER = "0466000901"


def consults(
    write: Write, call: Call, now: datetime, extension: str, step: Step, *, language: str | None = None
) -> None:
    """The operator of ``call`` talks with a department, or with an interpreter."""
    asked = call.consults(extension, "leg", now, language).transfers(step)
    data: dict[str, Plain] = {"extension": extension}
    if language:
        data["language"] = language
    write(asked)
    for kind in (EventKind.CONSULT_STARTED, EventKind.CONSULT_ANSWERED):
        write(Event(kind, now, call.id, call.operator, call.queue, data))


def tried_in_vain(write: Write, call: Call, now: datetime, extension: str) -> None:
    """A department did not answer; the caller is with the operator again."""
    data: dict[str, Plain] = {"extension": extension}
    write(Event(EventKind.CONSULT_STARTED, now - timedelta(seconds=25), call.id, call.operator, call.queue, data))
    over = data | {"why": "no_answer"}
    write(Event(EventKind.CONSULT_ENDED, now, call.id, call.operator, call.queue, over))


def rings(write: Write, operator: str, now: datetime) -> None:
    """The phone of ``operator`` rings for a caller who was here before."""
    asked = now - timedelta(seconds=14)
    call = Call("rings-1", asked, "0466251111", caller=PhoneNumber("0466000101"), menu="main", keys=("1",))
    rung = call.waits_in("enquiries", asked).offered_to(operator, "leg", now - timedelta(seconds=3))
    data: dict[str, Plain] = {"why": "longest_idle", "because": "いちばん長く空いているため"}
    write(rung, Event(EventKind.CALL_QUEUED, asked, call.id, None, "enquiries"))
    write(Event(EventKind.CALL_OFFERED, now, call.id, operator, "enquiries", data))
    write(OperatorStatus(operator, OperatorState.RINGING, now - timedelta(seconds=3), call=call.id))


def transfers_of_the_day(write: Write, begins: datetime, now: datetime, chance: Random) -> None:
    """To departments, and what became of them; and two talks with an interpreter."""
    at = begins
    while (at := at + timedelta(minutes=chance.randint(3, 9))) < now:
        data: dict[str, Plain] = {"extension": chance.choice(DEPARTMENTS)}
        operator, call = f"op{chance.randrange(10)}", f"transfer-{at:%H%M}"
        failed = chance.random() < 0.2
        over = data | ({"reason": chance.choice(FAILURES)} if failed else {})
        kind = EventKind.HAND_OVER_FAILED if failed else EventKind.HAND_OVER_ANSWERED
        write(_event(EventKind.HAND_OVER_STARTED, at, call, operator, data))
        write(_event(kind, at + timedelta(seconds=12), call, operator, over))
    for place, language in enumerate(("en", "pt")):
        at = begins + timedelta(minutes=70 + 90 * place)
        data = {"extension": INTERPRETER, "language": language}
        for kind, minutes in ((EventKind.CONSULT_STARTED, 0), (EventKind.CONSULT_ANSWERED, 1)):
            write(_event(kind, at + timedelta(minutes=minutes), f"interpreted-{place}", "op3", data))
        write(_event(EventKind.CONSULT_ENDED, at + timedelta(minutes=9), f"interpreted-{place}", "op3", data))


def _event(kind: EventKind, at: datetime, call: str, operator: str, data: dict[str, Plain]) -> Storable:
    return Event(kind, at, call, operator, "enquiries", data)
