"""G.711 mu-law: what one packet of 20 ms sounds like."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

RATE = 8000
SAMPLES = 160
AUDIBLE = 0.005
"""Root mean square above which a packet holds sound: -46 dB."""
ALONE = 0.9
"""The share of a packet's energy that a tone has where nothing else is heard."""


def _decoded() -> np.ndarray:
    """Sample values, -1 to 1, of the 256 codes (ITU-T G.711)."""
    inverted = ~np.arange(256) & 0xFF
    exponent, mantissa = (inverted >> 4) & 7, inverted & 15
    size = (((mantissa << 3) + 0x84) << exponent) - 0x84
    return np.where(inverted & 0x80, -size, size) / 32768.0


VALUES = _decoded()
SILENCE = bytes([0xFF]) * SAMPLES


def tone(hertz: int) -> bytes:
    """One packet of a tone that has whole periods in it, so that packets join without a click."""
    if hertz * SAMPLES % RATE:
        raise ValueError(f"{hertz} Hz does not fit into a packet of 20 ms")
    wave = 0.25 * np.sin(2 * np.pi * hertz * np.arange(SAMPLES) / RATE)
    return bytes(int(np.argmin(np.abs(VALUES - value))) for value in wave)


def has_sound(packet: bytes) -> bool:
    """Whether something is heard."""
    return _level(VALUES[np.frombuffer(packet, np.uint8)]) > AUDIBLE


def has_tone(hertz: int) -> Callable[[bytes], bool]:
    """Whether ``hertz`` and nothing else is heard."""
    phase = np.exp(-2j * np.pi * hertz * np.arange(SAMPLES) / RATE)

    def test(packet: bytes) -> bool:
        sound = VALUES[np.frombuffer(packet, np.uint8)]
        if _level(sound) < AUDIBLE:
            return False
        strength = 2 * abs(np.dot(sound, phase)) ** 2 / SAMPLES
        return bool(strength > ALONE * np.dot(sound, sound))

    return test


def _level(sound: np.ndarray) -> float:
    return float(np.sqrt(np.mean(sound**2)))
