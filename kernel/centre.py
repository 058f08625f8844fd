"""The centre as data (Q6): numbers, hours, announcements, menus, queues, operators. One versioned document.

Everything here may change while calls go on; a call reads it afresh at each step.
"""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

JAPAN = ZoneInfo("Asia/Tokyo")

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,31}$")]
Extension = Annotated[str, StringConstraints(pattern=r"^\d{2,8}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[0-9*#]$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Period(_Value):
    """From ``opens`` up to, not including, ``closes``, Japan's time; never across midnight."""

    opens: time
    closes: time

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, given: object) -> object:
        if isinstance(given, str):
            opens, dash, closes = given.partition("-")
            if not dash:
                raise ValueError(f"a period is written 08:30-17:15, not {given!r}")
            return {"opens": opens.strip(), "closes": closes.strip()}
        return given

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.opens >= self.closes:
            raise ValueError(f"the period closes ({self.closes}) before it opens ({self.opens})")
        return self


class SpecialDay(_Value):
    """A date whose periods replace the week's: none for a closure, some for an opening. It also outranks a holiday."""

    date: date
    periods: tuple[Period, ...] = ()
    reason: str = ""


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Hours(_Value):
    """Opening hours: periods a weekday; on Japanese public holidays the ``holidays`` periods; dated exceptions win."""

    week: dict[Weekday, tuple[Period, ...]]
    holidays: tuple[Period, ...] = ()
    special: tuple[SpecialDay, ...] = ()


class Lead(_Value):
    """Where a key leads: exactly one of a queue, another menu, or an announcement after which the call ends."""

    queue: Id | None = None
    menu: Id | None = None
    announcement: Id | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(one is not None for one in (self.queue, self.menu, self.announcement)) != 1:
            raise ValueError("a key leads to exactly one of queue, menu, announcement")
        return self


class Menu(_Value):
    """One question asked by keys. ``wait_seconds`` runs from the end of the prompt."""

    prompt: Id
    keys: dict[Key, Lead]
    no_key: Lead
    wrong_key: Id
    tries: int = Field(default=2, ge=1, le=5)
    wait_seconds: float = Field(default=5.0, gt=0, le=30)


class Queue(_Value):
    """A line of waiting calls. ``target_seconds``: a call that waits longer counts as beyond the target (T4)."""

    id: Id
    label: Text
    target_seconds: float = Field(default=10.0, gt=0)
    ring_seconds: int = Field(default=15, ge=3, le=120)
    wrap_up_seconds: int | None = Field(default=None, ge=1)
    announce_every_seconds: float = Field(default=30.0, ge=10)
    limit: int = Field(default=50, ge=1)


class OperatorSeat(_Value):
    """An operator as the queues see one: the phone that rings and the queues that are served."""

    id: Id
    name: Text
    extension: Extension
    queues: tuple[Id, ...]


class Centre(_Value):
    """The whole document. ``announcements`` are texts, spoken by the Japanese voice; ``entry`` is the first menu.

    The announcements ``welcome``, ``closed``, ``congested`` and ``position`` are used by the platform itself;
    ``position`` contains ``{position}``, the caller's place in the queue.
    """

    name: Text
    numbers: tuple[Annotated[str, StringConstraints(pattern=r"^0\d{8,10}$")], ...] = Field(min_length=1)
    hours: Hours
    announcements: dict[Id, Text]
    entry: Id
    menus: dict[Id, Menu]
    queues: tuple[Queue, ...] = Field(min_length=1)
    operators: tuple[OperatorSeat, ...]
    pause_reasons: tuple[Text, ...] = ("休憩", "研修", "事務処理")

    def queue(self, id: str) -> Queue | None:
        """The queue of that id, or None where it no longer exists."""
        return next((queue for queue in self.queues if queue.id == id), None)

    def operator(self, id: str) -> OperatorSeat | None:
        """The operator of that id, or None where there is no longer one."""
        return next((seat for seat in self.operators if seat.id == id), None)
