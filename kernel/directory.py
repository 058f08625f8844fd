"""The city's telephone directory (内線番号表): who can be put through to, and whose number is told instead (T5, T8)."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from enum import StrEnum

from kernel.centre import Hours

EXTENSION = re.compile(r"[0-9]{2,8}")


class Body(StrEnum):
    """Whose entry it is: the city's own, or a related body's (関係団体), as the council of social welfare."""

    CITY = "city"
    RELATED = "related"


class Reach(StrEnum):
    """What can be done for a caller who wants this entry."""

    TRANSFER = "transfer"  # 内線転送
    TELL = "tell"  # the outside number is told, the caller rings there
    NONE = "none"  # neither: the enquiry is taken (取次)


class Teller(StrEnum):
    """Who tells the outside number: the operator reads it out, or the caller hears it spoken by the platform."""

    OPERATOR = "operator"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. ``division`` is 部, ``section`` 課 or the body's name, ``unit`` 係 or 担当, ``room`` a room or a place.

    ``subjects`` are what it deals with in citizens' words, ``hours`` its own (None: the centre's). ``extension`` is ""
    for who has none; ``transferable``: an internal transfer reaches it. ``outside`` is the outside number as it is
    written, "" for none, ``tellable`` whether citizens may be told it, and ``teller`` by whom. ``department`` is the id
    of the department (所管課) of the centre's document that owns what comes of it, "" for none. ``id`` stays, whatever
    else changes.
    """

    id: str
    section: str
    division: str = ""
    unit: str = ""
    room: str = ""
    reading: str = ""
    aliases: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    extension: str = ""
    transferable: bool = True
    outside: str = ""
    tellable: bool = False
    teller: Teller = Teller.OPERATOR
    hours: Hours | None = None
    department: str = ""
    body: Body = Body.CITY
    note: str = ""

    @property
    def name(self) -> str:
        """As one says it: section, unit and room."""
        return " ".join(part for part in (self.section, self.unit, self.room) if part)

    @property
    def reach(self) -> Reach:
        """What can be done at best, at an hour at which somebody is there."""
        if self.extension and self.transferable:
            return Reach.TRANSFER
        return Reach.TELL if self.outside and self.tellable else Reach.NONE


FIELDS = tuple(field.name for field in fields(Entry))
