"""What queues and operators did, as figures that add up: quarters of an hour to days, days to months. Pure.

A call is counted once: at the queue in which its first wait ended, in the quarter of an hour in which that wait began.
Time (talk, wrap-up, …) is counted where it passed, to the microsecond.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import TypeVar

from kernel.centre import Centre
from kernel.quotients import mean, share

QUARTER = timedelta(minutes=15)
NONE = timedelta()


@dataclass(frozen=True, slots=True)
class Rule:
    """A queue's bounds: an answer within ``target`` is in time; who hangs up within ``short`` hardly waited."""

    target: timedelta = timedelta(seconds=10)
    short: timedelta = timedelta(seconds=5)


Rules = Mapping[str, Rule]


def rules_of(centre: Centre) -> Rules:
    """The bounds as the centre sets them now; they are applied to the past as well."""
    return {
        queue.id: Rule(timedelta(seconds=queue.target_seconds), timedelta(seconds=queue.short_abandon_seconds))
        for queue in centre.queues
    }


@dataclass(frozen=True, slots=True)
class QueueFigures:
    """Counts of calls, sums of time.

    offered = answered + abandoned + left + waiting. ``within``: answered in time. ``beyond``: waited longer than the
    target, whatever came of it. ``short``: of the abandoned. ``left``: neither answered nor abandoned, by a failure for
    instance. ``waiting`` now, of which ``pending`` may still be answered in time. ``returned``: came back from an
    operator, of which ``lost`` then hung up. ``transfers``: a department answered.

    ``callbacks``: of ``left``, those who asked to be called back, of whom so many were ``reached`` or ``given_up``; the
    others still wait for it. The talk's time is the queue's, the operator has answered a call.

    ``talk`` is also what a supervisor talked in a call that was taken over. Means are over what was ``handled``: the
    time that passed in the span, for each call that was answered in it.
    """

    offered: int = 0
    answered: int = 0
    within: int = 0
    beyond: int = 0
    abandoned: int = 0
    short: int = 0
    left: int = 0
    callbacks: int = 0
    reached: int = 0
    given_up: int = 0
    waiting: int = 0
    pending: int = 0
    returned: int = 0
    lost: int = 0
    transfers: int = 0
    answered_wait: timedelta = NONE
    abandoned_wait: timedelta = NONE
    longest_wait: timedelta = NONE
    talk: timedelta = NONE
    hold: timedelta = NONE
    wrap_up: timedelta = NONE

    def __add__(self, other: QueueFigures) -> QueueFigures:
        return replace(_added(self, other), longest_wait=max(self.longest_wait, other.longest_wait))

    @property
    def service_level_of_offered(self) -> float | None:
        """Answered within the target, of all that were offered and could have been."""
        return share(self.within, self.offered - self.pending)

    @property
    def service_level_of_answered(self) -> float | None:
        """Answered within the target, of all answered: it does not see who gave up."""
        return share(self.within, self.answered)

    @property
    def service_level_without_short(self) -> float | None:
        """Answered within the target, of the offered without those who hung up at once."""
        return share(self.within, self.offered - self.pending - self.short)

    def service_level(self, of: str) -> float | None:
        """By the name of what it is a share of: ``offered``, ``answered`` or ``without_short`` (kernel.routing)."""
        match of:
            case "answered":
                return self.service_level_of_answered
            case "without_short":
                return self.service_level_without_short
            case _:
                return self.service_level_of_offered

    @property
    def answer_rate(self) -> float | None:
        """Answered, of all whose wait is over."""
        return share(self.answered, self.offered - self.waiting)

    @property
    def speed_of_answer(self) -> timedelta | None:
        """The answered calls' mean wait."""
        return mean(self.answered_wait, self.answered)

    @property
    def patience(self) -> timedelta | None:
        """Waiting time for each caller who gave up: the mean patience, as far as it shows (censored, exponential)."""
        return (self.answered_wait + self.abandoned_wait) / self.abandoned if self.abandoned else None

    @property
    def handled(self) -> int:
        """Calls that operators talked in: answered, or called back and reached."""
        return self.answered + self.reached

    @property
    def mean_talk(self) -> timedelta | None:
        return mean(self.talk, self.handled)

    @property
    def mean_hold(self) -> timedelta | None:
        return mean(self.hold, self.handled)

    @property
    def mean_wrap_up(self) -> timedelta | None:
        return mean(self.wrap_up, self.handled)

    @property
    def handling(self) -> timedelta | None:
        """Talk, hold and wrap-up for each call that was handled (AHT)."""
        return mean(self.talk + self.hold + self.wrap_up, self.handled)


@dataclass(frozen=True, slots=True)
class OperatorFigures:
    """``answered``: calls, each once. The times of all states but logged out; they add up to the shift.

    ``taken_over``: calls that this supervisor took over from operators, and ``led`` how long these talks then were:
    no part of a shift, a supervisor has no state. Means are over what was ``handled``.
    """

    answered: int = 0
    not_answered: int = 0
    transfers: int = 0
    taken_over: int = 0
    led: timedelta = NONE
    ready: timedelta = NONE
    ringing: timedelta = NONE
    talk: timedelta = NONE
    hold: timedelta = NONE
    wrap_up: timedelta = NONE
    paused: timedelta = NONE
    not_answering: timedelta = NONE
    phone_gone: timedelta = NONE
    other: timedelta = NONE

    def __add__(self, other: OperatorFigures) -> OperatorFigures:
        return _added(self, other)

    @property
    def busy(self) -> timedelta:
        """With a call, from its ringing to the end of its wrap-up."""
        return self.ringing + self.talk + self.hold + self.wrap_up

    @property
    def shift(self) -> timedelta:
        """Logged in."""
        return self.busy + self.ready + self.paused + self.not_answering + self.phone_gone + self.other

    @property
    def occupancy(self) -> float | None:
        """Busy, of the time busy or ready; pauses are outside."""
        return share(self.busy / QUARTER, (self.busy + self.ready) / QUARTER)

    @property
    def handled(self) -> int:
        """Calls talked in."""
        return self.answered + self.taken_over

    @property
    def speed_of_answer(self) -> timedelta | None:
        """How long the phone rang for each offer, answered or not."""
        return mean(self.ringing, self.answered + self.not_answered)

    @property
    def mean_talk(self) -> timedelta | None:
        return mean(self.talk + self.led, self.handled)

    @property
    def mean_hold(self) -> timedelta | None:
        return mean(self.hold, self.handled)

    @property
    def mean_wrap_up(self) -> timedelta | None:
        return mean(self.wrap_up, self.handled)

    @property
    def handling(self) -> timedelta | None:
        """Talk, hold and wrap-up for each call talked in (AHT)."""
        return mean(self.talk + self.led + self.hold + self.wrap_up, self.handled)


@dataclass(frozen=True, slots=True)
class Figures:
    """By the beginning of the quarter of an hour (aware, UTC) and by queue or operator."""

    queues: Mapping[tuple[datetime, str], QueueFigures] = field(
        default_factory=dict[tuple[datetime, str], QueueFigures]
    )
    operators: Mapping[tuple[datetime, str], OperatorFigures] = field(
        default_factory=dict[tuple[datetime, str], OperatorFigures]
    )

    def __add__(self, other: Figures) -> Figures:
        return Figures(
            summed([*self.queues.items(), *other.queues.items()], lambda key: key),
            summed([*self.operators.items(), *other.operators.items()], lambda key: key),
        )


F = TypeVar("F", QueueFigures, OperatorFigures)
K = TypeVar("K")
G = TypeVar("G")


def summed(figures: Iterable[tuple[K, F]], group: Callable[[K], G]) -> dict[G, F]:
    """Add up what ``group`` gives the same name."""
    sums: dict[G, F] = {}
    for name, one in ((group(key), one) for key, one in figures):
        sums[name] = sums[name] + one if name in sums else one
    return sums


def quarter_of(moment: datetime) -> datetime:
    """When the quarter of an hour began."""
    return moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)


def _added(one: F, other: F) -> F:
    return type(one)(**{each.name: getattr(one, each.name) + getattr(other, each.name) for each in fields(one)})
