"""The spoken ways, made once by command and kept in the cache."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from zlib import crc32

import numpy as np

from bench.voicebot.voices import VOICES, Voice, say
from bench.voicebot.ways import FIGURE, TUNING, Way, ways
from ivr.telephone_audio import Pcm

VERSION = 1
BABBLE_OF = 24


@dataclass(frozen=True, slots=True)
class Spoken:
    """A way in a voice, 8 kHz."""

    way: Way
    voice: Voice
    sound: Pcm


def voices_of(way: Way, takes: int) -> list[Voice]:
    """Which voices say it; another ``takes`` more keeps the first."""
    every = VOICES[way.part]
    first = crc32(way.text.encode()) // 7 % len(every)
    return [every[(first + take) % len(every)] for take in range(min(takes, len(every)))]


def recording(folder: Path, way: Way, voice: Voice) -> Spoken:
    """From the cache, or made now."""
    name = sha256(f"{VERSION} {voice} {way.text}".encode()).hexdigest()[:24]
    path = folder / f"{name}.npy"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        making = path.with_suffix(".tmp.npy")
        np.save(making, say(way.text, voice))
        making.replace(path)
    return Spoken(way, voice, np.load(path))


def babble(folder: Path) -> Pcm:
    """People who talk behind: ways of the tuning part, one after the other."""
    said = [recording(folder, way, voices_of(way, 1)[0]).sound for way in ways(TUNING)[:BABBLE_OF]]
    return np.concatenate(said)


def make(folder: Path, takes: int) -> int:
    """Make all recordings that are missing; how many there are."""
    pairs = zip(ways(TUNING), ways(FIGURE), strict=True)
    wanted = [(way, voice) for pair in pairs for way in pair for voice in voices_of(way, takes)]
    for place, (way, voice) in enumerate(wanted, start=1):
        recording(folder, way, voice)
        if place % 50 == 0:
            print(f"spoken: {place} of {len(wanted)}", file=sys.stderr, flush=True)
    return len(wanted)
