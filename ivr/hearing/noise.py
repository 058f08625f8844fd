"""Takes steady noise out of speech before it is recognised: spectral subtraction (Boll 1979, Berouti et al. 1979)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]

WINDOW, HOP = 512, 128
QUIET_SHARE = 0.2
"""The quietest fifth of the frames is taken for the noise."""

OVER = 1.5
FLOOR = 0.1
SMOOTHED = 5
NOISY_DB = -30.0
"""Where the quietest frames are that much below the mean or less, there is noise worth taking out."""


def quieter(sound: Sound) -> Sound:
    """``sound`` with its steady noise lowered by up to 20 dB; as it is where it is clean or shorter than a window."""
    if sound.size < 4 * WINDOW:
        return sound
    window = np.hanning(WINDOW + 1)[:-1]
    padded = np.pad(sound.astype(np.float64), (WINDOW, WINDOW + -sound.size % HOP))
    spectra = np.fft.rfft(np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP] * window, axis=1)
    powers = _smoothed(np.abs(spectra) ** 2)
    noise = _noise(powers)
    if 10 * np.log10((noise.sum() + 1e-12) / (powers.sum(1).mean() + 1e-12)) < NOISY_DB or not noise.any():
        return sound
    gains = np.sqrt(np.maximum(1 - OVER * noise / np.maximum(powers, 1e-12), FLOOR**2))
    return _overlapped(np.fft.irfft(spectra * gains, WINDOW, axis=1) * window, window, padded.size)[
        WINDOW : WINDOW + sound.size
    ]


def _smoothed(powers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Over neighbouring frames, so that no single one leaves a tone behind."""
    reach = SMOOTHED // 2
    padded = np.pad(powers, ((reach, reach), (0, 0)), mode="edge")
    shifted = [padded[place : place + len(powers)] for place in range(SMOOTHED)]
    return np.mean(np.stack(shifted), axis=0)


def _noise(powers: NDArray[np.float64]) -> NDArray[np.float64]:
    """Without the frames of digital silence, as of a packet that was lost."""
    levels = powers.sum(1)
    audible = np.flatnonzero(levels > max(levels.max(), 1e-6) * 1e-9)
    if not audible.size:
        return np.zeros_like(powers[0])
    quiet = audible[np.argsort(levels[audible])][: max(4, int(QUIET_SHARE * audible.size))]
    return np.mean(powers[quiet], axis=0)


def _overlapped(frames: NDArray[np.float64], window: NDArray[np.float64], size: int) -> Sound:
    whole, weights = np.zeros(size), np.zeros(size)
    for place, frame in enumerate(frames):
        whole[place * HOP : place * HOP + WINDOW] += frame
        weights[place * HOP : place * HOP + WINDOW] += window**2
    return (whole / np.maximum(weights, 1e-3)).astype(np.float32)
