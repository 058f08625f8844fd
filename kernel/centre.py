"""The centre as data (Q6): numbers, hours, announcements, menus, queues, operators. One versioned document.

Everything here may change while calls go on; a call reads it afresh at each step. A document that does not fit
together is refused whole, with every problem and its place (pydantic's ValidationError, ``errors()[n]["loc"]``).
"""

from __future__ import annotations

import re
from datetime import date, time
from itertools import pairwise
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError, to_jsonable_python

from kernel import centre_check

JAPAN = ZoneInfo("Asia/Tokyo")
MIDNIGHT = time()


def _written(pattern: str, rule: str) -> AfterValidator:
    """Text of one form, with an error that says ``rule`` and not a regular expression."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text, re.ASCII):
            raise ValueError(f"{text!r}: {rule}")
        return text

    return AfterValidator(check)


Id = Annotated[str, _written(r"[a-z0-9][a-z0-9-]{0,31}", "an id has 1 to 32 small letters, digits and hyphens")]
Extension = Annotated[str, _written(r"\d{2,8}", "an extension has 2 to 8 digits")]
Number = Annotated[str, _written(r"0\d{8,10}", "a number is written 0466251111: from 0, 9 to 11 digits, no hyphens")]
Key = Annotated[str, _written(r"[0-9*#]", "a key is one of 0 to 9, * and #")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Period(_Value):
    """From ``opens`` up to, not including, ``closes``, Japan's time, in whole minutes; never across midnight.

    ``closes`` at 00:00, which may also be written 24:00, is the midnight at the end of the day.
    """

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

    @field_validator("closes", mode="before")
    @classmethod
    def _end_of_day(cls, given: object) -> object:
        return MIDNIGHT if given == "24:00" else given

    @field_validator("opens", "closes")
    @classmethod
    def _whole_minutes(cls, given: time) -> time:
        if given != given.replace(second=0, microsecond=0, tzinfo=None):
            raise ValueError("a time is Japan's, in hours and minutes, as 08:30")
        return given

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.opens >= self.closes != MIDNIGHT:
            raise ValueError(f"the period closes ({self.closes:%H:%M}) before it opens ({self.opens:%H:%M})")
        return self

    def covers(self, moment: time) -> bool:
        """Whether ``moment``, Japan's time, lies in the period."""
        return self.opens <= moment and (moment < self.closes or self.closes == MIDNIGHT)


def _apart(periods: tuple[Period, ...]) -> tuple[Period, ...]:
    for one, other in pairwise(sorted(periods, key=lambda period: period.opens)):
        if one.covers(other.opens):
            raise ValueError(f"two periods overlap at {other.opens:%H:%M}")
    return periods


Periods = Annotated[tuple[Period, ...], AfterValidator(_apart)]


class SpecialDay(_Value):
    """A date whose periods replace the week's: none for a closure, some for an opening. It also outranks a holiday."""

    date: date
    periods: Periods = ()
    reason: str = ""


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Hours(_Value):
    """Opening hours: periods a weekday; on Japanese public holidays the ``holidays`` periods; dated exceptions win.

    A weekday that is left out is closed.
    """

    week: dict[Weekday, Periods]
    holidays: Periods = ()
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
    """A line of waiting calls. ``target_seconds``: a call that waits longer counts as beyond the target (T4).

    Who hangs up within ``short_abandon_seconds`` hardly waited; figures can leave such callers out.
    """

    id: Id
    label: Text
    target_seconds: float = Field(default=10.0, gt=0)
    short_abandon_seconds: float = Field(default=5.0, ge=0)
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

    The announcements that the platform speaks itself are listed in ``kernel.announcement.USED``. Every queue, menu and
    announcement that is named exists, and a caller who presses nothing comes to a queue or to the end of the call.
    """

    name: Text
    numbers: tuple[Number, ...] = Field(min_length=1)
    hours: Hours
    announcements: dict[Id, Text]
    entry: Id
    menus: dict[Id, Menu]
    queues: tuple[Queue, ...] = Field(min_length=1)
    operators: tuple[OperatorSeat, ...]
    pause_reasons: tuple[Text, ...] = ("休憩", "研修", "事務処理")

    @model_validator(mode="wrap")
    @classmethod
    def _fits_together(cls, given: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        plain = to_jsonable_python(given, serialize_unknown=True)
        loose = [_detail("reference", one.message, one.at) for one in centre_check.problems(plain)]
        try:
            centre = handler(given)
        except ValidationError as wrong:
            fields = [_detail(error["type"], error["msg"], error["loc"]) for error in wrong.errors(include_url=False)]
            raise ValidationError.from_exception_data(cls.__name__, fields + loose) from None
        if loose:
            raise ValidationError.from_exception_data(cls.__name__, loose)
        return centre

    def queue(self, id: str) -> Queue | None:
        """The queue of that id, or None where it no longer exists."""
        return next((queue for queue in self.queues if queue.id == id), None)

    def operator(self, id: str) -> OperatorSeat | None:
        """The operator of that id, or None where there is no longer one."""
        return next((seat for seat in self.operators if seat.id == id), None)


def _detail(kind: str, message: str, at: centre_check.Location) -> InitErrorDetails:
    why = PydanticCustomError(kind, "{why}", {"why": message.removeprefix("Value error, ")})  # pyright: ignore[reportArgumentType]
    return InitErrorDetails(type=why, loc=at, input=None)
