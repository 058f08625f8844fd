"""The sound of a talk's recording, as recognisers take it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ivr.hearing.recogniser import RATE
from ivr.telephone_audio import RATE as TELEPHONE_RATE

HEADER_BYTES = 44
BLOCK = 10 * TELEPHONE_RATE
TAPS = 15
"""On each side of a sample that is put between two."""


class NoRecording(Exception):
    """A file is not there any more, or not what Asterisk records: 8 kHz, 16 bit, one channel."""


def samples_of(file: Path) -> np.ndarray:
    """Those of ``file``. The header's own length is not asked for: a recorder that died has not written it.

    Raises NoRecording.
    """
    try:
        body = file.read_bytes()
    except FileNotFoundError:
        raise NoRecording("the file is gone") from None
    channels, rate, bits = (int.from_bytes(body[at:to], "little") for at, to in ((22, 24), (24, 28), (34, 36)))
    if body[:4] != b"RIFF" or (channels, rate, bits) != (1, TELEPHONE_RATE, 16):
        raise NoRecording("it is no WAV of 8 kHz, 16 bit, one channel")
    return np.frombuffer(body[HEADER_BYTES : len(body) - len(body) % 2], "<i2")


def widened(samples: np.ndarray) -> Iterator[bytes]:
    """``samples`` at 16 kHz, in blocks: a sample between each two, by a windowed sinc."""
    padded = np.pad(samples.astype(np.float64), TAPS + 1)
    for at in range(0, samples.size, BLOCK):
        own = samples[at : at + BLOCK]
        around = padded[at + 2 : at + own.size + 2 * TAPS + 1]
        both = np.empty(2 * own.size)
        both[::2] = own
        both[1::2] = np.convolve(around, _BETWEEN, "valid")
        yield np.clip(np.rint(both), -32768, 32767).astype("<i2").tobytes()


def _between() -> np.ndarray:
    away = np.arange(-TAPS, TAPS) + 0.5
    weights = np.sinc(away) * np.cos(np.pi * away / (2 * TAPS)) ** 2
    return weights / weights.sum()


_BETWEEN = _between()
assert RATE == 2 * TELEPHONE_RATE
