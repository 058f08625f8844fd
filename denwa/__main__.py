"""The command line: ``python -m denwa COMMAND``."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

import uvloop
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsError

from asterisk_conf.errors import AsteriskError
from crm.errors import StoreError
from crm.keyring import KeyringError, add_key, use_newest_key
from denwa import directory, figures, users
from denwa.demo.readiness import NotReady
from denwa.demo.run import BadCaller, demo, demo_log
from denwa.doctor import doctor, healthy, print_findings
from denwa.logging import configure_logging
from denwa.parts import KEYS, open_parts
from denwa.phones import NoSocket, serve_phones
from denwa.prepare import prepare_store, render, seed, seed_directory
from denwa.serve import PortInUse, serve
from denwa.staffing import command as staffing
from denwa.tls import BadCertificate
from ivr.prompts import PromptFailed
from ivr.seed_file import SeedError
from kernel.bus.errors import BusError
from kernel.settings import Settings

Args = argparse.Namespace
Run = Callable[[Settings, Args], Coroutine[Any, Any, int]]


async def _serve(settings: Settings, args: Args) -> int:
    await serve(settings, controller=args.command != "console", console=args.command != "controller")
    return 0


async def _phones(settings: Settings, _args: Args) -> int:
    await serve_phones(settings)
    return 0


async def _migrate(settings: Settings, _args: Args) -> int:
    await prepare_store(settings, say)
    return 0


async def _render(settings: Settings, _args: Args) -> int:
    rendered = await render(settings, say)
    say(f"Asterisk's configuration is in {rendered.folders.etc}")
    return 0


async def _seed(settings: Settings, args: Args) -> int:
    async with open_parts(settings) as parts:
        now = await parts.store.centres.current_version()
        await seed(parts.store, args.file or settings.seed_file, now.version if now else 0)
        await seed_directory(parts.store, settings.directory_file, say)
    return 0


async def _directory(settings: Settings, args: Args) -> int:
    return await directory.directory(settings, args, say)


async def _add_user(settings: Settings, args: Args) -> int:
    return await users.add_user(settings, args, say)


async def _reset_user(settings: Settings, args: Args) -> int:
    return await users.reset_user(settings, args, say)


async def _rotate(settings: Settings, _args: Args) -> int:
    async with open_parts(settings) as parts:
        for table, rows in (await parts.store.rotate()).items():
            say(f"{table}: {rows} rows encrypted anew")
    return 0


async def _add_key(settings: Settings, _args: Args) -> int:
    add_key(settings.secrets / KEYS)
    say("a new key is in the file: restart every process, then `denwa use-new-key`")
    return 0


async def _use_new_key(settings: Settings, _args: Args) -> int:
    use_newest_key(settings.secrets / KEYS)
    say("the newest key encrypts from now on: restart every process, then `denwa rotate-keys`")
    return 0


async def _doctor(settings: Settings, _args: Args) -> int:
    findings = await doctor(settings)
    print_findings(findings)
    return 0 if healthy(findings) else 1


def say(line: str) -> None:
    """Tell the person at the terminal."""
    print(line, flush=True)


async def _demo(settings: Settings, _args: Args) -> int:
    return await demo(settings, say)


async def _figures(settings: Settings, args: Args) -> int:
    return await figures.figures(settings, args, say)


async def _staffing(settings: Settings, args: Args) -> int:
    try:
        return await staffing.staffing(settings, args, say)
    except ValueError as wrong:
        return _failed(str(wrong))


COMMANDS: Mapping[str, tuple[Run, str]] = {
    "serve": (_serve, "controller and console in one process"),
    "controller": (_serve, "the controller alone; a second one waits as standby"),
    "console": (_serve, "the console alone"),
    "phones": (_phones, "the browsers' phones passed on to Asterisk, for a console in a container of its own"),
    "migrate": (_migrate, "make or update the store; loads the seed file into an empty one"),
    "render": (_render, "write Asterisk's configuration"),
    "seed": (_seed, "replace the centre's document by the seed file's"),
    "directory": (_directory, "import or export the telephone directory (CSV)"),
    "user": (_add_user, "add a user"),
    "reset-user": (_reset_user, "a new password for a user, who then has no second factor"),
    "add-key": (_add_key, "add a key for personal data that is known, but not used yet"),
    "use-new-key": (_use_new_key, "encrypt with the newest key from the next start on"),
    "rotate-keys": (_rotate, "encrypt anew what an older key has encrypted"),
    "doctor": (_doctor, "check each part and say how to get what is missing"),
    "figures": (_figures, "answered, abandoned, service levels, times: of a day or a month"),
    "staffing": (_staffing, "how many operators reach a goal, and what so many seats bring"),
    "demo": (_demo, "a citizen's call through everything, on this machine"),
}


def parser() -> argparse.ArgumentParser:
    """What the command line knows."""
    top = argparse.ArgumentParser(prog="denwa", description=__doc__)
    commands = top.add_subparsers(dest="command", required=True)
    for name, (_, help) in COMMANDS.items():
        command = commands.add_parser(name, help=help)
        if name == "seed":
            command.add_argument("--file", type=Path)
        if name in ARGUMENTS:
            ARGUMENTS[name](command)
    return top


ARGUMENTS: Mapping[str, Callable[[argparse.ArgumentParser], None]] = {
    "directory": directory.add_arguments,
    "figures": figures.add_arguments,
    "staffing": staffing.add_arguments,
    "user": users.add_arguments,
    "reset-user": users.add_reset_arguments,
}

MENDABLE = (
    AsteriskError,
    BadCaller,
    BadCertificate,
    BusError,
    KeyringError,
    NotReady,
    NoSocket,
    staffing.NoHistory,
    PortInUse,
    PromptFailed,
    SeedError,
    StoreError,
)
"""What whoever runs the command can mend; each message says how."""


INTERRUPTED = 128 + signal.SIGINT


def main() -> int:
    """Run one command; an error that its user can mend is one line that says what to do."""
    args = parser().parse_args()
    try:
        settings = Settings()
    except ValidationError as error:
        return _failed("a setting is wrong:\n  " + "\n  ".join(map(_problem, error.errors())))
    except SettingsError as error:
        return _failed(f"a setting is wrong, what stands there is no JSON: {error}")
    try:
        return _run(settings, args)
    except KeyboardInterrupt:
        return INTERRUPTED


def _run(settings: Settings, args: Args) -> int:
    try:
        configure_logging(settings.log_format, demo_log(settings) if args.command == "demo" else None)
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            return runner.run(COMMANDS[args.command][0](settings, args))
    except Exception as error:
        told = _mendable(error)
        if told is None:
            raise
        return _failed(told)


def _problem(one: ErrorDetails) -> str:
    return f"DENWA_{'__'.join(str(part).upper() for part in one['loc'])}: {one['msg']}"


def _mendable(error: BaseException) -> str | None:
    """What to tell of ``error``; None where it is not one that the user can mend."""
    match error:
        case BaseExceptionGroup():
            several = [_mendable(one) for one in error.exceptions]
            told = [one for one in several if one is not None]
            return "\n".join(told) if len(told) == len(several) else None
        case OSError(filename=str() as file, strerror=str() as why):
            return f"{file}: {why}"
        case _ if isinstance(error, MENDABLE):
            return str(error)
        case _:
            return None


def _failed(message: str) -> int:
    print(f"denwa: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
