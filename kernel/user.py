"""Who uses the console, as what, and for which departments (C8). Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    STAFF = "staff"
    ADMINISTRATOR = "administrator"


CLOSES_ANY = frozenset({Role.OPERATOR, Role.SUPERVISOR})
"""The centre closes what it has answered itself, whichever department it concerns."""


@dataclass(frozen=True, slots=True)
class User:
    """``id`` is what is typed at the login; an operator's is the id of the seat in the centre's document.

    ``departments`` (所管課) are ids of the centre's document. ``must_change``: the password was set by somebody else.
    """

    id: str
    name: str
    role: Role
    disabled: bool = False
    departments: frozenset[str] = frozenset()
    must_change: bool = False


def may_close(user: User, department: str | None) -> bool:
    """Whether ``user`` may answer for and close a case that ``department`` (None: nobody's yet) owns.

    City staff close those of their own departments; all staff may read all (C1). An administrator runs the console and
    handles no case.
    """
    if user.disabled:
        return False
    return user.role in CLOSES_ANY or (user.role is Role.STAFF and department in user.departments)


def is_last_administrator(user: str, users: Collection[User]) -> bool:
    """Whether without ``user`` nobody of ``users`` could administer the console any more."""
    active = {one.id for one in users if one.role is Role.ADMINISTRATOR and not one.disabled}
    return active == {user}
