"""When somebody begins and ends to speak, heard in the frames of a telephone line. Deterministic, without a clock."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class EndpointRules:
    """Times are seconds. ``pause`` ends what was said; ``short_pause`` what was said within ``short_speech``, as はい.

    ``begins`` of speech are needed to call it speech. ``lead`` and ``tail`` of silence are handed on with the speech;
    what is longer than ``longest`` is cut there. ``threshold`` is the detector's likelihood of speech from which a
    frame counts, ``lower`` that below which it counts no more.
    """

    pause: float = 0.5
    short_pause: float = 0.5
    short_speech: float = 0.6
    begins: float = 0.1
    lead: float = 0.3
    tail: float = 0.2
    longest: float = 15.0
    threshold: float = 0.5
    lower: float = 0.35


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Somebody speaks, since ``at`` (seconds of the stream)."""

    at: float


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """What was said, from ``started`` to ``ended`` (seconds of the stream), with a little silence around it.

    ``cut``: it went on for longer than the rules' ``longest``, and this is what came until then.
    """

    speech: bytes
    started: float
    ended: float
    cut: bool


class Endpointer:
    """Of one stream. Memory is bounded by ``rules.longest``."""

    def __init__(self, rules: EndpointRules = EndpointRules()) -> None:
        self._rules = rules

    def feed(self, samples: bytes) -> list[SpeechStarted | SpeechEnded]:
        """Hear ``samples`` (16 kHz, signed 16 bit, little endian, one channel; any number), tell what they brought."""
        return []
