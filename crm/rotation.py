"""Bring everything that is sealed to the current key, in batches, while calls go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Column, Table, select, update

from crm.case_tables import cases, drafts, histories, signatures
from crm.database import Database
from crm.keyring import Keyring
from crm.sealing import Place, Sealer
from crm.tables import calls, sms, talk_drafts, utterances
from crm.user_tables import second_factors

BATCH = 500


@dataclass(frozen=True, slots=True)
class Sealed:
    """One sealed column; its place's name is the column's without ``_sealed``."""

    table: Table
    column: str

    @property
    def cell(self) -> Column[bytes | None]:
        return self.table.c[f"{self.column}_sealed"]


SEALED = (
    Sealed(calls, "caller"),
    Sealed(utterances, "text"),
    Sealed(sms, "content"),
    Sealed(talk_drafts, "content"),
    Sealed(cases, "citizen"),
    Sealed(histories, "wording"),
    Sealed(drafts, "fields"),
    Sealed(second_factors, "secret"),
    Sealed(signatures, "bits"),
)
"""Each table has one."""


async def rotate(database: Database, keyring: Keyring, batch: int = BATCH) -> Mapping[str, int]:
    """Seal with the current key what older ones sealed; returns how many rows of each table.

    A batch is one transaction: to stop it in the middle is harmless. A row that is saved meanwhile is left as it was
    saved. Old keys are still needed for old backups. Raises SealBroken at a row that does not open.
    """
    sealer = Sealer(keyring)
    return {sealed.table.name: await _table(database, sealer, sealed, batch) for sealed in SEALED}


async def _table(database: Database, sealer: Sealer, sealed: Sealed, batch: int) -> int:
    done = 0
    while changed := await _batch(database, sealer, sealed, batch):
        done += changed
    return done


async def _batch(database: Database, sealer: Sealer, sealed: Sealed, batch: int) -> int:
    """How many rows of one batch were old."""
    table, cell = sealed.table, sealed.cell
    old = select(table.c.id, cell).where(table.c.key_version != sealer.version).order_by(table.c.id).limit(batch)
    async with database.write() as connection:
        rows = (await connection.execute(old.with_for_update())).all()
        for id, was in rows:
            place = Place(table.name, sealed.column, id)
            anew = sealer.seal_bytes(sealer.open_bytes(was, place), place) if was else None
            await connection.execute(
                update(table).where(table.c.id == id).values({cell: anew, table.c.key_version: sealer.version})
            )
    return len(rows)
