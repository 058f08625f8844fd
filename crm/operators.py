"""The stored states of the operators (kernel.ports.Operators); the journal writes them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from crm.database import Database
from crm.rows import status
from crm.tables import operator_statuses
from kernel.operator import OperatorStatus


class StoredOperators:
    """One status for each operator who was ever seen."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def statuses(self) -> Sequence[OperatorStatus]:
        """All, by operator."""
        wanted = select(operator_statuses).order_by(operator_statuses.c.operator)
        async with self._database.read() as connection:
            return [status(row) for row in (await connection.execute(wanted)).mappings()]

    async def find(self, operator: str) -> OperatorStatus | None:
        wanted = select(operator_statuses).where(operator_statuses.c.operator == operator)
        async with self._database.read() as connection:
            row = (await connection.execute(wanted)).mappings().one_or_none()
            return status(row) if row else None
