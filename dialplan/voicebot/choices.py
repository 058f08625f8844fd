"""What callers can ask the voicebots for: entries of the directory, and topics of the centre's document. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

from ivr.understanding.from_directory import subjects_of
from ivr.understanding.lexicon import Subject
from ivr.understanding.meaning import Meaning, Nothing
from ivr.understanding.meaning import Subject as Wanted
from kernel.announcement import fill
from kernel.centre import Centre
from kernel.directory import Entry
from kernel.voicebot import Topic

ENTRY, TOPIC = "entry", "topic"

SAID_OF_MOST = ("voicebot-connect", "voicebot-confirm")
"""Announcements in which a name is heard by nearly each caller."""


@dataclass(frozen=True, slots=True)
class Choices:
    """By the id under which the understanding knows them: ``entry:d0001``, ``topic:main:hours``."""

    subjects: Mapping[str, Subject]
    entries: Mapping[str, Entry]
    topics: Mapping[str, Topic]

    @classmethod
    def of(cls, centre: Centre, entries: Sequence[Entry]) -> Self:
        """All that some voicebot of ``centre`` offers."""
        departments = any(bot.departments for bot in centre.voicebots.values())
        topics = {f"{TOPIC}:{id}:{topic.id}": topic for id, bot in centre.voicebots.items() for topic in bot.topics}
        subjects = {id: Subject(id, one.label, one.reading, one.words) for id, one in topics.items()}
        for one in subjects_of(entries) if departments else ():
            subjects[f"{ENTRY}:{one.id}"] = replace(one, id=f"{ENTRY}:{one.id}")
        asked_for = {f"{ENTRY}:{entry.id}": entry for entry in entries}
        return cls(subjects, {id: entry for id, entry in asked_for.items() if id in subjects}, topics)

    def spoken(self, id: str) -> str:
        """The name of a choice as the voice reads it."""
        subject = self.subjects.get(id)
        return (subject.reading or subject.label) if subject else ""

    def written(self, id: str) -> str:
        """The name of a choice as people read it; the id of one that is no longer there."""
        subject = self.subjects.get(id)
        return subject.label if subject else id

    def offered_by(self, voicebot: str, meaning: Meaning, *, departments: bool) -> Meaning:
        """``meaning`` without what that voicebot does not offer, or nobody any more."""
        if not isinstance(meaning, Wanted):
            return meaning
        own = (f"{TOPIC}:{voicebot}:", f"{ENTRY}:") if departments else (f"{TOPIC}:{voicebot}:",)
        left = tuple(one for one in meaning.candidates if one.id.startswith(own) and one.id in self.subjects)
        return replace(meaning, candidates=left) if left else Nothing()


def named_texts(centre: Centre, entries: Sequence[Entry]) -> list[str]:
    """What a caller hears of each department and topic who is understood, or asked back; nothing without a voicebot."""
    if not centre.voicebots:
        return []
    choices, texts = Choices.of(centre, entries), centre.announcements
    return [fill(texts[one], name=choices.spoken(id)) for one in SAID_OF_MOST for id in choices.subjects]
