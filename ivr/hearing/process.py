"""One worker process of a recogniser, seen from the process that asks it."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process, SubprocessStreamProtocol
from pathlib import Path
from typing import Any

from ivr.hearing.recogniser import Transcript, transcript_of
from ivr.hearing.rules import Engine, PoolRules

REPOSITORY = Path(__file__).parents[2]
LONGEST_REPLY_BYTES = 2**16


class Ended(Exception):
    """The process is no more, or of no more use; the message says how it ended."""


class WorkerProcess:
    """One process, one recognition at a time (``ivr.hearing.worker``). After Ended or a cancellation: ``end`` it."""

    def __init__(self, engine: Engine, rules: PoolRules) -> None:
        told = (engine.name, str(engine.folder), str(engine.threads), str(rules.memory), str(rules.niceness))
        self._command = (sys.executable, "-m", "ivr.hearing.worker", *told)
        self._start_seconds = rules.start_seconds
        self._process: Process | None = None
        self._transport: asyncio.SubprocessTransport | None = None

    @property
    def pid(self) -> int | None:
        """The running process, None where there is none."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Return once it has loaded its model. Raises Ended."""
        loop = asyncio.get_running_loop()
        self._transport, protocol = await loop.subprocess_exec(
            lambda: SubprocessStreamProtocol(LONGEST_REPLY_BYTES, loop),
            *self._command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=None,
            cwd=REPOSITORY,
            env=os.environ | {"HF_HUB_OFFLINE": "1"},
            start_new_session=True,
        )
        self._process = Process(self._transport, protocol, loop)
        try:
            await asyncio.wait_for(self._reply(self._process), self._start_seconds)
        except TimeoutError:
            raise Ended(f"not loaded within {self._start_seconds:g} s") from None

    async def recognise(self, speech: bytes, expected: tuple[str, ...]) -> Transcript:
        """What was said. Raises Ended."""
        process = self._process
        if not process or not process.stdin:
            raise Ended("it was not started")
        request = json.dumps({"bytes": len(speech), "expected": expected}).encode() + b"\n"
        try:
            process.stdin.write(request + speech)
            await process.stdin.drain()
        except (ConnectionError, RuntimeError):  # uvloop has the latter for a process that has ended
            raise Ended(f"exit status {await process.wait()}") from None
        reply = await self._reply(process)
        return transcript_of(reply)

    async def end(self) -> None:
        """Nothing of the process is left: closing its transport kills what still runs."""
        if self._process and self._transport:
            self._transport.close()
            await self._process.wait()
        self._process = self._transport = None

    async def _reply(self, process: Process) -> dict[str, Any]:
        """The next line. An error that the worker tells of is one after which it can't be used."""
        assert process.stdout
        try:
            line = await process.stdout.readline()
        except ConnectionError:
            line = b""
        if not line:
            raise Ended(f"exit status {await process.wait()}")
        reply: dict[str, Any] = json.loads(line)
        if "error" in reply:
            raise Ended(reply["error"])
        return reply
