"""The outbox: each message is written before it is sent, and is sent at most once, whoever dies when.

``to_send`` becomes ``sending`` in a transaction of its own before the gateway is asked. Whoever finds one ``sending``
for longer than any gateway is waited for calls it ``uncertain``: its sender has died, and nobody sends it again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from prometheus_client import Counter
from sqlalchemy import ColumnElement, RowMapping, and_, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.announcer import Announcer
from crm.case_tables import histories
from crm.database import Database, insert_into
from crm.log import append
from crm.sealing import SealBroken
from crm.sms.rows import SmsRows, record
from crm.tables import sms as table
from kernel.events import Event, EventKind, Plain, StoredEvent
from kernel.phone_number import PhoneNumber
from kernel.sms import A_DAY, Sms, SmsRecord, SmsState

LATEST = timedelta(hours=1)
"""What could not be sent for so long helps nobody any more, and would wake people at night."""
KINDS = {
    SmsState.SENT: EventKind.SMS_SENT,
    SmsState.REFUSED: EventKind.SMS_REFUSED,
    SmsState.UNCERTAIN: EventKind.SMS_UNCERTAIN,
}
STATES = {kind: state for state, kind in KINDS.items()}
OPEN = (SmsState.TO_SEND.value, SmsState.SENDING.value)
column = table.c
SETTLED = Counter("denwa_sms_settled", "Messages that were sent, refused or left uncertain", ["state"])


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that its claimer alone may send, now; ``tries`` counts this one."""

    sms: Sms
    tries: int


class Outbox:
    """Any number of processes may use it at once."""

    def __init__(self, database: Database, rows: SmsRows, announcer: Announcer) -> None:
        self._database = database
        self._rows = rows
        self._announcer = announcer

    async def put(self, sms: Sms, asked: Event) -> bool:
        """Write ``sms`` with the event that tells of it; False where this link was asked for in this call before."""
        async with self._database.in_turn() as connection:
            new = insert_into(table, connection.dialect).values(self._rows.row(sms))
            once = new.on_conflict_do_nothing(index_elements=[column.id]).returning(column.id)
            put = (await connection.execute(once)).first()
            stored = await append(connection, [asked] if put else [])
        self._announcer.announce(stored)
        return bool(stored)

    async def of_call(self, call: str) -> Sequence[SmsRecord]:
        """Those of one call, oldest first."""
        wanted = select(table).where(column.call == call).order_by(column.at, column.id)
        async with self._database.read() as connection:
            return [record(row) for row in (await connection.execute(wanted)).mappings()]

    async def sent_to(self, number: PhoneNumber, since: datetime) -> int:
        """How many were asked for since, without those that were refused."""
        async with self._database.read() as connection:
            return await _count(connection, self._rows.mark(number), since, but=(SmsState.REFUSED,))

    async def claim(self, now: datetime, a_day: int) -> Claimed | None:
        """The oldest that is due, for the caller alone to send; None where none is.

        One that comes too late, is too many for its number, or can't be read, is refused instead.
        """
        while await self._is_due(now):  # mostly nothing is: that needs no turn to write
            async with self._database.in_turn() as connection:
                row = await _due(connection, now)
                if row is None:
                    return None
                if (why := await self._impossible(connection, row, now, a_day)) is None:
                    return await self._begin(connection, row, now)
                stored = await _close(connection, [row], SmsState.REFUSED, why, now)
            self._tell(stored)
        return None

    async def again(self, claimed: Claimed, due: datetime, why: str) -> None:
        """The gateway certainly did not take it: it waits until ``due``, unless somebody thought its sender dead."""
        mine = and_(column.id == claimed.sms.id, column.state == SmsState.SENDING.value, column.tries == claimed.tries)
        waits = {"state": SmsState.TO_SEND.value, "due": due, "why": why}
        async with self._database.write() as connection:
            await connection.execute(update(table).where(mine).values(waits))

    async def settle(self, claimed: Claimed, state: SmsState, why: str | None, now: datetime) -> None:
        """What came of it, for good. Said again, after an answer of the database that was lost, it changes nothing."""
        own = select(table).where(column.id == claimed.sms.id, column.state != state.value)
        async with self._database.in_turn() as connection:
            rows = (await connection.execute(own)).mappings().all()
            stored = await _close(connection, rows, state, why, now)
        self._tell(stored)

    async def doubt(self, tried_before: datetime, now: datetime) -> int:
        """Call uncertain what is being sent since before that moment: its sender has died. How many."""
        left = select(table).where(column.state == SmsState.SENDING.value, column.tried < tried_before)
        async with self._database.read() as connection:
            if (await connection.execute(left.limit(1))).first() is None:
                return 0
        async with self._database.in_turn() as connection:
            rows = (await connection.execute(left)).mappings().all()
            stored = await _close(connection, rows, SmsState.UNCERTAIN, "died", now)
        self._tell(stored)
        return len(stored)

    async def forget(self, before: datetime, calls: Collection[str] | None = None) -> int:
        """Delete number and text of what was asked for before that moment, or is of a call whose history is saved.

        One that is still to be sent keeps them for as long as it may be; that it was sent stays known. Of ``calls``, or
        of all, with the fingerprints that no limit counts any more. How many.
        """
        saved = and_(exists().where(histories.c.call == column.call), column.state.not_in(OPEN))
        content = and_(column.content_sealed.is_not(None), or_(column.at < before, saved))
        counted = and_(column.number_index.is_not(None), column.at < before - A_DAY)
        if calls is not None:
            return await self._clear(content_sealed=and_(content, column.call.in_(calls)))
        return await self._clear(content_sealed=content, number_index=counted)

    async def waiting(self) -> int:
        """How many are neither sent nor given up."""
        async with self._database.read() as connection:
            return await connection.scalar(select(func.count()).where(column.state.in_(OPEN))) or 0

    async def _clear(self, **cells: ColumnElement[bool]) -> int:
        """Empty the columns where they are to be; how many cells."""
        async with self._database.read() as connection:
            if (await connection.execute(select(column.id).where(or_(*cells.values())).limit(1))).first() is None:
                return 0
        empty = [update(table).where(where).values({name: None}) for name, where in cells.items()]
        async with self._database.write() as connection:
            return sum([(await connection.execute(one)).rowcount for one in empty])

    async def _is_due(self, now: datetime) -> bool:
        async with self._database.read() as connection:
            return await _due(connection, now) is not None

    async def _begin(self, connection: AsyncConnection, row: RowMapping, now: datetime) -> Claimed:
        claimed = Claimed(self._rows.sms(row), row["tries"] + 1)
        begun = {"state": SmsState.SENDING.value, "tries": claimed.tries, "tried": now}
        await connection.execute(update(table).where(column.id == row["id"]).values(begun))
        return claimed

    async def _impossible(self, connection: AsyncConnection, row: RowMapping, now: datetime, a_day: int) -> str | None:
        """Why it can't be sent any more; None where it can."""
        if row["content_sealed"] is None or now - row["at"] > LATEST:
            return "too_late"
        unsent = (SmsState.REFUSED, SmsState.TO_SEND)
        if await _count(connection, row["number_index"], now - A_DAY, but=unsent) >= a_day:
            return "too_many"
        try:
            self._rows.sms(row)
        except SealBroken:
            return "unreadable"
        return None

    def _tell(self, stored: Sequence[StoredEvent]) -> None:
        """After the commit."""
        for one in stored:
            SETTLED.labels(STATES[one.event.kind].value).inc()
        self._announcer.announce(stored)


async def _due(connection: AsyncConnection, now: datetime) -> RowMapping | None:
    wanted = select(table).where(column.state == SmsState.TO_SEND.value, column.due <= now)
    found = await connection.execute(wanted.order_by(column.due, column.id).limit(1))
    return found.mappings().first()


async def _count(connection: AsyncConnection, mark: bytes | None, since: datetime, but: Collection[SmsState]) -> int:
    states = [state.value for state in but]
    own = (column.number_index == mark, column.at >= since, column.state.not_in(states))
    return await connection.scalar(select(func.count()).where(*own)) or 0


async def _close(
    connection: AsyncConnection, rows: Sequence[RowMapping], state: SmsState, why: str | None, now: datetime
) -> Sequence[StoredEvent]:
    """Within a transaction of ``in_turn``; whoever commits it announces the events."""
    values: dict[str, Any] = {"state": state.value, "why": why}
    await connection.execute(update(table).where(column.id.in_([row["id"] for row in rows])).values(values))
    return await append(connection, [_event(row, state, why, now) for row in rows])


def _event(row: RowMapping, state: SmsState, why: str | None, now: datetime) -> Event:
    data: dict[str, Plain] = {"link": row["link"], **({"why": why} if why else {})}
    return Event(KINDS[state], now, row["call"], row["by"], data=data)
