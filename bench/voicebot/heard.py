"""What the platform hears of a spoken way: by the line, the endpointer and a worker process; kept by its hash."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from bench.voicebot.line import Line, carried
from bench.voicebot.recordings import Spoken
from ivr.hearing import whisper
from ivr.hearing.endpoint import PATIENT, Endpointer, Heard, SpeechEnded
from ivr.hearing.recogniser import Recogniser, Transcript, transcript_of
from ivr.telephone_audio import Pcm

PACKET_BYTES = 640


@dataclass(frozen=True, slots=True)
class Utterance:
    """One stretch of speech that was recognised. ``paused`` is how long after its end it was handed on, in seconds."""

    transcript: Transcript
    seconds: float
    paused: float


@dataclass(frozen=True, slots=True)
class Hearing:
    """What was heard of ``spoken`` on ``line``, stretch by stretch."""

    spoken: Spoken
    line: Line
    utterances: tuple[Utterance, ...]


def stretches(stream: bytes) -> list[tuple[float, SpeechEnded]]:
    """When (seconds of the stream) the endpointer told of which speech."""
    endpointer, told = Endpointer(PATIENT), list[tuple[float, SpeechEnded]]()
    for at in range(0, len(stream), PACKET_BYTES):
        events: Sequence[Heard] = endpointer.feed(stream[at : at + PACKET_BYTES])
        told += [((at + PACKET_BYTES) / 32_000, event) for event in events if isinstance(event, SpeechEnded)]
    return told


class Ears:
    """A recogniser behind a cache."""

    def __init__(self, recogniser: Recogniser, folder: Path, expected: Sequence[str]) -> None:
        self._recogniser = recogniser
        self._expected = tuple(expected)
        bias = sha256("\n".join(self._expected).encode()).hexdigest()[:8]
        self._folder = folder / f"whisper-{whisper.VERSION}-{bias}"
        self._folder.mkdir(parents=True, exist_ok=True)

    async def hear(self, spoken: Spoken, line: Line, babble: Pcm) -> Hearing:
        """Of one way on one line."""
        stream = carried(spoken.sound, line, babble, spoken.way.text + spoken.voice.name)
        utterances = [
            Utterance(await self._recognised(event.speech), len(event.speech) / 32_000, at - event.ended)
            for at, event in stretches(stream)
        ]
        return Hearing(spoken, line, tuple(utterances))

    async def _recognised(self, speech: bytes) -> Transcript:
        path = self._folder / f"{sha256(speech).hexdigest()[:24]}.json"
        if not path.exists():
            path.write_text(json.dumps(asdict(await self._recogniser.recognise(speech, self._expected))))
        return transcript_of(json.loads(path.read_text()))
