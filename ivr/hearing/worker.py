"""The process that recognises, ``python -m ivr.hearing.worker ENGINE FOLDER THREADS MEMORY NICENESS``.

Once it has loaded it says ``{"ready": true}``. Then, again and again: one JSON line in,
``{"bytes": …, "expected": […]}``, and so many bytes of speech behind it; one JSON line out, the fields of a
Transcript, or ``{"error": …}``, which never holds what was said. It ends when its input does, so that it never outlives
the process that asked.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from ivr.hearing.recogniser import BYTES_A_SECOND, LONGEST_SECONDS, Transcript
from ivr.hearing.rules import Engine

Ear = Callable[[bytes, tuple[str, ...]], Transcript]


def load(engine: Engine) -> Ear:
    """The recogniser of that name; it is imported only here, where it is used."""
    match engine.name:
        case "whisper":
            from ivr.hearing.whisper import Whisper  # noqa: PLC0415

            return Whisper(engine.folder, engine.threads).hear
        case "vosk":
            from ivr.hearing.vosk import Vosk  # noqa: PLC0415

            return Vosk(engine.folder).hear
        case other:
            raise ValueError(f"there is no recogniser {other!r}: write whisper or vosk")


def main(engine: Engine, memory: int, niceness: int) -> None:
    """Serve standard input until it ends."""
    os.nice(niceness)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold a citizen's voice
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as replies:
        os.dup2(2, 1)  # what a library prints must not pass for a reply
        try:
            ear = load(engine)
        except Exception as error:
            _say(replies, {"error": f"{type(error).__name__}: {error}"})
            raise SystemExit(1) from None
        _say(replies, {"ready": True})
        serve(ear, sys.stdin.buffer, replies)


def serve(ear: Ear, requests: IO[bytes], replies: IO[str]) -> None:
    """Answer each request."""
    while line := requests.readline():
        request = json.loads(line)
        size = int(request["bytes"])
        if size > LONGEST_SECONDS * BYTES_A_SECOND:
            raise ValueError(f"{size} bytes are too many")
        speech = requests.read(size)
        try:
            reply = asdict(ear(speech, tuple(request["expected"])))
        except Exception as error:
            reply = {"error": f"{type(error).__name__} in the recogniser"}  # its message may hold what was said
        _say(replies, reply)


def _say(replies: IO[str], reply: dict[str, Any]) -> None:
    print(json.dumps(reply), file=replies, flush=True)


if __name__ == "__main__":
    _name, _folder, _threads, _memory, _niceness = sys.argv[1:]
    main(Engine(_name, Path(_folder), int(_threads)), int(_memory), int(_niceness))
