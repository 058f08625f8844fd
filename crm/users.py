"""Who may use the console: the users, and the right password from a wrong one (C8)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import RowMapping, insert, select, update
from sqlalchemy.exc import IntegrityError

from crm.database import Database
from crm.errors import StoreError
from crm.logins import Logins
from crm.passwords import Passwords
from crm.rights import RightsChange, RightsKind, note
from crm.tables import users
from crm.user_rows import user
from kernel.user import Role, User

__all__ = ["NoSuchUser", "Role", "User", "UserExists", "Users"]

ITSELF = "denwa"
"""Who gives rights where no administrator does: the platform's own tools."""


class UserExists(StoreError):
    """The id is taken."""


class NoSuchUser(StoreError):
    """There is no user of that id."""


class Users:
    """Keeps users. What administrators change of them is in ``crm.user_admin``."""

    def __init__(self, database: Database, logins: Logins, passwords: Passwords) -> None:
        self._database = database
        self._logins = logins
        self._passwords = passwords

    async def create(
        self,
        id: str,
        name: str,
        role: Role,
        password: str,
        now: datetime,
        *,
        by: str = ITSELF,
        departments: Iterable[str] = (),
        must_change: bool = False,
    ) -> User:
        """``by`` gives these rights, which is logged. Raises UserExists, WeakPassword."""
        new = User(id, name, role, departments=frozenset(departments), must_change=must_change)
        row = {"id": id, "name": name, "role": role.value, "disabled": False, "created": now}
        row |= {"departments": sorted(new.departments), "must_change": must_change}
        row["password_hash"] = await self._passwords.hash(password)
        try:
            async with self._database.write() as connection:
                await connection.execute(insert(users).values(row))
                await note(connection, *_given(new, by, now))
        except IntegrityError:
            raise UserExists(f"there is a user {id} already: choose another id") from None
        return new

    async def verify(self, id: str, password: str, *, source: str, now: datetime) -> User | None:
        """The user, or None where there is none of that id, it is disabled, or the password is wrong.

        All three take the same time. ``source`` is the address that the login came from, or a known browser's mark
        (``crm.logins``). Raises TooManyFailures.
        """
        await self._logins.attempt(id, source, now)
        row = await self._row(id)
        right = await self._passwords.right(password, row["password_hash"] if row else None)
        if row is None or not right or row["disabled"]:
            return None
        await self._logins.succeeded(id, source)
        return user(row)

    async def change_password(self, id: str, password: str) -> None:
        """The user's own new one. Raises NoSuchUser, WeakPassword. Sessions stay: see ``Sessions.close_all``."""
        new = {"password_hash": await self._passwords.hash(password), "must_change": False}
        async with self._database.write() as connection:
            changed = await connection.execute(update(users).where(users.c.id == id).values(new))
        if changed.rowcount != 1:
            raise NoSuchUser(f"there is no user {id}")

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


def _given(new: User, by: str, now: datetime) -> list[RightsChange]:
    departments = [RightsChange(now, by, new.id, RightsKind.DEPARTMENT_GIVEN, one) for one in sorted(new.departments)]
    created = RightsChange(now, by, new.id, RightsKind.CREATED)
    return [created, RightsChange(now, by, new.id, RightsKind.ROLE_GIVEN, new.role.value), *departments]
