"""Cases (案件) and their handling histories (応対履歴)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
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
class Case:
    """One matter of one citizen. ``number`` is what people say to each other; ``version`` grows with each change."""

    id: str
    number: int
    opened: datetime
    status: CaseStatus
    citizen: Citizen
    version: int


@dataclass(frozen=True, slots=True)
class History:
    """What was asked and answered in one contact. One per call: saved twice it stays one (hard case 27)."""

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
    """What an operator saves at the end of a call.

    ``version`` is that of the history that the form was opened with, 0 for none. ``case_version`` is that of the case
    whose citizen the form showed: then the form's citizen replaces it; 0 for none: then only fields that are filled in
    are taken over, so that an empty form wipes nothing out.
    """

    call: str
    author: str
    citizen: Citizen
    subject: str
    text: str
    outcome: str
    close_case: bool
    case: str | None = None
    version: int = 0
    case_version: int = 0
