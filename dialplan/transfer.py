"""What a transfer does next. Pure: where it is and what happened in, where it goes and who is to hear whom out.

Two functions hold all of it. ``respond`` is total: what does not fit where the transfer is, changes nothing.
``acts`` says how the exchange is brought into an arrangement, from whatever it was before: so a step that is entered
again after a crash is simply arranged again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from kernel.commands import CommandKind
from kernel.directory import Entry, Reach
from kernel.transfer import Step


class Party(StrEnum):
    """Who takes part."""

    CALLER = "caller"
    OPERATOR = "operator"
    DEPARTMENT = "department"


class What(StrEnum):
    """What happens to a transfer: what the department does, who hangs up, time, and the operator's wishes.

    ``OPERATOR_LOST``: the operator's page is gone, and nobody hung up. ``LIMIT``: the caller was on hold for as long as
    is allowed (hard case 21). ``JOINED``: caller and department were brought together.
    """

    ANSWERED = "answered"
    NOT_ANSWERED = "not_answered"
    DEPARTMENT_LEFT = "department_left"
    OPERATOR_LEFT = "operator_left"
    OPERATOR_LOST = "operator_lost"
    CALLER_LEFT = "caller_left"
    LIMIT = "limit"
    JOINED = "joined"
    SWAP = "swap"
    THREE = "three"
    COMPLETE = "complete"
    CANCEL = "cancel"


class End(StrEnum):
    """How a transfer ends that led nowhere: the caller is ``BACK`` with the operator, waits for the ``LOST`` page of
    the operator, or has hung up, and all is ``OVER``."""

    BACK = "back"
    LOST = "lost"
    OVER = "over"


Place = Step | End

WISHES: Mapping[CommandKind, What] = {
    CommandKind.SWAP: What.SWAP,
    CommandKind.THREE: What.THREE,
    CommandKind.COMPLETE: What.COMPLETE,
    CommandKind.CANCEL_CONSULT: What.CANCEL,
    CommandKind.REJOIN: What.OPERATOR_LOST,
}
"""What the operator asks for by which command; the page that has lost its sound asks by itself."""

GIVEN_UP: Mapping[What, Place] = {
    What.DEPARTMENT_LEFT: End.BACK,
    What.OPERATOR_LOST: End.LOST,
    What.CANCEL: End.BACK,
}
"""What ends every consultation."""
TALKED: Mapping[What, Place] = {
    **GIVEN_UP,
    What.THREE: Step.THREE,
    What.COMPLETE: Step.COMPLETING,
    What.OPERATOR_LEFT: Step.COMPLETING,
}
"""What can happen once the department has answered: as on a desk telephone, hanging up completes the transfer."""
NEXT: Mapping[Place, Mapping[What, Place]] = {
    Step.RINGING: {
        **GIVEN_UP,
        What.ANSWERED: Step.TALKING,
        What.NOT_ANSWERED: End.BACK,
        What.LIMIT: End.BACK,
        What.COMPLETE: Step.BLIND,
        What.OPERATOR_LEFT: Step.BLIND,
    },
    Step.TALKING: {**TALKED, What.SWAP: Step.SWAPPED, What.LIMIT: Step.SWAPPED},
    Step.SWAPPED: {**TALKED, What.SWAP: Step.TALKING},
    Step.THREE: {**TALKED, What.SWAP: Step.TALKING, What.OPERATOR_LOST: Step.COMPLETING},
    Step.COMPLETING: {What.JOINED: Step.COMPLETED, What.DEPARTMENT_LEFT: End.BACK},
    Step.BLIND: {
        What.ANSWERED: Step.COMPLETED,
        What.NOT_ANSWERED: Step.RETURNED,
        What.DEPARTMENT_LEFT: Step.RETURNED,
    },
    Step.COMPLETED: {What.DEPARTMENT_LEFT: End.OVER},
    End.BACK: {What.OPERATOR_LEFT: Step.RETURNED, What.OPERATOR_LOST: End.LOST},
}


WITH_INTERPRETER: Mapping[What, Place | None] = {
    What.COMPLETE: None,
    What.OPERATOR_LEFT: End.OVER,
    What.OPERATOR_LOST: End.LOST,
}
"""Caller and interpreter are never left to themselves: who hangs up as the operator ends the talk (hard case 23)."""


def respond(place: Place, what: What, *, interpreted: bool = False) -> Place | None:
    """Where a transfer that is at ``place`` goes by ``what``; None where that changes nothing.

    A caller who hangs up ends it everywhere. ``THREE`` in a talk of three is nothing new. ``interpreted``: it is an
    interpreter who is asked.
    """
    if what is What.CALLER_LEFT:
        return None if place is End.OVER else End.OVER
    if interpreted and what in WITH_INTERPRETER:
        return WITH_INTERPRETER[what] if isinstance(place, Step) else None
    there = NEXT.get(place, {}).get(what)
    return None if there is place else there


def unreferable(extension: str | None, entry: Entry | None, *, attended: bool, there: bool) -> str | None:
    """Why a phone's own transfer (REFER) is not taken, as a code; None where it is, as a blind one.

    ``extension`` is to where, None for the other end of a call of the phone's own; ``entry`` is whose extension it is.
    ``attended``: the operator consults somebody at the console. ``there``: somebody should be, at this hour. A phone
    can't ask back: who is not in the directory is rung from the console alone.
    """
    if extension is None:
        return "asked_by_phone"
    if attended:
        return "in_consultation"
    if entry is None:
        return "not_in_directory"
    if entry.reach is not Reach.TRANSFER:
        return "not_transferable"
    return None if there else "out_of_hours"


class Recorded(StrEnum):
    """What becomes of the talk's recording. The department is never on it (T12, hard case 24)."""

    ON = "on"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Who is in the talk's bridge, who hears music, whose line is ended; whoever is in none is left as they are."""

    talk: frozenset[Party]
    music: frozenset[Party]
    leave: frozenset[Party]
    recorded: Recorded


def _arranged(talk: str, music: str, leave: str, recorded: Recorded) -> Arrangement:
    letters = {party.value[0]: party for party in Party}
    talking, hearing, leaving = (frozenset(letters[one] for one in some) for some in (talk, music, leave))
    return Arrangement(talking, hearing, leaving, recorded)


ARRANGED: Mapping[Place, Arrangement] = {
    Step.RINGING: _arranged("o", "c", "", Recorded.PAUSED),
    Step.TALKING: _arranged("od", "c", "", Recorded.PAUSED),
    Step.SWAPPED: _arranged("co", "d", "", Recorded.ON),
    Step.THREE: _arranged("cod", "", "", Recorded.PAUSED),
    Step.COMPLETING: _arranged("cd", "", "", Recorded.STOPPED),
    Step.BLIND: _arranged("", "c", "o", Recorded.STOPPED),
    Step.COMPLETED: _arranged("cd", "", "o", Recorded.STOPPED),
    Step.RETURNED: _arranged("", "c", "od", Recorded.STOPPED),
    End.BACK: _arranged("co", "", "d", Recorded.ON),
    End.LOST: _arranged("", "c", "od", Recorded.PAUSED),
    End.OVER: _arranged("", "", "cod", Recorded.STOPPED),
}
"""By the first letters of caller, operator and department. While caller and department are being brought together the
operator is left where that is: the talk would else be nobody's if it can't be."""


class Act(StrEnum):
    """One thing that the exchange is asked for.

    ``RING_BACK``: the operator hears that somebody is rung; ``QUIET``: no longer, nor is anything said to the caller.
    """

    PAUSE = "pause"
    STOP = "stop"
    LEAVE = "leave"
    MUSIC = "music"
    JOIN = "join"
    RING_BACK = "ring_back"
    QUIET = "quiet"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Deed:
    """An act, and whom it concerns, in a fixed order."""

    act: Act
    parties: tuple[Party, ...] = ()


def acts(place: Place, *, interpreted: bool = False) -> tuple[Deed, ...]:
    """What brings the exchange to how it is at ``place``, so ordered that nobody hears what is not for them.

    The recording is off before the department comes, and on after it has gone. Who leaves, or gets music, does so
    before others join, but the operator last: a caller is never alone meanwhile. What the three say of whom one is an
    interpreter is the caller's own talk, and recorded as that.
    """
    there = ARRANGED[place]
    deeds = tuple(_acts(replace(there, recorded=Recorded.ON) if interpreted and place is Step.THREE else there))
    if place is Step.RINGING:
        return (*deeds, Deed(Act.RING_BACK))
    rung_before = place in {Step.TALKING, End.BACK} or (interpreted and place in {Step.SWAPPED, Step.THREE})
    return (Deed(Act.QUIET), *deeds) if rung_before else deeds


def _acts(arranged: Arrangement) -> Iterator[Deed]:
    if arranged.recorded is not Recorded.ON:
        yield Deed(Act.PAUSE if arranged.recorded is Recorded.PAUSED else Act.STOP)
    for party in (Party.DEPARTMENT, Party.CALLER):
        if party in arranged.leave:
            yield Deed(Act.LEAVE, (party,))
        if party in arranged.music:
            yield Deed(Act.MUSIC, (party,))
    if arranged.talk:
        yield Deed(Act.JOIN, tuple(party for party in Party if party in arranged.talk))
    if Party.OPERATOR in arranged.leave:
        yield Deed(Act.LEAVE, (Party.OPERATOR,))
    if arranged.recorded is Recorded.ON:
        yield Deed(Act.RECORD)
