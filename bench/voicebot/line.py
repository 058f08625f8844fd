"""A telephone line: noise behind the speaker, µ-law, packets lost; and what Asterisk streams of it, at 16 kHz."""

from __future__ import annotations

from dataclasses import dataclass
from zlib import crc32

import numpy as np

from ivr.telephone_audio import RATE, Pcm, Samples, mu_law

PACKET = RATE // 50
BEFORE_SECONDS, AFTER_SECONDS = 0.6, 1.2
QUIET_DBFS = -62.0


@dataclass(frozen=True, slots=True)
class Line:
    """``snr``: the noise behind the speech, in dB below it; None: a quiet room. ``loss``: of packets, 0 to 1."""

    name: str
    snr: float | None = None
    loss: float = 0.0


CLEAN = Line("clean")
LINES = (
    CLEAN,
    Line("noise_20db", 20.0),
    Line("noise_10db", 10.0),
    Line("noise_5db", 5.0),
    Line("loss_1", loss=0.01),
    Line("loss_3", loss=0.03),
)


def carried(speech: Pcm, line: Line, babble: Pcm, seed: str) -> bytes:
    """What the platform hears of ``speech``: 16 kHz, 16 bit, little endian.

    Noise is, half of the time, people who talk behind (``babble``), otherwise a street (pink noise).
    """
    rng = np.random.default_rng(crc32(f"{seed} {line.name}".encode()))
    before, after = (int(seconds * RATE) for seconds in (BEFORE_SECONDS, AFTER_SECONDS))
    said = np.pad(speech.astype(np.float64), (before, after))
    level = float(np.sqrt(np.mean(speech.astype(np.float64) ** 2)))
    noise = _crowd(babble, said.size, rng) if rng.random() < 0.5 else _street(said.size, rng)
    loud = level * 10 ** (-line.snr / 20) if line.snr is not None else 32768 * 10 ** (QUIET_DBFS / 20)
    mixed = np.clip(said + noise * loud, -32768, 32767).astype(np.int16)
    heard = _lossy(_decoded(mu_law(mixed)), line.loss, rng)
    return _doubled(heard).tobytes()


def _street(size: int, rng: np.random.Generator) -> Samples:
    spectrum = np.fft.rfft(rng.standard_normal(size))
    noise = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(spectrum.size), 20)), size)
    return noise / np.sqrt(np.mean(noise**2))


def _crowd(babble: Pcm, size: int, rng: np.random.Generator) -> Samples:
    starts = rng.integers(0, babble.size, 6)
    noise = sum(np.resize(np.roll(babble, -int(start)), size).astype(np.float64) for start in starts)
    return np.asarray(noise / np.sqrt(np.mean(np.square(noise)) + 1e-9), np.float64)


def _decoded(law: np.ndarray) -> Samples:
    """ITU-T G.711 µ-law back to 16 bits."""
    bits = ~law & 0xFF
    magnitude = (((bits & 0x0F).astype(np.int32) << 3) + 0x84 << ((bits & 0x70) >> 4)) - 0x84
    return np.where(bits & 0x80, -magnitude, magnitude).astype(np.float64)


def _lossy(heard: Samples, loss: float, rng: np.random.Generator) -> Samples:
    """A packet that is lost is silence."""
    packets = np.pad(heard, (0, -heard.size % PACKET)).reshape(-1, PACKET)
    packets[rng.random(len(packets)) < loss] = 0.0
    return packets.ravel()


def _doubled(heard: Samples) -> np.ndarray:
    """At 16 kHz, with nothing above 4 kHz."""
    spectrum = np.fft.rfft(heard)
    wide = np.zeros(heard.size + 1, np.complex128)
    wide[: spectrum.size] = spectrum
    return np.clip(np.fft.irfft(wide, 2 * heard.size) * 2, -32768, 32767).astype("<i2")
