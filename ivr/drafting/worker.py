"""The process that drafts one talk, ``python -m ivr.drafting.worker ENGINE FOLDER THREADS MEMORY``.

One JSON line in (``ivr.drafting.process.request``), one out: ``{"draft": …}``, or ``{"failed": …}``, which never holds
what was said. It has the lowest priority there is, and ends when its input does: it never outlives who asked.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from threading import Thread
from time import process_time
from typing import Any

LOWEST = 19
FAILED = 1


def main(name: str, folder: Path, threads: int, memory: int) -> None:
    """Serve the one request of standard input."""
    os.nice(LOWEST)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's reaches all; who asked ends this
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold a citizen's voice
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as reply:
        os.dup2(2, 1)  # what a library prints must not pass for the reply
        request = json.loads(sys.stdin.readline())
        Thread(target=_end_with_who_asked, daemon=True).start()
        print(json.dumps(_answer(request, name, folder, threads)), file=reply, flush=True)


def _end_with_who_asked() -> None:
    sys.stdin.read()
    os._exit(FAILED)


def _answer(request: dict[str, Any], name: str, folder: Path, threads: int) -> dict[str, Any]:
    from ivr.drafting.process import topics_of  # noqa: PLC0415  (what takes time to load is loaded at the low priority)
    from ivr.drafting.recorded import NoRecording  # noqa: PLC0415
    from ivr.drafting.transcript import Ear, TooLong, draft_of_talk  # noqa: PLC0415
    from ivr.hearing.rules import Engine  # noqa: PLC0415
    from ivr.hearing.worker import load  # noqa: PLC0415

    def ear() -> Ear:
        hear = load(Engine(name, folder, threads))

        def hear_one(speech: bytes, expected: Sequence[str]) -> Any:
            return hear(speech, tuple(expected))

        return hear_one

    try:
        files = [Path(file) for file in request["files"]]
        draft = draft_of_talk(files, topics_of(request), request["longest_seconds"], ear)
    except TooLong:
        return {"failed": "too long"}
    except NoRecording as none:
        return {"failed": f"no recording: {none}"}
    except Exception as error:
        return {"failed": f"{type(error).__name__} in the transcription"}  # its message may hold what was said
    return {"draft": asdict(draft), "work_seconds": process_time()}


if __name__ == "__main__":
    _name, _folder, _threads, _memory = sys.argv[1:]
    main(_name, Path(_folder), int(_threads), int(_memory))
