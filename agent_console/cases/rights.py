"""Who may close a case, or open it again. Pure."""

from __future__ import annotations

from collections.abc import Collection

from crm.users import Role, User
from kernel.case import Case

ALL_CASES = frozenset({Role.OPERATOR, Role.SUPERVISOR})


def may_close(user: User, case: Case, departments: Collection[str] = ()) -> bool:
    """Operators and supervisors: every case; staff: those that one of the user's own ``departments`` owns."""
    return user.role in ALL_CASES or (user.role is Role.STAFF and case.department in departments)
