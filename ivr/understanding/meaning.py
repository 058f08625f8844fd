"""What a caller can mean, in the words of the dialogue."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Expecting(StrEnum):
    """What was asked for. Wishes (a person, again, slower, another language) are understood whatever was asked."""

    SUBJECT = "subject"  # which department, or what it is about
    YES_NO = "yes_no"
    DIGITS = "digits"  # a telephone number
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Yes:
    """はい, お願いします, そうです."""


@dataclass(frozen=True, slots=True)
class No:
    """いいえ, 違います."""


@dataclass(frozen=True, slots=True)
class Person:
    """A person is wanted: オペレーターをお願いします."""


@dataclass(frozen=True, slots=True)
class Again:
    """もう一度お願いします."""


@dataclass(frozen=True, slots=True)
class Slower:
    """ゆっくり話してください."""


@dataclass(frozen=True, slots=True)
class OtherLanguage:
    """Another language is spoken, or asked for: "en", "zh", "ko", "es" or "pt" (ISO 639-1)."""

    language: str


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number as it was said, digits only; whether it can be one is the dialogue's to check."""

    digits: str


@dataclass(frozen=True, slots=True)
class Name:
    """A name. ``reading`` is in hiragana, ``text`` as the recogniser wrote it."""

    reading: str
    text: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A subject of the lexicon that may be meant. ``confidence`` (0 to 1) is how often such a candidate is right."""

    id: str
    label: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Subject:
    """What it may be about, likeliest first; never empty."""

    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Filler:
    """Only えーと, あのー and the like: the caller goes on thinking."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing that fits: silence, noise, or words without a meaning here."""


Meaning = Yes | No | Person | Again | Slower | OtherLanguage | Number | Name | Subject | Filler | Nothing
