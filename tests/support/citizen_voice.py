"""A synthetic citizen: what is said, as a sound of the telephone. Synthetic voices are not callers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyopenjtalk

from tests.support.sound import write

SPOKEN_RATE, TELEPHONE_RATE = 48_000, 8_000


def speak(folder: Path, name: str, text: str, *, silence: float = 1.0) -> Path:
    """The path without ending, as Asterisk takes it, of ``text`` and so many seconds of silence behind it."""
    sound, rate = pyopenjtalk.tts(text, half_tone=-3.0)
    assert rate == SPOKEN_RATE
    step = SPOKEN_RATE // TELEPHONE_RATE
    whole = sound[: len(sound) // step * step].reshape(-1, step).mean(axis=1)
    voice = 0.5 * whole / np.abs(whole).max()
    write(folder / f"{name}.wav", np.concatenate([voice, np.zeros(int(silence * TELEPHONE_RATE))]))
    return folder / name
