"""Who may use the console, and as what (C8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError

from crm.database import Database
from crm.errors import StoreError
from crm.logins import Logins
from crm.passwords import Passwords
from crm.tables import users


class Role(StrEnum):
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    STAFF = "staff"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True)
class User:
    """``id`` is what is typed at the login; an operator's is the id of the seat in the centre's document."""

    id: str
    name: str
    role: Role
    disabled: bool = False


class UserExists(StoreError):
    """The id is taken."""


class NoSuchUser(StoreError):
    """There is no user of that id."""


class Users:
    """Keeps users, and tells the right password from a wrong one."""

    def __init__(self, database: Database, logins: Logins, passwords: Passwords) -> None:
        self._database = database
        self._logins = logins
        self._passwords = passwords

    async def create(self, id: str, name: str, role: Role, password: str, now: datetime) -> User:
        """Raises UserExists, WeakPassword."""
        user = User(id, name, role)
        row = {"id": id, "name": name, "role": role.value, "disabled": False, "created": now}
        row["password_hash"] = await self._passwords.hash(password)
        try:
            async with self._database.write() as connection:
                await connection.execute(insert(users).values(row))
        except IntegrityError:
            raise UserExists(f"there is a user {id} already: choose another id") from None
        return user

    async def verify(self, id: str, password: str, *, source: str, now: datetime) -> User | None:
        """The user, or None where there is none of that id, it is disabled, or the password is wrong.

        All three take the same time. ``source`` is the address that the login came from. Raises TooManyFailures.
        """
        await self._logins.attempt(id, source, now)
        row = await self._row(id)
        right = await self._passwords.right(password, row["password_hash"] if row else None)
        if row is None or not right or row["disabled"]:
            return None
        await self._logins.succeeded(id, source)
        return user(row)

    async def set_password(self, id: str, password: str) -> None:
        """Raises NoSuchUser, WeakPassword. Sessions stay: close them (``Sessions.close_all``) where they should not."""
        await self._set(id, password_hash=await self._passwords.hash(password))

    async def set_disabled(self, id: str, disabled: bool) -> None:
        """A disabled user has no session from this moment. Raises NoSuchUser."""
        await self._set(id, disabled=disabled)

    async def find(self, id: str) -> User | None:
        row = await self._row(id)
        return user(row) if row else None

    async def list(self) -> Sequence[User]:
        """All, by id."""
        async with self._database.read() as connection:
            return [user(row) for row in (await connection.execute(select(users).order_by(users.c.id))).mappings()]

    async def _row(self, id: str) -> RowMapping | None:
        async with self._database.read() as connection:
            return (await connection.execute(select(users).where(users.c.id == id))).mappings().one_or_none()

    async def _set(self, id: str, **values: object) -> None:
        async with self._database.write() as connection:
            changed = await connection.execute(update(users).where(users.c.id == id).values(values))
        if changed.rowcount != 1:
            raise NoSuchUser(f"there is no user {id}")


def user(row: RowMapping) -> User:
    return User(row["id"], row["name"], Role(row["role"]), row["disabled"])
