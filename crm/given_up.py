"""Callers who gave up waiting, to be called back (hard case 16)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.announcer import Announcer
from crm.database import Database
from crm.log import append
from crm.rows import CallRows, stored_event
from crm.tables import calls, events
from kernel.call import Call
from kernel.events import Event, EventKind

MOST = 500
"""On one list; the newest."""
GAVE_UP = (EventKind.CALL_ABANDONED, EventKind.CALL_LOST)


@dataclass(frozen=True, slots=True)
class GivenUp:
    """One of them. ``waited`` is the last wait, for a caller who had been answered before and came back (``returned``).

    ``reached`` is when a later call of the same number was answered; ``settled`` is by whom and when it was marked.
    """

    call: Call
    waited: timedelta
    returned: bool
    reached: datetime | None = None
    settled: tuple[str, datetime] | None = None

    @property
    def is_open(self) -> bool:
        """Whether nobody has spoken with this caller since, as far as is known."""
        return self.reached is None and self.settled is None


class GivenUpCalls:
    """Reads them from the log; only the mark that one is settled is written."""

    def __init__(self, database: Database, rows: CallRows, announcer: Announcer) -> None:
        self._database = database
        self._rows = rows
        self._announcer = announcer

    async def since(self, moment: datetime) -> Sequence[GivenUp]:
        """Who gave up from ``moment`` (aware) on, the newest first, at most MOST."""
        async with self._database.read() as connection:
            ends = {end.call or "": end for end in await _events(connection, _newest(moment))}
            own = await _events(connection, _about(ends, EventKind.CALL_QUEUED, EventKind.CALL_FOLLOWED_UP))
            rows = (await connection.execute(select(calls).where(calls.c.id.in_(ends)))).mappings().all()
            later = {row[0]: row[1] for row in await connection.execute(_answered(rows))}
        found = {row["id"]: (self._rows.call(row), later.get(row["caller_index"])) for row in rows}
        return [
            _given_up(*found[id], end, [one for one in own if one.call == id])
            for id, end in ends.items()
            if id in found
        ]

    async def unsettled(self, moment: datetime) -> int:
        """How many of those from ``moment`` (aware) on are open; reads no number."""
        wanted = select(calls.c.id, calls.c.caller_index, calls.c.ended)
        async with self._database.read() as connection:
            ends = {end.call or "": end.at for end in await _events(connection, _newest(moment))}
            marks = await _events(connection, _about(ends, EventKind.CALL_FOLLOWED_UP))
            rows = (await connection.execute(wanted.where(calls.c.id.in_(ends)))).mappings().all()
            later = {row[0]: row[1] for row in await connection.execute(_answered(rows))}
        settled = {one.call for one in marks}
        left = [row for row in rows if row["id"] not in settled]
        return sum(_nobody_spoke(later.get(row["caller_index"]), row["ended"] or ends[row["id"]]) for row in left)

    async def settle(self, call: str, by: str, now: datetime) -> bool:
        """Mark ``call`` as settled by the user ``by``; False where it was, or where nobody gave up."""
        async with self._database.in_turn() as connection:
            known = {
                one.kind for one in await _events(connection, _about([call], *GAVE_UP, EventKind.CALL_FOLLOWED_UP))
            }
            if EventKind.CALL_FOLLOWED_UP in known or not known:
                return False
            mark = Event(EventKind.CALL_FOLLOWED_UP, now, call, data={"by": by})
            stored = await append(connection, [mark])
        self._announcer.announce(stored)
        return True


def _given_up(call: Call, answered: datetime | None, end: Event, own: Sequence[Event]) -> GivenUp:
    returned, over = end.kind is EventKind.CALL_LOST, call.ended or end.at
    queued = [one.at for one in own if one.kind is EventKind.CALL_QUEUED]
    began = queued[-1] if returned and queued else call.waiting_since
    mark = next((one for one in own if one.kind is EventKind.CALL_FOLLOWED_UP), None)
    return GivenUp(
        call,
        waited=max(over - (began or over), timedelta()),
        returned=returned,
        reached=answered if answered and answered > over else None,
        settled=(str(mark.data["by"]), mark.at) if mark else None,
    )


def _nobody_spoke(answered: datetime | None, over: datetime) -> bool:
    return answered is None or answered <= over


def _newest(moment: datetime) -> Select[Any]:
    kinds = [kind.value for kind in GAVE_UP]
    return (
        select(events)
        .where(events.c.kind.in_(kinds), events.c.at >= moment)
        .order_by(events.c.at.desc(), events.c.id.desc())
        .limit(MOST)
    )


def _about(ids: Iterable[str], *kinds: EventKind) -> Select[Any]:
    named = [kind.value for kind in kinds]
    return select(events).where(events.c.call.in_(ids), events.c.kind.in_(named)).order_by(events.c.id)


def _answered(rows: Iterable[RowMapping]) -> Select[bytes, datetime]:
    """When each of their numbers was answered last."""
    known = [row["caller_index"] for row in rows if row["caller_index"]]
    last = func.max(calls.c.answered, type_=calls.c.answered.type)
    some = calls.c.caller_index.in_(known), calls.c.answered.is_not(None)
    return select(calls.c.caller_index, last).where(*some).group_by(calls.c.caller_index)


async def _events(connection: AsyncConnection, wanted: Select[Any]) -> list[Event]:
    return [stored_event(row).event for row in (await connection.execute(wanted)).mappings()]
