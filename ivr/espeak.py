"""The voice of languages other than Japanese: eSpeak NG, as the package espeakng-loader carries it; nothing is fetched.

The library keeps one state for a whole process: use it in the process that speaks alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ctypes import CDLL, CFUNCTYPE, POINTER, c_int, c_short, c_void_p, string_at
from functools import cache

import espeakng_loader
import numpy as np

from ivr.telephone_audio import Samples

VOICES: Mapping[str, str] = {"en": "en-us", "zh": "cmn", "ko": "ko", "es": "es-419", "pt": "pt-br", "vi": "vi"}
"""eSpeak's names for the languages, in the variants of those who live in Japan."""
WORDS_A_MINUTE = 140
"""Slower than usual: to be understood on the telephone."""

# espeak-ng/speak_lib.h
SYNCHRONOUS, DONT_EXIT = 2, 0x8000
RATE_PARAMETER = 1
CHARACTERS_UTF8, POSITION_CHARACTER = 1, 1
Heard = CFUNCTYPE(c_int, POINTER(c_short), c_int, c_void_p)


class NotSpoken(Exception):
    """eSpeak NG did not do what it was asked."""


def speak_with_espeak(text: str, language: str, speed: float = 1.0) -> tuple[Samples, int]:
    """``text`` in ``language``, a key of VOICES, and the rate in Hz. Raises NotSpoken."""
    library, rate = _library()
    parts: list[bytes] = []

    def heard(samples: object, count: int, _events: object) -> int:
        if samples and count:
            parts.append(string_at(samples, 2 * count))  # pyright: ignore[reportArgumentType]
        return 0

    told = Heard(heard)
    library.espeak_SetSynthCallback(told)
    _done(library.espeak_SetVoiceByName, VOICES[language].encode())
    _done(library.espeak_SetParameter, RATE_PARAMETER, round(WORDS_A_MINUTE * speed), 0)
    spoken = text.encode() + b"\0"
    _done(library.espeak_Synth, spoken, len(spoken), 0, POSITION_CHARACTER, 0, CHARACTERS_UTF8, None, None)
    return np.frombuffer(b"".join(parts), "<i2").astype(np.float64), rate


@cache
def _library() -> tuple[CDLL, int]:
    library = CDLL(espeakng_loader.get_library_path())
    rate = library.espeak_Initialize(SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), DONT_EXIT)
    if rate <= 0:
        raise NotSpoken("eSpeak NG can't begin: run `make setup`")
    return library, rate


def _done(function: Callable[..., int], *arguments: object) -> None:
    if code := function(*arguments):
        raise NotSpoken(f"eSpeak NG answers {code}")
