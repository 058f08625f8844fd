"""The process of one draft, seen from the process that asks it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ivr.drafting.proposal import Topics
from ivr.hearing.rules import Engine
from ivr.understanding.from_directory import subjects_of
from ivr.understanding.lexicon import Subject
from kernel.directory import Entry
from kernel.talk_draft import TalkDraft, draft_of

REPOSITORY = Path(__file__).parents[2]
MEMORY = 4 * 2**30
LONGEST_REPLY_BYTES = 2**24
PATIENCE_SECONDS = 3600.0
"""A machine that is busy with calls may need long; who waits for ever would never draft another talk."""


class NotDrafted(Exception):
    """No draft came of it; the message says why, and nothing of what was said. It may be tried again."""


class TalkTooLong(NotDrafted):
    """The talk is longer than drafts are made for: to try again is of no use."""


@dataclass(frozen=True, slots=True)
class Drafting:
    """How drafts are made: by which recogniser, and of talks of ``longest_seconds`` at most."""

    engine: Engine
    longest_seconds: float

    async def __call__(self, files: Sequence[Path], entries: Sequence[Entry]) -> TalkDraft:
        """Of the recordings ``files`` of one call, in order. Cancelled, it leaves no process. Raises NotDrafted."""
        engine = self.engine
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "ivr.drafting.worker"),
            *(engine.name, str(engine.folder), str(engine.threads), str(MEMORY)),
            stdin=PIPE,
            stdout=PIPE,
            limit=LONGEST_REPLY_BYTES,
            cwd=REPOSITORY,
            env=os.environ | {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": str(engine.threads)},
        )
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                return await _asked(process, request(files, entries, self.longest_seconds))
        except TimeoutError:
            raise NotDrafted(f"not drafted within {PATIENCE_SECONDS:g} s") from None
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _asked(process: asyncio.subprocess.Process, asked: Mapping[str, Any]) -> TalkDraft:
    assert process.stdin
    assert process.stdout
    try:
        process.stdin.write(json.dumps(asked).encode() + b"\n")
        await process.stdin.drain()
        line = await process.stdout.readline()
    except (ConnectionError, RuntimeError):  # uvloop has the latter for a process that has ended
        line = b""
    if not line:
        raise NotDrafted(f"the process ended: exit status {await process.wait()}")
    return _read(json.loads(line))


def _read(reply: Mapping[str, Any]) -> TalkDraft:
    match reply:
        case {"draft": draft}:
            return draft_of(draft)
        case {"failed": "too long"}:
            raise TalkTooLong("the talk is too long")
        case _:
            raise NotDrafted(str(reply["failed"]))


def request(files: Sequence[Path], entries: Sequence[Entry], longest_seconds: float) -> dict[str, Any]:
    """What a worker is asked: the sections of the directory that can be proposed go with it."""
    owners = {entry.id: entry.department for entry in entries}
    subjects = subjects_of(entries)
    return {
        "files": [str(file.absolute()) for file in files],
        "longest_seconds": longest_seconds,
        "subjects": [asdict(one) for one in subjects],
        "owners": {one.id: owners[one.id] for one in subjects},
    }


def topics_of(asked: Mapping[str, Any]) -> Topics:
    """What ``request`` wrote."""
    subjects = [
        Subject(one["id"], one["label"], one["reading"], tuple(one["words"]), tuple(one["further"]))
        for one in asked["subjects"]
    ]
    return Topics({one.id: one for one in subjects}, asked["owners"])
