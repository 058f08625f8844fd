"""What administrators change of users (C8): in one transaction with its line in the log of rights and the end of the
user's sessions, so that nobody goes on with rights of before."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.database import Database, insert_into
from crm.errors import StoreError
from crm.passwords import Passwords
from crm.rights import RightsChange, RightsKind, note
from crm.second_factors import forget
from crm.sessions import close_all
from crm.tables import users
from crm.user_rows import user
from crm.user_tables import role_rules
from crm.users import NoSuchUser
from kernel.user import Role, User, is_last_administrator


class LastAdministrator(StoreError):
    """Without this one nobody could administer the console."""


class UserAdmin:
    """Each change is made ``by`` an administrator (a user's id, or a command's name) at ``now``. Raises NoSuchUser."""

    def __init__(self, database: Database, passwords: Passwords) -> None:
        self._database = database
        self._passwords = passwords

    async def save(self, id: str, name: str, role: Role, departments: Iterable[str], *, by: str, now: datetime) -> User:
        """Raises LastAdministrator. Where the rights change, the user's sessions end."""
        given = frozenset(departments)
        async with self._database.in_turn() as connection:
            before = await _changeable(connection, id, administers=role is Role.ADMINISTRATOR)
            changes = _difference(before, role, given, by, now)
            await _set(connection, id, name=name, role=role.value, departments=sorted(given))
            await note(connection, *changes)
            if changes:
                await close_all(connection, id)
        return User(id, name, role, before.disabled, given, before.must_change)

    async def set_disabled(self, id: str, disabled: bool, *, by: str, now: datetime) -> None:
        """A disabled user has no session from this moment. Raises LastAdministrator."""
        kind = RightsKind.DISABLED if disabled else RightsKind.ENABLED
        async with self._database.in_turn() as connection:
            before = await _changeable(connection, id, administers=not disabled)
            if before.disabled == disabled:
                return
            await _set(connection, id, disabled=disabled)
            await note(connection, RightsChange(now, by, id, kind, before.role.value))
            await close_all(connection, id)

    async def reset_password(self, id: str, *, by: str, now: datetime) -> str:
        """A new password, told this once; who logs in with it must change it."""
        password = new_password()
        new = {"password_hash": await self._passwords.hash(password), "must_change": True}
        async with self._database.in_turn() as connection:
            await _set(connection, id, **new)
            await note(connection, RightsChange(now, by, id, RightsKind.PASSWORD_RESET))
            await close_all(connection, id)
        return password

    async def reset_second_factor(self, id: str, *, by: str, now: datetime) -> None:
        """For a phone that is lost. Where the role asks for a second factor, the next login sets up another."""
        async with self._database.in_turn() as connection:
            await _changeable(connection, id, administers=True)
            await forget(connection, id)
            await note(connection, RightsChange(now, by, id, RightsKind.SECOND_FACTOR_RESET))
            await close_all(connection, id)

    async def second_factor_rules(self) -> Mapping[Role, datetime]:
        """The roles that must have a second factor, with the moment since when: it is asked for at logins after it."""
        wanted = select(role_rules).where(role_rules.c.second_factor_since.is_not(None))
        async with self._database.read() as connection:
            rows = (await connection.execute(wanted)).mappings().all()
        return {Role(row["role"]): row["second_factor_since"] for row in rows}

    async def require_second_factor(self, role: Role, required: bool, *, by: str, now: datetime) -> None:
        """Ask the users of ``role`` for a second factor, or no longer; to ask twice is harmless."""
        kind = RightsKind.SECOND_FACTOR_REQUIRED if required else RightsKind.SECOND_FACTOR_NOT_REQUIRED
        since = now if required else None
        async with self._database.in_turn() as connection:
            old = select(role_rules.c.second_factor_since).where(role_rules.c.role == role.value)
            if bool((await connection.execute(old)).scalar_one_or_none()) == required:
                return
            new = insert_into(role_rules, connection.dialect).values(role=role.value, second_factor_since=since)
            changed = new.on_conflict_do_update(index_elements=[role_rules.c.role], set_={"second_factor_since": since})
            await connection.execute(changed)
            await note(connection, RightsChange(now, by, "", kind, role.value))


def new_password() -> str:
    """96 bits, to be typed once."""
    return secrets.token_urlsafe(12)


async def _changeable(connection: AsyncConnection, id: str, *, administers: bool) -> User:
    """The user as stored. Raises LastAdministrator unless there is another, or this one still ``administers`` after."""
    everybody = [user(row) for row in (await connection.execute(select(users))).mappings()]
    before = next((one for one in everybody if one.id == id), None)
    if before is None:
        raise NoSuchUser(f"there is no user {id}")
    if not administers and is_last_administrator(id, everybody):
        raise LastAdministrator(f"{id} is the last active administrator: make another one first")
    return before


async def _set(connection: AsyncConnection, id: str, **values: object) -> None:
    changed = await connection.execute(update(users).where(users.c.id == id).values(values))
    if changed.rowcount != 1:
        raise NoSuchUser(f"there is no user {id}")


def _difference(before: User, role: Role, departments: frozenset[str], by: str, now: datetime) -> list[RightsChange]:
    """What is given and removed."""
    found = list[tuple[RightsKind, str]]()
    if role is not before.role:
        found += [(RightsKind.ROLE_REMOVED, before.role.value), (RightsKind.ROLE_GIVEN, role.value)]
    found += [(RightsKind.DEPARTMENT_REMOVED, one) for one in sorted(before.departments - departments)]
    found += [(RightsKind.DEPARTMENT_GIVEN, one) for one in sorted(departments - before.departments)]
    return [RightsChange(now, by, before.id, kind, what) for kind, what in found]
