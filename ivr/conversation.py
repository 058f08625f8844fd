"""What the voicebot does next. Pure: where the conversation is and what the caller means in, what is said or done out.

Sure enough: it is done. Fairly sure: it is asked back for. Unsure: one narrower question. Not understood as often as
the rules allow: a person (T3).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from ivr.understanding.meaning import (
    Again,
    Candidate,
    Expecting,
    Filler,
    Meaning,
    No,
    OtherLanguage,
    Person,
    Slower,
    Subject,
    Yes,
)
from kernel.voicebot import Voicebot

MOST_CANDIDATES = 3


class Question(StrEnum):
    """What was asked last: what it is about, whether it is this, which of two, whether a link may be sent, or whether
    there is anything else."""

    SUBJECT = "subject"
    CONFIRM = "confirm"
    WHICH = "which"
    SMS = "sms"
    ELSE = "else"

    @property
    def expecting(self) -> Expecting:
        """What the answer to it is."""
        return Expecting.YES_NO if self in YES_NO else Expecting.SUBJECT


YES_NO = frozenset({Question.CONFIRM, Question.SMS, Question.ELSE})


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing was said and no key pressed for as long as the rules allow."""


@dataclass(frozen=True, slots=True)
class Point:
    """Where the conversation is. ``candidates`` are ids, the likeliest first; ``misses`` how often nothing fitted."""

    question: Question = Question.SUBJECT
    candidates: tuple[str, ...] = ()
    misses: int = 0
    turns: int = 0


@dataclass(frozen=True, slots=True)
class Ask:
    """Say the announcement, with the names of ``about`` filled in, and listen."""

    announcement: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Listen:
    """Say nothing and go on listening: the caller goes on thinking."""


@dataclass(frozen=True, slots=True)
class Choose:
    """Do what was asked for: the candidate of that id."""

    id: str


@dataclass(frozen=True, slots=True)
class Send:
    """Send the link of the topic of that id, which the caller has agreed to, and ask whether there is anything else."""

    id: str


@dataclass(frozen=True, slots=True)
class ToPerson:
    """Let a person go on. ``why``: asked, language, silence, not_understood, turns."""

    why: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Goodbye:
    """There is nothing else."""


Reply = Ask | Listen | Choose | Send | ToPerson | Goodbye

ANNOUNCEMENTS = {
    Question.CONFIRM: "voicebot-confirm",
    Question.WHICH: "voicebot-which",
    Question.SMS: "sms-offer",
    Question.ELSE: "voicebot-else",
}
NARROW = "voicebot-narrow"


def question(point: Point, bot: Voicebot) -> Ask:
    """What is asked at ``point``, at first or again."""
    if point.question is Question.SUBJECT:
        return Ask(NARROW if point.misses else bot.prompt)
    about = {Question.CONFIRM: 1, Question.WHICH: 2}.get(point.question, 0)
    return Ask(ANNOUNCEMENTS[point.question], point.candidates[:about])


def reply(point: Point, meaning: Meaning | Silence, bot: Voicebot) -> tuple[Point, Reply]:
    """Where the conversation goes by ``meaning``, and what is done about it."""
    point = replace(point, turns=point.turns + 1)
    if point.turns > bot.turns:
        return point, ToPerson("turns")
    if does := _wished(point, meaning, bot):
        return point, does
    match meaning:
        case Subject(candidates):
            return _wanted(point, candidates, bot)
        case _ if point.question is Question.SMS:
            return _offered(point, meaning, bot)
        case Yes() | No() if point.question is not Question.SUBJECT:
            return _answered(point, meaning, bot)
        case _:
            return _missed(point, bot, "silence" if isinstance(meaning, Silence) else "not_understood")


def _wished(point: Point, meaning: Meaning | Silence, bot: Voicebot) -> Reply | None:
    """What is done whatever was asked; None where it depends on that."""
    match meaning:
        case Person():
            return ToPerson("asked")
        case OtherLanguage(language):
            return ToPerson("language", language)
        case Again() | Slower():
            return question(point, bot)
        case Filler():
            return Listen()
        case Silence() if point.question is Question.ELSE:
            return Goodbye()
        case _:
            return None


def _wanted(point: Point, candidates: tuple[Candidate, ...], bot: Voicebot) -> tuple[Point, Reply]:
    likely = [one for one in candidates if one.confidence >= bot.fair][:MOST_CANDIDATES]
    if not likely:
        return _missed(point, bot, "not_understood")
    best = likely[0]
    if _was_asked(point, best.id) or (best.confidence >= bot.sure and len(likely) == 1):
        return point, Choose(best.id)
    close = len(likely) > 1 and best.confidence < bot.sure
    return _asked(point, Question.WHICH if close else Question.CONFIRM, tuple(one.id for one in likely), bot)


def _was_asked(point: Point, id: str) -> bool:
    """Whether the caller has named what was just offered."""
    offered = {Question.CONFIRM: point.candidates[:1], Question.WHICH: point.candidates[:2]}
    return id in offered.get(point.question, ())


def _answered(point: Point, meaning: Yes | No, bot: Voicebot) -> tuple[Point, Reply]:
    match point.question, meaning:
        case Question.CONFIRM, Yes():
            return point, Choose(point.candidates[0])
        case Question.WHICH, Yes():
            return _asked(point, Question.CONFIRM, point.candidates, bot)
        case Question.ELSE, Yes():
            return _asked(point, Question.SUBJECT, (), bot)
        case Question.ELSE, _:
            return point, Goodbye()
        case Question.CONFIRM, _ if len(point.candidates) > 1 and point.misses == 0:
            return _asked(replace(point, misses=point.misses + 1), Question.CONFIRM, point.candidates[1:], bot)
        case _:
            return _missed(replace(point, question=Question.SUBJECT, candidates=()), bot, "not_understood")


def _offered(point: Point, meaning: Meaning | Silence, bot: Voicebot) -> tuple[Point, Reply]:
    """Nothing is sent but after a yes (T13); who is not understood is not brought to a person for it."""
    match meaning:
        case Yes():
            return replace(point, question=Question.ELSE, candidates=(), misses=0), Send(point.candidates[0])
        case No() | Silence():
            return _asked(replace(point, misses=0), Question.ELSE, (), bot)
        case _ if point.misses + 1 < bot.tries:
            return _asked(replace(point, misses=point.misses + 1), Question.SMS, point.candidates, bot)
        case _:
            return _asked(replace(point, misses=0), Question.ELSE, (), bot)


def _asked(point: Point, asked: Question, candidates: tuple[str, ...], bot: Voicebot) -> tuple[Point, Reply]:
    point = replace(point, question=asked, candidates=candidates)
    return point, question(point, bot)


def _missed(point: Point, bot: Voicebot, why: str) -> tuple[Point, Reply]:
    point = replace(point, misses=point.misses + 1)
    return point, ToPerson(why) if point.misses >= bot.tries else question(point, bot)
