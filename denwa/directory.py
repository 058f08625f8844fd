"""The telephone directory from the command line: ``denwa directory import|export FILE``."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable
from pathlib import Path

from crm.directory.csv_text import Unreadable, write
from crm.directory.importing import Imported, import_file, told
from crm.errors import StoreError
from crm.store import Store
from denwa.parts import open_parts, utc_now
from kernel.settings import Settings

Say = Callable[[str], None]

COMMAND = "denwa directory"
"""Who makes these changes, in the directory's log."""


class BadDirectory(StoreError):
    """The file as a whole can't be read as a directory."""


def add_arguments(command: argparse.ArgumentParser) -> None:
    """What ``denwa directory`` takes."""
    command.add_argument("action", choices=("import", "export"))
    command.add_argument("file", type=Path, help="CSV: UTF-8 with or without byte order mark, or CP932")
    command.add_argument("--skip-wrong", action="store_true", help="import the lines that are right, leave the others")


async def directory(settings: Settings, args: argparse.Namespace, say: Say) -> int:
    """Make the file the directory, or write the directory into it. 1 where something was wrong with the file."""
    async with open_parts(settings) as parts:
        if args.action == "export":
            kept = await parts.store.directory.all()
            args.file.write_text(write(one.entry for one in kept), encoding="utf-8", newline="")
            say(f"{len(kept)} entries are in {args.file}")
            return 0
        return _report(await load(parts.store, args.file, skip_wrong=args.skip_wrong), say)


async def load(store: Store, file: Path, *, by: str = COMMAND, skip_wrong: bool = False) -> Imported:
    """Make ``file`` the directory. Raises BadDirectory, OSError."""
    known = {one.id for one in (await store.centres.current()).departments}
    written = await asyncio.to_thread(file.read_bytes)
    try:
        return await import_file(store.directory, written, known, by=by, now=utc_now(), skip_wrong=skip_wrong)
    except Unreadable as wrong:
        raise BadDirectory(f"{file}: {wrong}") from wrong


def _report(imported: Imported, say: Say) -> int:
    for problem in imported.problems:
        say(told(problem))
    done = imported.replaced
    if done is None:
        say(f"nothing was imported: {imported.lines} lines are wrong (--skip-wrong leaves them out)")
        return 1
    left = f", {imported.lines} lines left out" if imported.problems else ""
    say(f"{done.added} entries added, {done.changed} changed, {done.removed} removed{left}")
    return 0
