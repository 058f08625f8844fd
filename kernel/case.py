"""Cases (案件) and their handling histories (応対履歴)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kernel.phone_number import PhoneNumber


class CaseStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Citizen:
    """Who rang, as far as known; each field is personal and encrypted at rest (Q2)."""

    name: str = ""
    reading: str = ""
    sex: str = ""
    age: str = ""
    occupation: str = ""
    postal_code: str = ""
    address: str = ""
    phone: PhoneNumber | None = None
    fax: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """要対応: to be done by the day ``due`` (Japan's), by the user ``who``, or, for "", by the owning department."""

    who: str
    due: date


@dataclass(frozen=True, slots=True)
class Case:
    """One matter of one citizen. ``number`` is what people say to each other; ``version`` grows with each change.

    ``department`` is the id of the city's department that owns it (所管課), "" for none.
    """

    id: str
    number: int
    opened: datetime
    status: CaseStatus
    citizen: Citizen
    version: int
    department: str = ""
    category: str = ""
    follow_up: FollowUp | None = None


class CaseStep(StrEnum):
    """What somebody did to a case as a whole; the histories tell the rest."""

    OPENED = "opened"
    CLOSED = "closed"
    REOPENED = "reopened"
    ASSIGNED = "assigned"  # to another department


@dataclass(frozen=True, slots=True)
class StepTaken:
    """By whom (a user's id) and when. ``department`` is the owner's id after it."""

    step: CaseStep
    at: datetime
    by: str
    department: str


@dataclass(frozen=True, slots=True)
class History:
    """What was asked and answered in one contact. One per call: saved twice it stays one (hard case 27).

    ``call`` is None for what was done without one, such as a department's answer.
    """

    id: str
    case: str
    call: str | None
    author: str
    written: datetime
    subject: str
    text: str
    outcome: str
    version: int


@dataclass(frozen=True, slots=True)
class HistoryDraft:
    """What an operator saves at the end of a call, or anybody adds to the case ``case`` without one (``call`` None).

    ``version`` is that of the history that the form was opened with, 0 for none. ``case_version`` is that of the case
    that the form showed: then the form's citizen, department, category and follow-up replace the case's; 0 for none:
    then only fields that are filled in are taken over, so that an empty form wipes nothing out. ``id`` names a history
    without a call, so that the same form sent twice makes one.
    """

    call: str | None
    author: str
    citizen: Citizen
    subject: str
    text: str
    outcome: str
    close_case: bool
    case: str | None = None
    version: int = 0
    case_version: int = 0
    department: str = ""
    category: str = ""
    follow_up: FollowUp | None = None
    id: str | None = None
