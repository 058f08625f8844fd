"""What a recording of one leg contains: tones by their spectrum, announcements by correlation. 8 kHz mono."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 8000
Sound = NDArray[np.float64]

SURE = 0.7
"""Normalised correlation above which an announcement counts as heard: mu-law and packet edges leave 0.9 and more."""
PIECES = 5
SLIP_SECONDS = 0.06
LOST_SECONDS = 0.1
"""A centre speaks as soon as it answers, which may be a packet or two before anybody listens."""

WINDOW = int(0.05 * RATE)


def read(path: Path, rate: int = RATE) -> Sound:
    """Samples between -1 and 1, of WAV or, without a header, of ``rate`` (a multiple of RATE, nothing above 4 kHz).

    A file that is still being written is read as far as it goes.
    """
    raw = path.read_bytes()
    body = raw[44:] if raw[:4] == b"RIFF" else raw
    body = body[: len(body) // 2 * 2]
    return np.frombuffer(body, dtype="<i2")[:: rate // RATE].astype(np.float64) / 32768.0


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
    """Where the first ``seconds`` of ``announcement`` begin within ``sound``, in seconds; None when it is not there.

    It is looked for in PIECES, each of which may be SLIP_SECONDS late or early: a machine that is busy loses a packet.
    What began up to LOST_SECONDS before ``sound`` is found at a negative time.
    """
    first = starts_at(announcement) or 0.0
    sample = announcement[int(first * RATE) : int((first + seconds) * RATE)]
    lost = int(LOST_SECONDS * RATE)
    sound = np.concatenate((np.zeros(lost), sound))
    places = len(sound) - len(sample) + 1
    if places < 1 or not np.any(sample):
        return None
    size = len(sample) // PIECES
    pieces = [_slipping(_strength(sound, sample[at : at + size]), at, places) for at in range(0, size * PIECES, size)]
    strength = np.mean(pieces, axis=0)
    best = int(np.argmax(strength))
    if strength[best] <= SURE:
        return None
    near = max(0, best - int(SLIP_SECONDS * RATE))
    begins = near + int(np.argmax(_strength(sound, sample)[near : best + int(SLIP_SECONDS * RATE) + 1]))
    return (begins - lost) / RATE - first


def _strength(sound: Sound, piece: Sound) -> Sound:
    """Normalised correlation of ``piece`` with ``sound`` from each place on, -1 to 1; 0 where one of them is silent."""
    size = 1 << (len(sound) + len(piece)).bit_length()
    product = np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(piece, size)), size)
    energy = np.concatenate(([0.0], np.cumsum(sound**2)))
    local = energy[len(piece) :] - energy[: -len(piece)]
    return product[: len(local)] / np.sqrt(np.maximum(local, 1e-6) * max(float(np.sum(piece**2)), 1e-6))


def _slipping(strength: Sound, at: int, places: int) -> Sound:
    """The best within SLIP_SECONDS of each of the first ``places``, for a piece that lies ``at`` samples in."""
    slip = int(SLIP_SECONDS * RATE)
    padded = np.pad(strength, slip, constant_values=-1.0)[at : at + places + 2 * slip]
    padded = np.pad(padded, (0, places + 2 * slip - len(padded)), constant_values=-1.0)
    near = padded
    span = 1
    while span * 2 <= 2 * slip + 1:
        near = np.maximum(near[:-span], near[span:])
        span *= 2
    rest = 2 * slip + 1 - span
    return np.maximum(near[:places], near[rest : rest + places])
