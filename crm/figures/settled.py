"""The days that are over, counted once and kept for all processes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.database import Database, insert_into
from crm.figures.kept import plain, plain_shifts, whole_day
from crm.figures.shifts import Shift
from crm.tables import calls, day_figures, events
from kernel.call import Stage
from kernel.figures import Figures

DAY = timedelta(days=1)
SETTLED = timedelta(hours=1)
"""So long after its end a day is taken as over, for a database that was away takes its backlog late."""

SQLITE_MOMENT = "%Y-%m-%d %H:%M:%S.%f"
"""How a moment is kept on SQLite, in UTC: as ``crm.columns.Moment`` has it."""

UNFINISHED = [stage.value for stage in Stage if stage is not Stage.ENDED]


@dataclass(frozen=True, slots=True)
class Counted:
    """What a day amounts to."""

    figures: Figures
    shifts: tuple[Shift, ...]


async def kept_days(
    database: Database, since: datetime, until: datetime, form: str, column: str
) -> Mapping[datetime, Any]:
    """``column`` (quarters, whole or shifts) of the days kept in ``form`` that begin from ``since`` up to ``until``."""
    wanted = select(day_figures.c.begins, day_figures.c[column]).where(
        day_figures.c.begins >= since, day_figures.c.begins < until, day_figures.c.form == form
    )
    async with database.read() as connection:
        rows = (await connection.execute(wanted)).all()
    return {row[0]: row[1] for row in rows}


async def keep_day(database: Database, begins: datetime, counted: Counted, form: str, seen: int) -> None:
    """Keep the day that was counted from the log up to the event ``seen``, unless something of it came meanwhile.

    A day whose calls are not all over is not kept either: what is still to come of them counts on that day too.
    """
    begins = begins.astimezone(UTC)
    row = {
        "begins": begins,
        "form": form,
        "quarters": plain(counted.figures),
        "whole": plain(whole_day(counted.figures, begins)),
        "shifts": plain_shifts(counted.shifts),
    }
    async with database.in_turn() as connection:
        if not await _may_change(connection, begins + DAY, seen):
            insert = insert_into(day_figures, connection.dialect)
            await connection.execute(insert.on_conflict_do_update(index_elements=["begins"], set_=row), row)


async def forget_days(connection: AsyncConnection, times: Iterable[datetime]) -> None:
    """Events of these times are being written: kept days that they belong to are to be counted anew.

    Costs nothing for events of the present, whose day can't be kept yet.
    """
    if since := _late(times):
        await connection.execute(delete(day_figures).where(day_figures.c.begins > since))


def forget_days_at_once(connection: sqlite3.Connection, times: Iterable[datetime]) -> None:
    """As ``forget_days``, in one step with the journal's transaction on SQLite."""
    if since := _late(times):
        connection.execute("DELETE FROM day_figures WHERE begins > ?", [since.strftime(SQLITE_MOMENT)])


def _late(times: Iterable[datetime]) -> datetime | None:
    """After when the days began that late events may belong to; None where no event is late."""
    oldest = min(times)
    return oldest.astimezone(UTC) - DAY if oldest < datetime.now(UTC) - SETTLED else None


async def _may_change(connection: AsyncConnection, ends: datetime, seen: int) -> bool:
    late: ColumnElement[bool] = exists().where(and_(events.c.id > seen, events.c.at < ends))
    going_on = exists().where(and_(calls.c.stage.in_(UNFINISHED), calls.c.arrived < ends))
    return bool((await connection.execute(select(late | going_on))).scalar_one())
