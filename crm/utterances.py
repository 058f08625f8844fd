"""What callers and the voicebot said to each other, for as long as the recordings of the time are kept (T12)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, delete, exists, or_, select

from crm.case_tables import histories
from crm.database import Database
from crm.rows import CallRows
from crm.tables import utterances
from kernel.utterance import Utterance

said = utterances.c


class Utterances:
    """Reads and deletes; the journal writes."""

    def __init__(self, database: Database, rows: CallRows) -> None:
        self._database = database
        self._rows = rows

    async def of_call(self, call: str) -> Sequence[Utterance]:
        """In the order in which it was said. Raises SealBroken."""
        wanted = select(utterances).where(said.call == call).order_by(said.at, said.id)
        async with self._database.read() as connection:
            return [self._rows.utterance(row) for row in (await connection.execute(wanted)).mappings()]

    async def forget(self, before: datetime, calls: Collection[str] | None = None) -> int:
        """Delete what was said before that moment, and what is of a call whose history is saved; of ``calls``, or all.

        How many utterances are gone.
        """
        due = or_(said.at < before, exists().where(histories.c.call == said.call))
        if calls is not None:
            due = and_(due, said.call.in_(calls))
        async with self._database.read() as connection:  # most calls never spoke: they need no turn to write
            if (await connection.execute(select(said.id).where(due).limit(1))).first() is None:
                return 0
        async with self._database.write() as connection:
            return (await connection.execute(delete(utterances).where(due))).rowcount
