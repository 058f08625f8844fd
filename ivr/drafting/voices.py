"""How a voice sounds on the telephone: the shape of its spectra, and its pitch. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ivr.hearing.recogniser import RATE

Vector = NDArray[np.float64]

WINDOW, HOP = RATE // 40, RATE // 100
TRANSFORM = 512
BANDS = 26
COEFFICIENTS = 16
LOWEST_HZ, HIGHEST_HZ = 200.0, 3600.0
"""What a telephone carries of a voice."""

LOUD_SHARE = 0.6
"""Of the frames, the loudest: vowels tell a voice, pauses do not."""

LOWEST_PITCH_HZ, HIGHEST_PITCH_HZ, NO_PITCH_HZ = 70.0, 400.0, 160.0
PITCH_WINDOW = RATE // 20
VOICED = 0.5
"""The autocorrelation at its best lag from which a frame has a pitch."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Of one stretch of speech. ``cepstra``: a row for each loud frame, 10 ms apart (mel-frequency cepstrum without
    its loudness; Davis and Mermelstein 1980). ``pitch``: the middle one, in octaves above 1 Hz."""

    cepstra: Vector
    pitch: float


def voice(speech: bytes) -> Voice:
    """Of ``speech`` (16 kHz, signed 16 bit, little endian, one channel; not empty)."""
    sound = np.frombuffer(speech, "<i2") / 2.0**15
    frames = _frames(sound, WINDOW)
    energy = np.square(frames).mean(axis=1)
    loud = frames[energy >= np.quantile(energy, 1 - LOUD_SHARE)]
    return Voice(_cepstra(loud), _pitch(sound))


def _frames(sound: Vector, size: int) -> Vector:
    padded = np.pad(sound, (0, max(0, size - sound.size)))
    return np.lib.stride_tricks.sliding_window_view(padded, size)[::HOP]


def _cepstra(frames: Vector) -> Vector:
    power = np.abs(np.fft.rfft(frames * np.hanning(WINDOW), TRANSFORM)) ** 2
    return np.log(power @ _FILTERS.T + 1e-10) @ _COSINES.T


def _pitch(sound: Vector) -> float:
    frames = _frames(sound, PITCH_WINDOW)[::2]
    frames = frames - frames.mean(axis=1, keepdims=True)
    similar = np.fft.irfft(np.abs(np.fft.rfft(frames, 2 * PITCH_WINDOW)) ** 2)
    shortest, longest = int(RATE / HIGHEST_PITCH_HZ), int(RATE / LOWEST_PITCH_HZ)
    lags = similar[:, shortest:longest].argmax(axis=1) + shortest
    strength = similar[np.arange(len(lags)), lags] / (similar[:, 0] + 1e-9)
    voiced = lags[strength >= VOICED]
    return float(np.log2(np.median(RATE / voiced) if voiced.size else NO_PITCH_HZ))


def _mel(hertz: Vector) -> Vector:
    return 2595.0 * np.log10(1.0 + hertz / 700.0)


def _filters() -> Vector:
    """Triangles of equal width in mel, a row each."""
    lowest, highest = _mel(np.array([LOWEST_HZ, HIGHEST_HZ]))
    width = (highest - lowest) / (BANDS + 1)
    middles: Vector = lowest + width * np.arange(1, BANDS + 1)
    bins = _mel(np.arange(TRANSFORM // 2 + 1) * RATE / TRANSFORM)
    return np.maximum(0.0, 1.0 - np.abs(bins[None] - middles[:, None]) / width)


_FILTERS = _filters()
_COSINES = np.cos(np.pi / BANDS * np.outer(np.arange(1, COEFFICIENTS + 1), np.arange(BANDS) + 0.5)) / np.sqrt(BANDS)
