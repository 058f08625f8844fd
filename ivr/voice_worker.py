"""The process that speaks, ``python -m ivr.voice_worker IDLE_SECONDS``: it keeps the event loop free of synthesis.

One JSON line in, ``{"text": …, "language": …, "path": …, "slowly": …}``, one out, ``{"error": null}`` or what went
wrong. It ends when its input does, so that it never outlives the process that asked, and after some idle time, since
the Japanese voice takes 200 MB.
"""

from __future__ import annotations

import errno
import json
import os
import select
import sys
import wave
from collections.abc import Callable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from ivr.telephone_audio import RATE, Inaudible, Pcm, for_telephone, mu_law
from ivr.voice import SLOW, speak

NICENESS = 10
FILE_MODE = 0o644


def make(text: str, language: str, path: Path, *, slowly: bool = False) -> None:
    """Speak ``text`` into ``path`` with the endings .ulaw and .wav; each file appears whole or not at all."""
    speech, rate = speak(text, language, SLOW if slowly else 1.0)
    sound = for_telephone(speech, rate)
    _write(path.with_suffix(".ulaw"), lambda file: file.write(mu_law(sound).tobytes()))
    _write(path.with_suffix(".wav"), lambda file: _write_wav(sound, file))


def _write_wav(sound: Pcm, file: IO[bytes]) -> None:
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(sound.astype("<i2").tobytes())


def _write(path: Path, fill: Callable[[IO[bytes]], object]) -> None:
    with NamedTemporaryFile(dir=path.parent, prefix=".", suffix=".tmp", delete=False) as file:
        try:
            fill(file)
            file.flush()
            os.fchmod(file.fileno(), FILE_MODE)
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def answer(request: bytes) -> str | None:
    """Do what one line asks; None, or why it could not be done."""
    try:
        asked = json.loads(request)
        make(asked["text"], asked["language"], Path(asked["path"]), slowly=asked["slowly"])
    except OSError as error:
        room = "the disk is full: make room on it" if error.errno == errno.ENOSPC else "check the folder of the prompts"
        return f"{error.strerror or error}: {room}"
    except Inaudible as error:
        return str(error)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return None


def main(idle_seconds: float) -> None:
    """Serve standard input until it ends, or is silent for ``idle_seconds``."""
    os.nice(NICENESS)
    with os.fdopen(os.dup(1), "w", encoding="utf-8") as replies:
        os.dup2(2, 1)  # what the voice's C code prints must not pass for a reply
        while select.select([sys.stdin.buffer], [], [], idle_seconds)[0]:
            request = sys.stdin.buffer.readline()
            if not request:
                return
            print(json.dumps({"error": answer(request)}), file=replies, flush=True)


if __name__ == "__main__":
    main(float(sys.argv[1]))
