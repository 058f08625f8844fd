"""What a talk was probably about: a subject (件名) and the department that owns it, by the directory's words. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ivr.drafting.marks import marked
from ivr.hearing.recogniser import Transcript
from ivr.understanding.lexicon import Subject
from ivr.understanding.meaning import Expecting
from ivr.understanding.meaning import Subject as Wanted
from ivr.understanding.understanding import Understanding
from ivr.understanding.wording import plain
from kernel.talk_draft import Mark, MarkKind, Side, Spoken, TalkDraft

LIKELY = 0.5
"""From which confidence on a department is proposed."""

OPERATORS_SHARE = 0.5
"""The citizen says what it is about; the operator says it again, or asks."""

NAMED_SHARE = 2.0
"""Whoever says the department's own name knows: 申し込み and 郵送 are words of many talks."""

SHORTEST = 4
"""Letters of a sentence that is looked at: はい is no subject."""

_SENTENCES = re.compile("[^。??!!]+")


@dataclass(frozen=True, slots=True)
class Topics:
    """What can be proposed: ``subjects`` of a lexicon, and by their id the ``owners`` in the centre's document."""

    subjects: Mapping[str, Subject]
    owners: Mapping[str, str]


def drafted(spoken: Sequence[Spoken], topics: Topics, understanding: Understanding) -> TalkDraft:
    """The draft of a talk; nothing is proposed that is not likely."""
    likely, best = defaultdict[str, float](float), defaultdict[str, float](float)
    for side, sentence in _sentences(marked(spoken)):
        match understanding.of(Transcript(sentence), Expecting.SUBJECT):
            case Wanted(candidates):
                for one in candidates:
                    likely[one.id] += one.confidence * _share(side, sentence, one.label)
                    best[one.id] = max(best[one.id], one.confidence)
            case _:
                continue
    likeliest = max((id for id in likely if best[id] >= LIKELY), key=likely.__getitem__, default="")
    if not likeliest:
        return TalkDraft(tuple(marked(spoken)))
    subject = topics.subjects[likeliest]
    texts, word = _worded(spoken, subject)
    return TalkDraft(
        spoken=tuple(marked(texts)),
        subject=f"{word or subject.label}について",
        section=subject.label,
        department=topics.owners.get(likeliest, ""),
        confidence=round(best[likeliest], 2),
    )


def _share(side: Side, sentence: str, label: str) -> float:
    if label in sentence:
        return NAMED_SHARE
    return OPERATORS_SHARE if side is Side.OPERATOR else 1.0


def _sentences(spoken: Sequence[Spoken]) -> Iterator[tuple[Side, str]]:
    """Those that may tell a subject: who says a name or a number says just that, and 高橋 sounds like a bridge."""
    for one in spoken:
        for found in _SENTENCES.finditer(one.text):
            tells = any(mark.begins < found.end() and found.start() < mark.ends for mark in one.marks)
            if not tells and len(plain(found[0])) >= SHORTEST:
                yield one.side, found[0]


def _worded(spoken: Sequence[Spoken], subject: Subject) -> tuple[list[Spoken], str]:
    """With a mark where a word of ``subject`` stands, and the longest of these words; a citizen's before the name."""
    words = sorted({*subject.words, *subject.further}, key=len, reverse=True)
    found = [word for word in words if any(word in one.text for one in spoken)]
    shown = [*found, *([subject.label] if any(subject.label in one.text for one in spoken) else [])]
    return [replace(one, marks=tuple(_marks(one.text, shown))) for one in spoken], shown[0] if shown else ""


def _marks(text: str, words: Sequence[str]) -> Iterator[Mark]:
    for word in words:
        if (begins := text.find(word)) >= 0:
            yield Mark(MarkKind.SUBJECT, begins, begins + len(word), word)
