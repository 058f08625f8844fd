"""Music for those who wait: a slow progression in the telephone's band, made here, so that no one has rights in it."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 8000
BEAT_SECONDS = 0.5
LEVEL_DBFS = -24.0
HARMONICS = (1.0, 0.35, 0.12)
CHORDS = ((60, 64, 67, 71), (57, 60, 64, 67), (62, 65, 69, 72), (55, 62, 65, 71))
"""Cmaj7, Am7, Dm7, G7 as MIDI notes; arpeggiated up and down, two bars each."""
FIGURE = (0, 1, 2, 3, 2, 1, 2, 3)
TIMES = 2
OCTAVE = 12


def ensure_music(file: Path) -> None:
    """Write about a minute of music to ``file`` (8 kHz mono WAV), unless it is there."""
    if file.exists():
        return
    new = file.with_suffix(".new")
    with wave.open(str(new), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(tune().tobytes())
    new.chmod(0o600)
    new.replace(file)


def tune() -> NDArray[np.int16]:
    """The whole piece, as 16-bit samples; its end joins its beginning."""
    notes = [chord[step] + OCTAVE for _ in range(TIMES) for chord in CHORDS for step in (*FIGURE, *FIGURE)]
    beat = int(BEAT_SECONDS * RATE)
    piece = np.zeros(beat * len(notes))
    for place, note in enumerate(notes):
        sound = _note(440.0 * 2 ** ((note - 69) / 12))
        at = (place * beat + np.arange(sound.size)) % piece.size
        piece[at] += sound
    loud = piece * (10 ** (LEVEL_DBFS / 20) / np.sqrt(np.mean(piece**2)))
    return np.asarray(np.round(np.clip(loud, -0.7, 0.7) * 32767), dtype=np.int16)


def _note(hertz: float) -> NDArray[np.float64]:
    """A plucked note that rings for three beats."""
    at = np.arange(int(3 * BEAT_SECONDS * RATE)) / RATE
    waves = np.zeros(at.size)
    for n, share in enumerate(HARMONICS):
        waves += share * np.sin(2 * np.pi * hertz * (n + 1) * at)
    attack = np.minimum(at / 0.02, 1.0)
    return waves * attack * np.exp(-2.2 * at) * np.minimum((at[-1] - at) / 0.05, 1.0)
