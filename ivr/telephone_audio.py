"""Speech as the telephone carries it: 8 kHz, 300 to 3400 Hz (ITU-T G.712), one level, G.711 µ-law. Pure arrays."""

from __future__ import annotations

from math import gcd

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]
Pcm = NDArray[np.int16]

VERSION = 1  # one more with each change of what is heard: then every prompt is made anew
RATE = 8000
LOW_HZ, HIGH_HZ = 300.0, 3400.0
SPEECH_DBFS = -20.0
PEAK_DBFS = -3.0
LEAD_SECONDS, TAIL_SECONDS, FADE_SECONDS = 0.06, 0.2, 0.005
FRAME = RATE // 50
ACTIVE_DB = 30.0
LOW_PASS_TRANSITION_HZ, HIGH_PASS_TRANSITION_HZ = 500.0, 100.0


class Inaudible(ValueError):
    """There is nothing to hear."""


def for_telephone(speech: Samples, rate: int) -> Pcm:
    """``speech`` (any scale and rate) as 16-bit samples at 8 kHz.

    Silence around it is cut to 60 ms before and 200 ms after; the active speech has -20 dBFS RMS, no peak exceeds
    -3 dBFS. Raises Inaudible.
    """
    narrow = _band(*_at_multiple(speech.astype(np.float64), rate))
    levels = _frame_rms(narrow)
    if not levels.size or levels.max() == 0:
        raise Inaudible("nothing in it can be spoken: write words")
    active = levels > levels.max() * _ratio(-ACTIVE_DB)
    loud = narrow * (_ratio(SPEECH_DBFS) / np.sqrt(np.mean(levels[active] ** 2)))
    return np.round(_limit(_framed(loud, active)) * 32767).astype(np.int16)


def mu_law(samples: Pcm) -> NDArray[np.uint8]:
    """ITU-T G.711 µ-law of 16-bit samples: sign, three bits of segment, four of step, all inverted."""
    magnitude = np.minimum(np.abs((samples >> 2).astype(np.int32)), 8158) + 33
    segment = np.floor(np.log2(magnitude)).astype(np.int32) - 5
    step = (magnitude >> (segment + 1)) & 0x0F
    return (~(np.where(samples < 0, 0x80, 0) | (segment << 4) | step) & 0xFF).astype(np.uint8)


def _at_multiple(speech: Samples, rate: int) -> tuple[Samples, int]:
    """At a rate that is a multiple of 8000: the same spectrum over more samples, the end padded by some silence."""
    wanted = -(-rate // RATE) * RATE
    if wanted == rate or not speech.size:
        return speech, wanted
    step = rate // gcd(rate, wanted)
    padded = np.pad(speech, (0, -speech.size % step))
    longer = padded.size // step * (wanted // gcd(rate, wanted))
    return np.fft.irfft(np.fft.rfft(padded), longer) * (longer / padded.size), wanted


def _band(speech: Samples, rate: int) -> Samples:
    low_pass = _low_pass(HIGH_HZ + LOW_PASS_TRANSITION_HZ / 2, LOW_PASS_TRANSITION_HZ, rate)
    slow = np.convolve(speech, low_pass, "same")[:: rate // RATE] if speech.size else speech
    high_pass = -_low_pass(LOW_HZ - HIGH_PASS_TRANSITION_HZ / 2, HIGH_PASS_TRANSITION_HZ, RATE)
    high_pass[high_pass.size // 2] += 1.0
    return np.convolve(slow, high_pass, "same") if slow.size else slow


def _low_pass(cut_hz: float, transition_hz: float, rate: int) -> Samples:
    """A windowed sinc (Kaiser, 60 dB), of odd length so that it delays by whole samples; sum 1."""
    half = int(np.ceil(52 / (2.285 * 2 * np.pi * transition_hz / rate) / 2))
    at = np.arange(-half, half + 1)
    taps = np.sinc(2 * cut_hz / rate * at) * np.kaiser(2 * half + 1, 5.65)
    return taps / taps.sum()


def _frame_rms(samples: Samples) -> Samples:
    frames = np.pad(samples, (0, -samples.size % FRAME)).reshape(-1, FRAME)
    return np.sqrt(np.mean(frames**2, axis=1))


def _framed(samples: Samples, active: NDArray[np.bool_]) -> Samples:
    """The speech from its first to its last active frame, with the silence that we want around it, faded."""
    lead, tail, fade = (int(seconds * RATE) for seconds in (LEAD_SECONDS, TAIL_SECONDS, FADE_SECONDS))
    frames = np.flatnonzero(active)
    first, last = int(frames[0]) * FRAME, (int(frames[-1]) + 1) * FRAME
    padded = np.pad(samples, (lead, tail + FRAME))[first : last + lead + tail].copy()
    ramp = np.linspace(0.0, 1.0, fade)
    padded[:fade] *= ramp
    padded[-fade:] *= ramp[::-1]
    return padded


def _limit(samples: Samples) -> Samples:
    """Turn down around peaks, with a gain that moves over 10 ms, so that no overtone is added as clipping would."""
    reach = RATE // 100
    wanted = np.minimum(1.0, _ratio(PEAK_DBFS) / np.maximum(np.abs(samples), 1e-9))
    lowest = np.lib.stride_tricks.sliding_window_view(np.pad(wanted, reach, constant_values=1.0), 2 * reach + 1).min(1)
    window = np.hanning(2 * reach + 3)[1:-1]
    gain = np.convolve(np.pad(lowest, reach, mode="edge"), window / window.sum(), "valid")
    return samples * gain


def _ratio(decibels: float) -> float:
    return float(10 ** (decibels / 20))
