"""How the journal's values meet what is stored: the newest wins, save where a late write must not undo a fact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, func
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.database import insert_into
from crm.rows import CallRows, recording_row, status_row
from crm.tables import calls, operator_statuses, recordings
from kernel.call import Call, Stage
from kernel.events import Event
from kernel.operator import OperatorStatus
from kernel.ports import Storable
from kernel.recording import Recording


async def upsert(connection: AsyncConnection, things: Sequence[Storable], rows: CallRows) -> None:
    """Store the values among ``things``, later ones over earlier ones; events are the log's."""
    newest = _Newest(things)
    if newest.calls:
        await _put(
            connection, calls, [rows.row(call) for call in newest.calls], where=calls.c.stage != Stage.ENDED.value
        )
    if newest.statuses:
        await _put(connection, operator_statuses, [status_row(one) for one in newest.statuses])
    for recording in newest.recordings:
        await _put(connection, recordings, [recording_row(recording)], only=RECORDING_FACTS)


class _Newest:
    """One value for each id, the last one written; but a call that has ended stays ended (hard case 6)."""

    def __init__(self, things: Iterable[Storable]) -> None:
        self._calls: dict[str, Call] = {}
        self._statuses: dict[str, OperatorStatus] = {}
        self.recordings: list[Recording] = []
        for thing in things:
            self._take(thing)

    @property
    def calls(self) -> Iterable[Call]:
        return self._calls.values()

    @property
    def statuses(self) -> Iterable[OperatorStatus]:
        return self._statuses.values()

    def _take(self, thing: Storable) -> None:
        match thing:
            case Call():
                before = self._calls.get(thing.id)
                if before is None or before.stage is not Stage.ENDED:
                    self._calls[thing.id] = thing
            case OperatorStatus():
                self._statuses[thing.operator] = thing
            case Recording():
                self.recordings.append(thing)
            case Event():
                pass


RECORDING_FACTS = ("stopped", "deleted")
"""A recording's row belongs to retention: the journal adds facts to it and takes none back."""


async def _put(
    connection: AsyncConnection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    only: Sequence[str] = (),
    where: ColumnElement[bool] | None = None,
) -> None:
    """Insert ``rows``; where the key exists, set all columns, or add to ``only`` those that are still empty."""
    statement = insert_into(table, connection.dialect)
    new = statement.excluded
    if only:
        changes = {name: func.coalesce(table.c[name], new[name]) for name in only}
    else:
        changes = {column.name: new[column.name] for column in table.c if not column.primary_key}
    await connection.execute(
        statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=changes, where=where), rows
    )
