"""When somebody begins and ends to speak, heard in the frames of a telephone line. Deterministic, without a clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ivr.hearing.detector import FRAME, Detector
from ivr.hearing.level import Level
from ivr.hearing.recogniser import BYTES_A_SECOND, RATE

FRAME_BYTES = 2 * FRAME
FRAME_SECONDS = FRAME / RATE


@dataclass(frozen=True, slots=True)
class EndpointRules:
    """Times are seconds. ``pause`` ends what was said; ``short_pause`` what was said within ``short_speech``, as はい.

    ``early`` is a pause after which what was said so far is handed on, in case it is whole: who recognises it then
    need not wait for the rest of the pause to begin. None: never.

    ``begins`` of speech are needed to call it speech. ``lead`` and ``tail`` of silence are handed on with the speech;
    what is longer than ``longest`` is cut there. ``threshold`` is the detector's likelihood of speech from which a
    frame counts, ``lower`` that below which it counts no more. People who talk in the background are speech too, so
    a frame counts only where it is ``above`` (dB) the quietest of the last seconds. The detector hardly knows a short
    はい on the telephone; but where a line is quiet, what is ``clear`` dB above that is speech from ``faint`` on.
    """

    pause: float = 0.5
    short_pause: float = 0.5
    short_speech: float = 0.6
    early: float | None = None
    begins: float = 0.12
    lead: float = 0.3
    tail: float = 0.2
    longest: float = 15.0
    threshold: float = 0.5
    lower: float = 0.35
    above: float = 3.0
    clear: float = 20.0
    faint: float = 0.05


PATIENT = EndpointRules(pause=0.7, early=0.2)
"""For who begins to recognise early: what is whole is answered at once, and who hesitates is not cut short."""


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Somebody speaks, since ``at`` (seconds of the stream)."""

    at: float


@dataclass(frozen=True, slots=True)
class SpeechPaused:
    """What was said so far, after a pause of the rules' ``early``; it may go on. Times are seconds of the stream."""

    speech: bytes
    started: float
    ended: float


@dataclass(frozen=True, slots=True)
class SpeechResumed:
    """It goes on after a SpeechPaused."""


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """What was said, from ``started`` to ``ended`` (seconds of the stream), with a little silence around it.

    ``cut``: it went on for longer than the rules' ``longest``, and this is what came until then.
    """

    speech: bytes
    started: float
    ended: float
    cut: bool


Heard = SpeechStarted | SpeechPaused | SpeechResumed | SpeechEnded


class Endpointer:
    """Of one stream. Memory is bounded by ``rules.longest``; 20 ms of sound cost 0.2 ms."""

    def __init__(self, rules: EndpointRules = EndpointRules()) -> None:
        self._rules = rules
        self._detector = Detector()
        self._level = Level()
        self._waiting = b""
        self._frames = 0
        self._kept = bytearray()
        self._kept_from = 0.0
        self._run = 0
        self._began: float | None = None
        self._last = 0.0
        self._told = False

    def feed(self, samples: bytes) -> list[Heard]:
        """Hear ``samples`` (16 kHz, signed 16 bit, little endian, one channel; any number), tell what they brought."""
        heard = self._waiting + samples
        whole = len(heard) - len(heard) % FRAME_BYTES
        self._waiting = heard[whole:]
        frames = (heard[at : at + FRAME_BYTES] for at in range(0, whole, FRAME_BYTES))
        return [event for frame in frames for event in self._hear(frame)]

    def finish(self) -> None:
        """What was said so far is answered: what comes now is another speech."""
        self._began, self._run, self._told = None, 0, False
        self._forget(self._rules.lead)

    def _hear(self, frame: bytes) -> Iterator[Heard]:
        sound = (np.frombuffer(frame, "<i2") / 2**15).astype(np.float32)
        likely = self._detector.likelihood(sound)
        above = self._level.above(sound)
        self._frames += 1
        self._kept += frame
        if self._began is None:
            yield from self._before_speech(likely >= self._eased(self._rules.threshold, above))
        else:
            yield from self._in_speech(likely >= self._eased(self._rules.lower, above))

    def _eased(self, threshold: float, above: float) -> float:
        """The likelihood from which a frame counts that is ``above`` dB louder than the background; 2: none does."""
        if above < self._rules.above:
            return 2.0
        share = min((above - self._rules.above) / (self._rules.clear - self._rules.above), 1.0)
        return threshold + share * (self._rules.faint - threshold)

    def _before_speech(self, speaks: bool) -> Iterator[SpeechStarted]:
        self._run = self._run + 1 if speaks else 0
        self._forget(self._rules.lead + self._run * FRAME_SECONDS)
        if self._run * FRAME_SECONDS >= self._rules.begins:
            self._began = self._now - self._run * FRAME_SECONDS
            self._last = self._now
            yield SpeechStarted(self._began)

    def _in_speech(self, speaks: bool) -> Iterator[Heard]:
        assert self._began is not None
        if speaks:
            if self._told:
                yield SpeechResumed()
            self._last, self._told = self._now, False
        if self._now - self._began >= self._rules.longest:
            yield self._end(cut=True)
        elif self._now - self._last >= self._pause(self._last - self._began):
            yield self._end(cut=False)
        elif self._rules.early is not None and not self._told and self._now - self._last >= self._rules.early:
            self._told = True
            yield SpeechPaused(self._speech(self._last + self._rules.tail), self._began, self._last)

    def _pause(self, spoken: float) -> float:
        return self._rules.short_pause if spoken <= self._rules.short_speech else self._rules.pause

    def _end(self, *, cut: bool) -> SpeechEnded:
        assert self._began is not None
        until = self._now if cut else self._last + self._rules.tail
        ended = SpeechEnded(self._speech(until), self._began, self._last, cut)
        self.finish()
        return ended

    def _speech(self, until: float) -> bytes:
        """What is kept, up to ``until`` or now."""
        return bytes(self._kept[: 2 * round((until - self._kept_from) * RATE)])

    def _forget(self, seconds: float) -> None:
        """Keep the last ``seconds`` alone."""
        over = len(self._kept) - 2 * round(seconds * RATE)
        if over > 0:
            del self._kept[:over]
        self._kept_from = self._now - len(self._kept) / BYTES_A_SECOND

    @property
    def _now(self) -> float:
        return self._frames * FRAME_SECONDS
