"""From a transcript to its meaning. What was said is data: it is compared with words, and never does anything else."""

from __future__ import annotations

from ivr.hearing.recogniser import Transcript
from ivr.understanding.confidence import LEAST_SCORE, confidences
from ivr.understanding.digits import digits
from ivr.understanding.lexicon import Lexicon
from ivr.understanding.meaning import (
    Candidate,
    Expecting,
    Filler,
    Meaning,
    Nothing,
    Number,
    OtherLanguage,
    Subject,
    Yes,
)
from ivr.understanding.names import name
from ivr.understanding.phrases import is_no, is_nod, is_yes, wish, yes_or_no
from ivr.understanding.wording import is_made_up, plain

MOST = 5
HYPOTHESES = 6
LONGEST = 120
"""Letters of a hypothesis that are looked at: 20 s of fast speech."""

CORRECTS = 0.6
"""How likely a subject is that is taken for a correction after 「いいえ」."""

FOREIGN_UNLESS = 0.5
"""What sounds like another language is one, unless it is a subject as likely as this."""

LANGUAGES = frozenset({"en", "zh", "ko", "es", "pt"})
"""Those that the interpreting centre serves (T11)."""


def is_backchannel(transcript: Transcript) -> bool:
    """Whether it is はい, ええ, えーと and the like alone, or nothing: that does not interrupt who speaks."""
    text = plain(transcript.text[:LONGEST])
    return not text or is_made_up(text) or is_nod(text)


class Understanding:
    """Knows a lexicon; holds nothing of a call."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon

    def of(self, transcript: Transcript, expecting: Expecting) -> Meaning:
        """What is meant, where ``expecting`` was asked. Takes some milliseconds, whatever was said.

        A name or a number is itself; a wish (a person, again, slower, another language) goes before a subject. Where
        yes or no was asked, a subject that is named after a no corrects what was asked.
        """
        said = [text[:LONGEST] for text in (transcript.text, *transcript.alternatives)][:HYPOTHESES]
        texts = [text for text in map(plain, said) if text]
        if not texts:
            return Filler() if transcript.text.strip("。、.… ") else Nothing()
        if is_made_up(texts[0]):
            return Nothing()
        return self._expected(texts, said, expecting) or self._subject(texts, transcript.language)

    def _expected(self, texts: list[str], said: list[str], expecting: Expecting) -> Meaning | None:
        """What does not need the lexicon."""
        if wanted := wish(texts[0]):
            return wanted
        answer = yes_or_no(texts[0])
        match expecting:
            case Expecting.YES_NO:
                alone = answer is None or isinstance(answer, Yes) or is_no(texts[0])
                return answer if alone else self._corrected(texts) or answer
            case Expecting.DIGITS:
                number = next((found for one in said if (found := digits(one))), "")
                return Number(number) if number else answer or Nothing()
            case Expecting.NAME:
                alone = is_yes(texts[0]) or is_no(texts[0])
                return answer if alone and answer else name(texts[0]) or Nothing()
            case Expecting.SUBJECT:
                return answer if is_yes(texts[0]) or is_no(texts[0]) else None

    def _corrected(self, texts: list[str]) -> Subject | None:
        match self._subject(texts, ""):
            case Subject(candidates) as corrected if candidates[0].confidence >= CORRECTS:
                return corrected
            case _:
                return None

    def _subject(self, texts: list[str], language: str) -> Meaning:
        matches = [match for match in self._lexicon.find(texts) if match.score >= LEAST_SCORE]
        likely = confidences(matches)
        if language in LANGUAGES and (not likely or likely[0] < FOREIGN_UNLESS):
            return OtherLanguage(language)
        found = zip(matches[:MOST], likely[:MOST], strict=True)
        candidates = tuple(Candidate(one.subject.id, one.subject.label, sure) for one, sure in found)
        return Subject(candidates) if candidates else Nothing()
