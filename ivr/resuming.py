"""Where a prompt goes on that was interrupted by a word in passing. Pure arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from ivr.telephone_audio import RATE

FRAME = RATE // 50
PAUSE_FRAMES = 5
"""Of 20 ms: what is quiet for so long lies between two phrases."""
QUIET_STEP = 0x10
"""µ-law steps from zero: -46 dB."""


@dataclass(frozen=True, slots=True)
class Place:
    """``seconds`` into the ``sound``-th of a prompt's sounds."""

    sound: int = 0
    seconds: float = 0.0


def resumed(sounds: Sequence[bytes], since: Place, played: float) -> Place | None:
    """Where to go on in ``sounds`` (µ-law, 8 kHz) of which ``played`` seconds were heard from ``since`` on.

    It is the beginning of the phrase that was interrupted; a phrase that was begun anew already goes on where it was
    cut, so that a line full of noises does not hear it for ever. None: all was said.
    """
    ends = list(accumulate(len(sound) / RATE for sound in sounds))
    begun = (ends[since.sound] - len(sounds[since.sound]) / RATE) + since.seconds
    cut = begun + played
    if cut >= ends[-1]:
        return None
    sound = next(at for at, end in enumerate(ends) if cut < end)
    before = ends[sound] - len(sounds[sound]) / RATE
    phrases = [before + one for one in phrase_beginnings(sounds[sound])]
    latest = max((one for one in (*phrases, before) if begun < one <= cut), default=cut)
    return Place(sound, latest - before)


def phrase_beginnings(sound: bytes) -> list[float]:
    """Seconds at which somebody begins to speak after a pause, in µ-law at 8 kHz."""
    steps = ~np.frombuffer(sound[: len(sound) // FRAME * FRAME], np.uint8) & 0x7F
    quiet = steps.reshape(-1, FRAME).max(axis=1, initial=0) <= QUIET_STEP
    speaks = [at for at in range(PAUSE_FRAMES, quiet.size) if not quiet[at] and quiet[at - PAUSE_FRAMES : at].all()]
    return [max(0, at - 1) * FRAME / RATE for at in speaks]
