"""What of a case and of a history can be found, and where a word must be to tell more. Pure.

To change what is said here is to raise FORM: then the search signs everything anew.
"""

from __future__ import annotations

from dataclasses import dataclass

from crm.finding.spelling import fold
from kernel.case import Case, Citizen, History

FORM = 1
"""Of a signature: which fields, which grams, which bits. A higher one replaces a lower one."""


@dataclass(frozen=True, slots=True)
class Document:
    """Texts in the one spelling. ``strong`` ones put a document before others; they are not among ``plain``."""

    id: str
    case: str
    strong: tuple[str, ...]
    plain: tuple[str, ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return self.strong + self.plain


def of_case(case: Case) -> Document:
    """Its number and the citizen."""
    citizen = case.citizen
    strong = (str(case.number), citizen.name, citizen.reading, _digits(citizen), citizen.email)
    plain = (citizen.address, citizen.postal_code, citizen.fax, citizen.occupation, citizen.sex, citizen.age)
    return Document(case.id, case.id, _folded(strong), _folded(plain))


def of_history(history: History) -> Document:
    """Subject and text."""
    return Document(history.id, history.case, _folded((history.subject,)), _folded((history.text,)))


def _digits(citizen: Citizen) -> str:
    return citizen.phone.digits if citizen.phone else ""


def _folded(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, map(fold, texts)))
