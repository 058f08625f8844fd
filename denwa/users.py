"""Users from the command line: the first administrator, and who has locked out everybody else."""

from __future__ import annotations

import argparse
import getpass
import secrets
import sys
from collections.abc import Callable

from crm.errors import StoreError
from crm.users import Role
from denwa.parts import open_parts, utc_now
from kernel.settings import Settings

Say = Callable[[str], None]

COMMAND = "denwa user"
"""Who gives these rights, in the log of rights."""


class NoSuchDepartment(StoreError):
    """The centre's document does not know the department."""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """Those of ``user``."""
    command.add_argument("id")
    command.add_argument("name")
    command.add_argument("--role", choices=[role.value for role in Role], default=Role.OPERATOR.value)
    command.add_argument("--department", action="append", default=[], help="its id; may be given several times")
    command.add_argument("--password-stdin", action="store_true", help="read it from standard input")


def add_reset_arguments(command: argparse.ArgumentParser) -> None:
    """Those of ``reset-user``."""
    command.add_argument("id")


async def add_user(settings: Settings, args: argparse.Namespace, say: Say) -> int:
    """A new user, whose password must be changed at the first login."""
    password = _typed_password(args) or _password(say)
    async with open_parts(settings) as parts:
        if args.department:
            known = {one.id for one in (await parts.store.centres.current()).departments}
            if strange := sorted(set(args.department) - known):
                raise NoSuchDepartment(
                    f"there is no department {', '.join(strange)}; there are {', '.join(sorted(known))}"
                )
        await parts.store.users.create(
            args.id,
            args.name,
            Role(args.role),
            password,
            utc_now(),
            by=COMMAND,
            departments=args.department,
            must_change=True,
        )
    return 0


async def reset_user(settings: Settings, args: argparse.Namespace, say: Say) -> int:
    """For an administrator who has lost password and telephone, where there is no other who could help."""
    async with open_parts(settings) as parts:
        admin, now = parts.store.user_admin, utc_now()
        await admin.reset_second_factor(args.id, by=COMMAND, now=now)
        password = await admin.reset_password(args.id, by=COMMAND, now=now)
    say(f"password: {password}")
    return 0


def _typed_password(args: argparse.Namespace) -> str:
    """Empty where nobody is at a terminal."""
    if args.password_stdin:
        return sys.stdin.readline().strip()
    return getpass.getpass("password: ") if sys.stdin.isatty() else ""


def _password(say: Say) -> str:
    password = secrets.token_urlsafe(12)
    say(f"password: {password}")
    return password
