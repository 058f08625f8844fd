"""Rights given and removed (C8: 権限の付与・削除の月次一覧): who, whom, what, when. It only grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import RowMapping, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.database import Database
from crm.user_tables import rights_changes


class RightsKind(StrEnum):
    """What stands in ``RightsChange.what`` stands beside it."""

    CREATED = "created"
    ROLE_GIVEN = "role_given"  # the role
    ROLE_REMOVED = "role_removed"  # the role
    DEPARTMENT_GIVEN = "department_given"  # the department's id
    DEPARTMENT_REMOVED = "department_removed"  # the department's id
    ENABLED = "enabled"  # the role, which counts again
    DISABLED = "disabled"  # the role, which no longer counts
    PASSWORD_RESET = "password_reset"  # noqa: S105
    SECOND_FACTOR_RESET = "second_factor_reset"
    SECOND_FACTOR_REQUIRED = "second_factor_required"  # the role, of which all are asked; no single user
    SECOND_FACTOR_NOT_REQUIRED = "second_factor_not_required"  # the role


GIVEN = frozenset({RightsKind.ROLE_GIVEN, RightsKind.DEPARTMENT_GIVEN, RightsKind.ENABLED})
REMOVED = frozenset({RightsKind.ROLE_REMOVED, RightsKind.DEPARTMENT_REMOVED, RightsKind.DISABLED})


@dataclass(frozen=True, slots=True)
class RightsChange:
    """``by`` is the administrator's id, or the command's name; ``user`` is "" for a rule of a whole role."""

    at: datetime
    by: str
    user: str
    kind: RightsKind
    what: str = ""


class Rights:
    """Reads the log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def between(self, begins: datetime, ends: datetime) -> Sequence[RightsChange]:
        """From ``begins`` up to, not including, ``ends`` (aware), oldest first."""
        kinds = [kind.value for kind in RightsKind]
        log = rights_changes.c
        wanted = select(rights_changes).where(log.at >= begins, log.at < ends, log.kind.in_(kinds)).order_by(log.id)
        async with self._database.read() as connection:
            return [_change(row) for row in (await connection.execute(wanted)).mappings()]


async def note(connection: AsyncConnection, *changes: RightsChange) -> None:
    """Add ``changes``, in the transaction that makes them true."""
    rows = [{"at": one.at, "by": one.by, "user": one.user, "kind": one.kind.value, "what": one.what} for one in changes]
    if rows:
        await connection.execute(insert(rights_changes), rows)


def _change(row: RowMapping) -> RightsChange:
    return RightsChange(row["at"], row["by"], row["user"], RightsKind(row["kind"]), row["what"])
