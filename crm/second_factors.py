"""Second factors: the secret sealed at rest (Q2), recovery codes as keyed fingerprints, each code once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import RowMapping, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.database import Database
from crm.errors import StoreError
from crm.fingerprint import Fingerprints
from crm.keyring import Keyring
from crm.sealing import Place, Sealer
from crm.totp import new_recovery_codes, new_secret, plain_recovery_code, step_of
from crm.user_tables import recovery_codes, second_factors


class AlreadySetUp(StoreError):
    """The user has a second factor: it must be removed before another is set up."""


@dataclass(frozen=True, slots=True)
class FactorState:
    """``since`` is when it was set up, None where it is not; ``codes_left`` are unused recovery codes."""

    since: datetime | None
    codes_left: int


class SecondFactors:
    """Sets up, checks and removes."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database = database
        self._sealer = Sealer(keyring)
        self._fingerprints = Fingerprints(keyring)

    async def state(self, user: str) -> FactorState:
        async with self._database.read() as connection:
            row = await _row(connection, user)
            count = select(func.count()).select_from(recovery_codes).where(recovery_codes.c.user == user)
            left = (await connection.execute(count)).scalar_one()
        return FactorState(row["confirmed"] if row else None, left)

    async def users(self) -> frozenset[str]:
        """Who has one."""
        wanted = select(second_factors.c.id).where(second_factors.c.confirmed.is_not(None))
        async with self._database.read() as connection:
            return frozenset((await connection.execute(wanted)).scalars())

    async def begin(self, user: str) -> str:
        """A new secret (base32), which counts once a code of it was confirmed. Raises AlreadySetUp."""
        secret = new_secret()
        new = {"secret_sealed": self._sealer.seal(secret, _place(user)), "key_version": self._sealer.version}
        async with self._database.in_turn() as connection:
            row = await _row(connection, user)
            if row and row["confirmed"]:
                raise AlreadySetUp(f"{user} has a second factor: remove it first")
            await connection.execute(delete(second_factors).where(second_factors.c.id == user))
            await connection.execute(insert(second_factors).values(id=user, **new))
        return secret

    async def pending(self, user: str) -> str | None:
        """The secret that waits to be confirmed."""
        async with self._database.read() as connection:
            row = await _row(connection, user)
        return self._secret(row) if row and row["confirmed"] is None else None

    async def confirm(self, user: str, code: str, now: datetime) -> Sequence[str]:
        """Begin to ask for codes; the recovery codes, which are told this once. Empty where ``code`` is wrong."""
        codes = new_recovery_codes()
        async with self._database.in_turn() as connection:
            row = await _row(connection, user)
            step = step_of(self._secret(row), code, now) if row and row["confirmed"] is None else None
            if step is None:
                return ()
            own = second_factors.c.id == user
            await connection.execute(update(second_factors).where(own).values(confirmed=now, last_step=step))
            await connection.execute(delete(recovery_codes).where(recovery_codes.c.user == user))
            rows = [{"code_index": self._mark(user, one), "user": user} for one in codes]
            await connection.execute(insert(recovery_codes), rows)
        return codes

    async def check(self, user: str, code: str, now: datetime) -> bool:
        """Whether ``code`` is a right one that was not used before, of the app or for recovery. It is used by this."""
        async with self._database.write() as connection:
            row = await _row(connection, user)
            if row is None or row["confirmed"] is None:
                return False
            step = step_of(self._secret(row), code, now)
            if step is not None:
                return await _use_step(connection, user, step)
            own = recovery_codes.c.user == user, recovery_codes.c.code_index == self._mark(user, code)
            return (await connection.execute(delete(recovery_codes).where(*own))).rowcount == 1

    async def remove(self, user: str) -> None:
        """Ask for no codes any more; harmless where none are asked for."""
        async with self._database.write() as connection:
            await forget(connection, user)

    def _secret(self, row: RowMapping) -> str:
        return cast("str", self._sealer.open(row["secret_sealed"], _place(row["id"])))

    def _mark(self, user: str, code: str) -> bytes:
        return self._fingerprints.of("recovery", f"{user}\0{plain_recovery_code(code)}") or b""


async def forget(connection: AsyncConnection, user: str) -> None:
    """Remove the second factor of ``user`` within a transaction."""
    await connection.execute(delete(recovery_codes).where(recovery_codes.c.user == user))
    await connection.execute(delete(second_factors).where(second_factors.c.id == user))


async def _use_step(connection: AsyncConnection, user: str, step: int) -> bool:
    """False for one that was used already: whoever looked over a shoulder comes too late (RFC 6238, 5.2)."""
    last = second_factors.c.last_step
    unused = second_factors.c.id == user, or_(last.is_(None), last < step)
    return (await connection.execute(update(second_factors).where(*unused).values(last_step=step))).rowcount == 1


async def _row(connection: AsyncConnection, user: str) -> RowMapping | None:
    wanted = select(second_factors).where(second_factors.c.id == user)
    return (await connection.execute(wanted)).mappings().one_or_none()


def _place(user: str) -> Place:
    return Place("second_factors", "secret", user)
