"""How the journal's values meet what is stored: the newest wins, save where a late write must not undo a fact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Dialect, Table, func
from sqlalchemy.dialects import postgresql, sqlite

from crm.database import insert_into
from crm.rows import CallRows, Row, recording_row, status_row
from crm.tables import calls, operator_statuses, recordings, sms, utterances
from kernel.call import Call, Stage
from kernel.events import Event
from kernel.operator import OperatorStatus
from kernel.ports import Storable
from kernel.recording import Recording
from kernel.sms import Sms
from kernel.utterance import Utterance


@dataclass(frozen=True, slots=True, eq=False)
class Upsert:
    """Rows that are inserted; where the key exists, all columns are set, or ``only`` those that are still empty.

    ``once``: a row that is there stays as it is.
    """

    table: Table
    columns: tuple[str, ...]
    only: tuple[str, ...] = ()
    where: ColumnElement[bool] | None = None
    once: bool = False

    def statement(self, dialect: Dialect) -> sqlite.Insert | postgresql.Insert:
        """For one row or many."""
        statement = insert_into(self.table, dialect)
        if self.once:
            return statement.on_conflict_do_nothing(index_elements=list(self.table.primary_key))
        new = statement.excluded
        if self.only:
            changes = {name: func.coalesce(self.table.c[name], new[name]) for name in self.only}
        else:
            changes = {column.name: new[column.name] for column in self.table.c if not column.primary_key}
        keys = list(self.table.primary_key)
        return statement.on_conflict_do_update(index_elements=keys, set_=changes, where=self.where)


CALLS = Upsert(calls, tuple(calls.c.keys()), where=calls.c.stage != Stage.ENDED.value)
STATUSES = Upsert(operator_statuses, tuple(operator_statuses.c.keys()))
RECORDINGS = Upsert(
    recordings, ("name", "call", "started", "stopped", "deleted", "failure", "tries"), only=("stopped", "deleted")
)
"""A recording's row belongs to retention: the journal adds facts to it and takes none back."""
UTTERANCES = Upsert(utterances, tuple(utterances.c.keys()))
MESSAGES = Upsert(sms, tuple(sms.c.keys()), once=True)
"""One that is asked for again is not sent again."""
UPSERTS = (CALLS, STATUSES, RECORDINGS, UTTERANCES, MESSAGES)


def upserts(things: Sequence[Storable], rows: CallRows) -> list[tuple[Upsert, list[Row]]]:
    """What stores the values among ``things``, later ones over earlier ones; events are the log's."""
    newest = _Newest(things)
    found = (
        (CALLS, [rows.row(call) for call in newest.calls]),
        (STATUSES, [status_row(one) for one in newest.statuses]),
        (RECORDINGS, [recording_row(one) for one in newest.recordings]),
        (UTTERANCES, [rows.utterance_row(one) for one in things if isinstance(one, Utterance)]),
        (MESSAGES, [rows.messages.row(one) for one in things if isinstance(one, Sms)]),
    )
    return [(upsert, values) for upsert, values in found if values]


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
            case Event() | Utterance() | Sms():
                pass
