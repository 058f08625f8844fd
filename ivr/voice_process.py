"""Holds the process that speaks: starts it when there is something to say, replaces it when it dies."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from asyncio.subprocess import PIPE, Process, SubprocessStreamProtocol
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

log = logging.getLogger(__name__)

REPOSITORY = Path(__file__).parents[1]
IDLE_SECONDS = 120.0
SPEAKING_SECONDS = 60.0
CLOSING_SECONDS = 5.0
LONGEST_REPLY_BYTES = 2**16


class PromptFailed(Exception):
    """A text could not be spoken; the message says why and what to do."""


class _Died(Exception):
    """The process ended, with that exit status, before it replied."""


class VoiceProcess:
    """One process, one text at a time. A process that ends in the middle of a text is replaced once for that text."""

    def __init__(self, idle_seconds: float = IDLE_SECONDS) -> None:
        self._command = (sys.executable, "-m", "ivr.voice_worker", str(idle_seconds))
        self._process: Process | None = None
        self._transport: asyncio.SubprocessTransport | None = None
        self._turn = asyncio.Lock()

    @property
    def pid(self) -> int | None:
        """The running process, None where there is none."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def speak(self, text: str, language: str, path: Path, slowly: bool = False) -> None:
        """Make the sound files ``path``.ulaw and ``path``.wav. Raises PromptFailed."""
        request = {"text": text, "language": language, "path": str(path), "slowly": slowly}
        async with self._turn:
            try:
                error = await self._request(request)
            except _Died as died:
                log.warning("the speaking process ended (%s) at prompt %s: starting another", died, path.name)
                error = await self._request_again(request)
        if error:
            raise PromptFailed(f"prompt {path.name} was not made: {error}")

    async def close(self) -> None:
        """End the process: at the end of its input, or by force where it does not listen."""
        if self._process:
            _pipes(self._process)[0].close()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), CLOSING_SECONDS)
            await self._end()

    async def _request_again(self, request: Mapping[str, str | bool]) -> str | None:
        try:
            return await self._request(request)
        except _Died as died:
            return f"the speaking process ended twice ({died}): run `denwa doctor`, and see that memory is free"

    async def _request(self, request: Mapping[str, str | bool]) -> str | None:
        """What went wrong, if anything. A process that still owes a reply is never used for another text."""
        process = await self._running()
        try:
            async with asyncio.timeout(SPEAKING_SECONDS):
                return await _exchange(process, request)
        except TimeoutError:
            await self._end()
            return f"not spoken within {SPEAKING_SECONDS:.0f} s: write a shorter text"
        except BaseException:
            await self._end()
            raise

    async def _running(self) -> Process:
        if self._process and self._process.returncode is None:
            return self._process
        await self._end()
        loop = asyncio.get_running_loop()
        self._transport, protocol = await loop.subprocess_exec(
            lambda: SubprocessStreamProtocol(LONGEST_REPLY_BYTES, loop),
            *self._command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=None,
            cwd=REPOSITORY,
            start_new_session=True,
        )
        self._process = Process(self._transport, protocol, loop)
        return self._process

    async def _end(self) -> None:
        """Nothing of the process is left: closing its transport kills what still runs."""
        if self._process and self._transport:
            self._transport.close()
            await self._process.wait()
        self._process = self._transport = None


async def _exchange(process: Process, request: Mapping[str, str | bool]) -> str | None:
    requests, replies = _pipes(process)
    try:
        requests.write(json.dumps(request).encode() + b"\n")
        await requests.drain()
        reply = await replies.readline()
    except ConnectionError:
        reply = b""
    if not reply:
        raise _Died(f"exit status {await process.wait()}")
    return json.loads(reply)["error"]


def _pipes(process: Process) -> tuple[asyncio.StreamWriter, asyncio.StreamReader]:
    assert process.stdin
    assert process.stdout
    return process.stdin, process.stdout
