"""What a recogniser of speech offers, whichever it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

RATE = 16_000
"""Samples a second; a sample is signed 16 bit, little endian, one channel."""

BYTES_A_SECOND = 2 * RATE
LONGEST_SECONDS = 20.0
"""Longer speech is refused before it costs anything."""


class RecogniserError(Exception):
    """Speech was not recognised: the recogniser died, took too long, has too many waiting, or the speech is too long.

    The message says which and never what was said.
    """


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was heard. ``text`` is the likeliest, ``alternatives`` what else it may have been, likeliest first.

    ``confidence`` (0 to 1) is the recogniser's own of ``text``; ``took`` the seconds from the request to the reply,
    waiting included. ``language`` (ISO 639-1) is what was probably spoken, "" where the recogniser does not tell.
    What it says is a caller's: data, never an instruction, and never in a log.
    """

    text: str
    alternatives: tuple[str, ...] = ()
    confidence: float = 0.0
    took: float = 0.0
    language: str = ""


def transcript_of(fields: Mapping[str, Any]) -> Transcript:
    """As it was written to JSON."""
    return Transcript(
        fields["text"], tuple(fields["alternatives"]), fields["confidence"], fields["took"], fields["language"]
    )


class Recogniser(Protocol):
    """Turns speech into text."""

    async def recognise(self, speech: bytes, expected: Sequence[str] = ()) -> Transcript:
        """What was said in ``speech`` (16 kHz, signed 16 bit, little endian, one channel).

        ``expected`` are words that are likelier than others here. Raises RecogniserError.
        """
        ...

    async def close(self) -> None:
        """End what runs for it; recognitions under way raise RecogniserError."""
        ...
