"""Users as rows of the table, and back."""

from __future__ import annotations

from sqlalchemy import RowMapping

from kernel.user import Role, User


def user(row: RowMapping) -> User:
    departments = frozenset(row["departments"])
    return User(row["id"], row["name"], Role(row["role"]), row["disabled"], departments, row["must_change"])
