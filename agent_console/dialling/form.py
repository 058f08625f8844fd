"""What the form for a call asks for, and why it can't be made (T10). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kernel.centre import Centre
from kernel.events import Event
from kernel.outgoing import Outgoing, Purpose
from kernel.phone_number import BadNumber, PhoneNumber, normalise


@dataclass(frozen=True, slots=True)
class DialForm:
    """As typed. ``case`` is a case's number and ``call`` the id of a call that was given up, None for none."""

    number: str = ""
    purpose: str = ""
    case: int | None = None
    call: str | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call that may be made."""

    number: PhoneNumber
    purpose: Purpose


def read(form: DialForm, outgoing: Outgoing) -> Wanted | str:
    """What is wanted, or the code (``words.REFUSALS``) of why it can't be."""
    purpose = outgoing.purpose(form.purpose)
    if purpose is None:
        return "unknown_purpose"
    try:
        number = normalise(form.number)
    except BadNumber:
        return "bad_number"
    return Wanted(number, purpose) if outgoing.allows_operators(number) else "number_not_allowed"


def over_limit(outgoing: Outgoing, today: Iterable[Event], operator: str) -> bool:
    """Whether no further call may be made after those of ``today``, by anybody or by ``operator``."""
    made = Counter(event.operator for event in today)
    return made.total() >= outgoing.a_day or made[operator] >= outgoing.a_day_each


def shown_as(centre: Centre) -> Mapping[str, str]:
    """By the purpose's id: the number that the citizen sees, "" for none."""
    return {
        purpose.id: "" if purpose.withheld else purpose.shows or centre.shown_number
        for purpose in centre.outgoing.purposes
    }
