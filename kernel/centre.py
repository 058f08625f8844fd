"""The centre as data (Q6): numbers, hours, announcements, menus, queues, operators. One versioned document.

Everything here may change while calls go on; a call reads it afresh at each step. A document that does not fit
together is refused whole, with every problem and its place (pydantic's ValidationError, ``errors()[n]["loc"]``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from itertools import pairwise
from typing import Annotated, Literal, Self, cast
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, ModelWrapValidatorHandler, ValidationError, field_validator, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError, to_jsonable_python

from kernel import centre_check
from kernel.announcement import Said, Wording
from kernel.casework import Department, Phrase
from kernel.document import Id, Key, Number, Text, Value, Word
from kernel.interpreting import Interpreter
from kernel.language import JAPANESE
from kernel.link import Link
from kernel.outgoing import Outgoing
from kernel.routing import Lead, OperatorSeat, Queue, SupervisorSeat
from kernel.translation import Translation
from kernel.voicebot import Voicebot

JAPAN = ZoneInfo("Asia/Tokyo")
MIDNIGHT = time()


class Period(Value):
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


class SpecialDay(Value):
    """A date whose periods replace the week's: none for a closure, some for an opening. It also outranks a holiday."""

    date: date
    periods: Periods = ()
    reason: str = ""


Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Hours(Value):
    """Opening hours: periods a weekday; on Japanese public holidays the ``holidays`` periods; dated exceptions win.

    A weekday that is left out is closed.
    """

    week: dict[Weekday, Periods]
    holidays: Periods = ()
    special: tuple[SpecialDay, ...] = ()


class Menu(Value):
    """One question asked by keys. ``wait_seconds`` runs from the end of the prompt.

    ``language_prompt`` is the announcement that tells of the keys that lead to a language: after ``prompt`` it is
    spoken in the language of each of them.
    """

    prompt: Id
    keys: dict[Key, Lead]
    no_key: Lead
    wrong_key: Id
    tries: int = Field(default=2, ge=1, le=5)
    wait_seconds: float = Field(default=5.0, gt=0, le=30)
    language_prompt: Id | None = None

    @model_validator(mode="after")
    def _languages_are_told(self) -> Self:
        if self.language_prompt and not any(lead.language for lead in self.keys.values()):
            raise ValueError("language_prompt tells of keys with a language: give one to a key, or leave it out")
        return self


class Centre(Value):
    """The whole document. ``announcements`` are texts, spoken by the Japanese voice, ``translations`` the same in other
    languages; ``entry`` is the first menu.

    The announcements that the platform speaks itself are listed in ``kernel.announcement.USED``. Every queue, menu and
    announcement that is named exists, and a caller who presses nothing comes to a queue or to the end of the call.
    A number of ``number_leads`` leads elsewhere than to ``entry``, such as a line that goes straight into a queue.
    A pause reason is a text, or written {text: 休憩, limit_seconds: 900}; its limit is then found in ``pause_limits``.
    An operator who stays beyond it is shown to the supervisors, and ``after_pause_limit`` says what else happens.
    ``departments`` own cases, ``categories`` sort them, ``phrases`` are inserted into histories. ``interpreters`` are
    rung for callers who speak another language (T11), one for each. ``voicebots`` ask callers in words (T3).
    ``links`` are sent by SMS (T13).
    """

    name: Text
    numbers: tuple[Number, ...] = Field(min_length=1)
    hours: Hours
    announcements: dict[Id, Text]
    translations: tuple[Translation, ...] = ()
    entry: Id
    number_leads: dict[Number, Lead] = Field(default_factory=dict)
    menus: dict[Id, Menu]
    voicebots: dict[Id, Voicebot] = Field(default_factory=dict)
    queues: tuple[Queue, ...] = Field(min_length=1)
    operators: tuple[OperatorSeat, ...]
    supervisors: tuple[SupervisorSeat, ...] = ()
    departments: tuple[Department, ...] = ()
    outgoing: Outgoing = Outgoing()
    interpreters: tuple[Interpreter, ...] = ()
    pause_reasons: tuple[Text, ...] = ("休憩", "研修", "事務処理")
    pause_limits: dict[Text, Annotated[int, Field(gt=0)]] = Field(default_factory=dict)
    after_pause_limit: Literal["nothing", "ready", "logged_out"] = "nothing"
    links: tuple[Link, ...] = ()
    categories: tuple[Word, ...] = ()
    phrases: tuple[Phrase, ...] = ()

    @model_validator(mode="wrap")
    @classmethod
    def _fits_together(cls, given: object, handler: ModelWrapValidatorHandler[Self]) -> Self:
        given = _pauses_apart(given)
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

    @property
    def shown_number(self) -> str:
        """What citizens see who are called back (T10)."""
        return self.outgoing.shows or self.numbers[0]

    def texts(self, language: str) -> Mapping[str, Said]:
        """All announcements as a caller who speaks ``language`` hears them: in Japanese what has no text in it."""
        if language == JAPANESE:
            return self.announcements
        translated = [one.announcements for one in self.translations if one.language == language]
        spoken = {id: Wording(text, language) for texts in translated for id, text in texts.items()}
        return {**self.announcements, **spoken}

    def queue(self, id: str) -> Queue | None:
        """The queue of that id, or None where it no longer exists."""
        return next((queue for queue in self.queues if queue.id == id), None)

    def operator(self, id: str) -> OperatorSeat | None:
        """The operator of that id, or None where there is no longer one."""
        return next((seat for seat in self.operators if seat.id == id), None)

    def supervisor(self, id: str) -> SupervisorSeat | None:
        """The supervisor of that id, None for one who has no phone."""
        return next((seat for seat in self.supervisors if seat.id == id), None)

    def interpreter(self, language: str) -> Interpreter | None:
        """Who interprets ``language``, None where nobody does."""
        return next((one for one in self.interpreters if one.language == language), None)

    def department(self, id: str) -> Department | None:
        """The department of that id, or None where the document no longer names it."""
        return next((one for one in self.departments if one.id == id), None)

    def department_name(self, id: str) -> str:
        """What the department of that id is called; the id where it no longer exists."""
        department = self.department(id)
        return department.name if department else id


def _pauses_apart(given: object) -> object:
    """The document with the limits of pause reasons beside their texts."""
    centre = _mapping(given)
    reasons, limits = centre.get("pause_reasons"), centre.get("pause_limits")
    if not isinstance(reasons, list | tuple) or (_mapping(limits) != limits and limits is not None):
        return given
    texts: list[object] = []
    found = dict(_mapping(limits))
    for reason in cast("Sequence[object]", reasons):
        parts = _mapping(reason)
        text = parts.get("text")
        if isinstance(text, str) and set(parts) <= {"text", "limit_seconds"}:
            texts.append(text)
            found |= {text: parts["limit_seconds"]} if "limit_seconds" in parts else {}
        else:
            texts.append(reason)
    return {**centre, "pause_reasons": texts, "pause_limits": found}


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def _detail(kind: str, message: str, at: centre_check.Location) -> InitErrorDetails:
    why = PydanticCustomError(kind, "{why}", {"why": message.removeprefix("Value error, ")})  # pyright: ignore[reportArgumentType]
    return InitErrorDetails(type=why, loc=at, input=None)
