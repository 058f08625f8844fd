"""The voices: Open JTalk for Japanese, with its own dictionary, accents and reading of numbers; else eSpeak NG."""

from __future__ import annotations

import io
import warnings
from contextlib import redirect_stdout
from functools import cache
from importlib.metadata import version

from ivr.telephone_audio import Samples
from kernel.language import JAPANESE, VOICED

LANGUAGES: tuple[str, ...] = (JAPANESE, *VOICED)


@cache
def voice_version(language: str) -> str:
    """Names the voice of ``language``; a prompt spoken by another version of it is another prompt."""
    package = "pyopenjtalk-plus" if language == JAPANESE else "espeakng-loader"
    return f"{package} {version(package)}"


SLOW = 0.65
"""Of the voice's own speed: for who asks for it."""


def speak(text: str, language: str, speed: float = 1.0) -> tuple[Samples, int]:
    """``text`` spoken at ``speed`` times the voice's own, and the rate in Hz.

    Takes about a twentieth of the time to hear it, and a second the first time.
    Nothing to pronounce gives no samples.
    """
    plain = " ".join(text.split())
    if language != JAPANESE:
        from ivr.espeak import speak_with_espeak  # noqa: PLC0415  (only the process that speaks loads a library)

        return speak_with_espeak(plain, language, speed)
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()):
        # On import it prints that 何 is read by rule, not by a model; then it calls a Sudachi function of yesterday.
        warnings.filterwarnings("ignore", r"Dictionary\.create\(\)", DeprecationWarning)
        from pyopenjtalk import tts  # noqa: PLC0415  (loads 90 MB: only the process that speaks pays for it)

        return tts(plain, speed=speed)
