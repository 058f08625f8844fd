"""What a recording of one leg contains: tones by their spectrum, announcements by correlation. 8 kHz mono."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 8000
Sound = NDArray[np.float64]

SURE = 0.5
"""Normalised correlation above which an announcement counts as heard: mu-law and packet edges leave 0.9 and more."""

WINDOW = int(0.05 * RATE)


def read(path: Path) -> Sound:
    """Samples between -1 and 1. A file that is still being written is read as far as it goes."""
    raw = path.read_bytes()
    body = raw[44:] if raw[:4] == b"RIFF" else raw
    body = body[: len(body) // 2 * 2]
    return np.frombuffer(body, dtype="<i2").astype(np.float64) / 32768.0


def write(path: Path, sound: Sound) -> None:
    """Write ``sound`` as 16-bit WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


def tone(hertz: float, seconds: float, level: float = 0.25) -> Sound:
    """A sine of amplitude ``level``."""
    return level * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)


def share_of_tone(sound: Sound, hertz: float) -> float:
    """The part of the sound's energy that lies within 20 Hz of ``hertz``, 0 to 1; 0 for silence."""
    if len(sound) < WINDOW or not np.any(sound):
        return 0.0
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    frequencies = np.fft.rfftfreq(len(sound), 1 / RATE)
    near = np.abs(frequencies - hertz) <= 20
    return float(power[near].sum() / power.sum())


def is_music(sound: Sound) -> bool:
    """Whether a second of ``sound`` is loud throughout and holds several tones, none of which is nearly all of it."""
    if len(sound) < RATE or any(level(part) < 0.002 for part in np.array_split(sound, 10)):
        return False
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    strongest = np.sort(power)[::-1]
    return bool(strongest[:8].sum() / power.sum() < 0.98)


def level(sound: Sound) -> float:
    """Root mean square, 0 to 1."""
    return float(np.sqrt(np.mean(sound**2))) if len(sound) else 0.0


def starts_at(sound: Sound, threshold: float = 0.005) -> float | None:
    """Seconds until the first 50 ms that are louder than ``threshold``; None in silence."""
    for begin in range(0, len(sound) - WINDOW, WINDOW // 5):
        if level(sound[begin : begin + WINDOW]) > threshold:
            return begin / RATE
    return None


def find(sound: Sound, announcement: Sound, seconds: float = 1.5) -> float | None:
    """Where the first ``seconds`` of ``announcement`` begin within ``sound``, in seconds; None when it is not there."""
    first = starts_at(announcement) or 0.0
    sample = announcement[int(first * RATE) : int((first + seconds) * RATE)]
    if len(sound) < len(sample) or not np.any(sample):
        return None
    size = 1 << (len(sound) + len(sample)).bit_length()
    product = np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(sample, size)), size)
    product = product[: len(sound) - len(sample) + 1]
    energy = np.concatenate(([0.0], np.cumsum(sound**2)))
    local = energy[len(sample) :] - energy[: -len(sample)]
    strength = product / np.sqrt(np.maximum(local, 1e-6) * np.sum(sample**2))
    best = int(np.argmax(strength))
    return best / RATE - first if strength[best] > SURE else None
