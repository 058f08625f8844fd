"""Which call goes to whom, as data: queues, what they ask of operators, where calls go that can't wait."""

from __future__ import annotations

from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, model_validator

from kernel.document import Extension, Id, Key, Text, Value, Word
from kernel.language import CallersLanguage

Level = Annotated[int, Field(ge=1, le=9)]
"""How well an operator masters a skill; 9 is best, 0 stands for not at all."""


class Strategy(StrEnum):
    """Who of the operators that are able and ready is rung. Equals are told apart by idle time, then by id.

    ``FEWEST_CALLS`` and ``LEAST_OCCUPIED`` count from the day's log-in (the day is Japan's); occupancy is talk and
    wrap-up over that and idle time. ``IN_ORDER`` follows the seats' ``order``, then the document. ``RANDOM`` depends on
    the call's id alone.
    """

    LONGEST_IDLE = "longest_idle"
    FEWEST_CALLS = "fewest_calls"
    LEAST_OCCUPIED = "least_occupied"
    IN_ORDER = "in_order"
    RING_ALL = "ring_all"
    RANDOM = "random"


class Lead(Value):
    """Where a key leads: to exactly one of a queue, a menu, a voicebot, an announcement and the end, a message, a
    callback, a link by SMS.

    ``message`` names the announcement after which the caller's own words are recorded. ``callback: true``, from a queue
    only, lets the caller be called back instead of waiting. With a ``language`` the caller goes on in it (T11): hears
    announcements in it, and the operator sees it. ``link``, of a key alone, is sent to who shows a mobile number (T13).
    """

    queue: Id | None = None
    menu: Id | None = None
    voicebot: Id | None = None
    announcement: Id | None = None
    message: Id | None = None
    link: Id | None = None
    callback: bool = False
    language: CallersLanguage | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = (self.queue, self.menu, self.voicebot, self.announcement, self.message, self.link)
        if sum(one is not None for one in given) + self.callback != 1:
            raise ValueError(
                "a key leads to exactly one of queue, menu, voicebot, announcement, message, link, callback"
            )
        return self

    @property
    def name(self) -> str:
        """What it leads to, in a word."""
        return self.queue or self.menu or self.voicebot or self.announcement or self.message or self.link or "callback"


class CallingBack(Value):
    """How a queue calls back: rung ``attempts`` times at most, ``minutes_apart`` after one that was not answered."""

    attempts: int = Field(default=3, ge=1, le=10)
    minutes_apart: float = Field(default=15.0, ge=1, le=1440)
    ring_seconds: int = Field(default=40, ge=10, le=120)


class Relaxation(Value):
    """From ``after`` seconds of waiting on, ``level`` is enough; 0 asks for nothing any more."""

    after: float = Field(gt=0, le=86_400)
    level: int = Field(ge=0, le=8)


class Need(Value):
    """A skill that an operator must have, at ``level`` or better, less as the call waits longer."""

    skill: Word
    level: Level = 1
    relax: tuple[Relaxation, ...] = ()

    @model_validator(mode="after")
    def _only_less(self) -> Self:
        levels = (self.level, *(step.level for step in self.relax))
        if any(one.after >= other.after for one, other in pairwise(self.relax)):
            raise ValueError("the steps of relax stand in the order of their seconds")
        if any(before <= after for before, after in pairwise(levels)):
            raise ValueError("each step of relax asks for less than the one before")
        return self


class Overflow(Value):
    """Where a call goes that can't be kept waiting.

    ``full`` and ``expected_wait`` are judged when the call would enter, by the queue's limits, and so is ``closed``.
    ``waited``: the call has waited ``after`` seconds in all. ``no_operator``: for ``after`` seconds nobody who serves
    the queue is at work.
    """

    when: Literal["full", "waited", "no_operator", "expected_wait", "closed"]
    after: float = Field(default=0, ge=0, le=86_400)
    to: Lead

    @model_validator(mode="after")
    def _has_its_time(self) -> Self:
        if self.when == "waited" and not self.after:
            raise ValueError("waited needs after: the seconds of waiting")
        if self.when in ("full", "expected_wait", "closed") and self.after:
            raise ValueError(f"{self.when} is judged when a call comes and has no after")
        return self


class Closed(Value):
    """A queue takes no new calls: since ``at`` (aware), by the user ``by``."""

    by: Text
    at: AwareDatetime


UNSTAFFED = Overflow(when="no_operator", after=120, to=Lead(announcement="congested"))
"""What holds for a queue that says nothing else: a caller for whom nobody is at work hears the guidance of T2
(電話積滞時) and the end, not music for ever (hard case 13)."""


class ServiceGoal(Value):
    """At least ``share`` of a queue's calls are answered within the target.

    ``of`` says of which calls, as ``kernel.figures`` defines it: all offered, all answered, or the offered without
    those who hung up at once.
    """

    of: Literal["offered", "answered", "without_short"] = "offered"
    share: float = Field(default=0.8, gt=0, lt=1)


class Queue(Value):
    """A line of waiting calls. ``target_seconds``: a call that waits longer counts as beyond the target (T4).

    ``wrap_up_seconds``: None is until the operator has finished, 0 is none at all: the next call may ring at once.
    Who hangs up within ``short_abandon_seconds`` hardly waited; figures can leave such callers out.

    A higher ``priority`` is served first; a call gains one step for each ``aging_seconds`` waited (None: never), so
    that nobody starves. For ``last_operator_seconds`` a caller waits for the operator of the last talk only.
    ``closed``: new calls go elsewhere, those that wait are still served.

    A wrap-up lasts ``wrap_up_seconds`` (None: until it is finished); its operator may add ``wrap_up_extension_seconds``
    at most ``wrap_up_extensions`` times. Whoever is on hold for ``hold_limit_seconds`` comes back to the operator. An
    operator whose page is gone from a talk has ``return_seconds`` to come back, then the caller waits again, in front.

    While waiting, the caller may press ``keys``; ``keys_prompt`` is the announcement that tells of them.
    """

    id: Id
    label: Text
    target_seconds: float = Field(default=10.0, gt=0)
    short_abandon_seconds: float = Field(default=5.0, ge=0)
    goal: ServiceGoal = ServiceGoal()
    ring_seconds: int = Field(default=15, ge=3, le=120)
    wrap_up_seconds: int | None = Field(default=None, ge=0)
    wrap_up_extension_seconds: int = Field(default=60, ge=1, le=3600)
    wrap_up_extensions: int = Field(default=3, ge=0, le=100)
    hold_limit_seconds: int = Field(default=180, ge=5, le=3600)
    return_seconds: int = Field(default=90, ge=5, le=3600)
    announce_every_seconds: float = Field(default=30.0, ge=10)
    limit: int = Field(default=50, ge=1)
    expected_wait_limit_seconds: float | None = Field(default=None, gt=0)
    strategy: Strategy = Strategy.LONGEST_IDLE
    priority: int = Field(default=0, ge=-100, le=100)
    aging_seconds: float | None = Field(default=60.0, ge=1)
    needs: tuple[Need, ...] = ()
    last_operator_seconds: float = Field(default=0.0, ge=0, le=600)
    overflow: tuple[Overflow, ...] = ()
    closed: Closed | None = None
    keys: dict[Key, Lead] = Field(default_factory=dict)
    keys_prompt: Id | None = None
    callback: CallingBack = CallingBack()
    message_seconds: int = Field(default=120, ge=10, le=600)

    @model_validator(mode="after")
    def _keys_are_told(self) -> Self:
        if bool(self.keys) != bool(self.keys_prompt):
            raise ValueError("keys and keys_prompt, the announcement that tells of them, go together")
        return self

    def leads_on(self, when: str) -> Overflow | None:
        """The first rule for ``when``; without one for ``no_operator``, UNSTAFFED."""
        return next((rule for rule in (*self.overflow, UNSTAFFED) if rule.when == when), None)


class OperatorSeat(Value):
    """An operator as the queues see one: the phone that rings, the queues that are served, what is mastered.

    ``phone``: ``desk`` is any SIP phone or softphone that registers with the extension's password, ``auto_answer`` one
    that also answers by itself where the INVITE asks for it, ``browser`` the console's page itself. ``order`` gives the
    place in queues whose strategy is ``in_order``; who has none comes after those who have.
    """

    id: Id
    name: Text
    extension: Extension
    phone: Literal["desk", "auto_answer", "browser"] = "desk"
    queues: tuple[Id, ...]
    skills: dict[Word, Level] = Field(default_factory=dict)
    order: dict[Id, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)


class SupervisorSeat(Value):
    """A supervisor's phone, which rings to listen to a talk. ``id`` is the user's at the console."""

    id: Id
    name: Text
    extension: Extension
