"""Tones, and what a recording contains of them. 8 kHz mono."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 8000
Sound = NDArray[np.float64]


def tone(hertz: float, seconds: float, level: float = 0.25) -> Sound:
    """A sine of amplitude ``level``."""
    return level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)


def write(path: Path, sound: Sound) -> None:
    """Write ``sound`` as 16-bit WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


def read(path: Path) -> Sound:
    """Samples between -1 and 1; of a file that is still being written, those that are there."""
    body = path.read_bytes()[44:]
    return np.frombuffer(body[: len(body) // 2 * 2], dtype="<i2").astype(np.float64) / 32768.0


def loudest(sound: Sound) -> float:
    """The strongest frequency in hertz."""
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    return float(np.argmax(power) * RATE / len(sound))
