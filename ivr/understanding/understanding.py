"""From a transcript to its meaning."""

from __future__ import annotations

from ivr.hearing.recogniser import Transcript
from ivr.understanding.lexicon import Lexicon
from ivr.understanding.meaning import Expecting, Meaning, Nothing


def is_backchannel(transcript: Transcript) -> bool:
    """Whether it is はい, ええ, えーと and the like alone, which do not interrupt who speaks."""
    return not transcript.text


class Understanding:
    """Knows a lexicon; holds nothing of a call."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def of(self, transcript: Transcript, expecting: Expecting) -> Meaning:
        """What is meant, where ``expecting`` was asked. Takes some milliseconds, whatever was said."""
        return Nothing()
