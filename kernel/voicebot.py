"""The voicebot as data (T3, Q6): what it asks, how sure it must be, what callers can ask for besides departments."""

from __future__ import annotations

from typing import Self

from pydantic import Field, field_validator, model_validator

from kernel.document import Id, Text, Value, Word
from kernel.routing import Lead


class Topic(Value):
    """What callers ask for that is no department: ``tells`` them an announcement, or leads elsewhere.

    ``words`` are citizens' own for it; ``reading`` is how the label is spoken, where the voice would guess wrongly.
    After what it tells, ``link`` is offered by SMS (T13).
    """

    id: Id
    label: Text
    reading: str = ""
    words: tuple[Word, ...] = ()
    tells: Id | None = None
    lead: Lead | None = None
    link: Id | None = None

    @field_validator("lead", mode="before")
    @classmethod
    def _none(cls, given: object) -> object:
        """A form in which nothing was chosen."""
        return given or None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.tells is None) == (self.lead is None):
            raise ValueError("a topic either tells an announcement or leads somewhere: write one of tells and lead")
        if self.lead and self.lead.callback:
            raise ValueError("a callback keeps a place in a queue: lead to the queue")
        if self.link and not self.tells:
            raise ValueError("a link is offered after an announcement: write tells, or leave the link out")
        return self


class Voicebot(Value):
    """One that asks ``prompt`` and understands what is said.

    Its ``menu``'s keys hold as well, and that menu goes on by itself when nobody can listen. Who wants a person, or is
    not understood ``tries`` times, waits in ``queue``, and so does whom a department does not answer. A department is
    put through to at once from a confidence of ``sure`` on, asked back for from ``fair`` on. Silence is waited for
    ``silence_seconds``; what is said into a prompt for less than ``backchannel_seconds`` is a sign of listening until
    it is understood: the prompt goes on at once.
    """

    prompt: Id
    menu: Id
    queue: Id
    sure: float = Field(default=0.85, gt=0, le=1)
    fair: float = Field(default=0.5, gt=0, le=1)
    tries: int = Field(default=2, ge=1, le=5)
    turns: int = Field(default=8, ge=2, le=30)
    silence_seconds: float = Field(default=5.0, ge=1, le=30)
    backchannel_seconds: float = Field(default=0.45, ge=0.1, le=2)
    departments: bool = True
    topics: tuple[Topic, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.fair >= self.sure:
            raise ValueError("fair is less than sure: what lies between is asked back for")
        return self

    def topic(self, id: str) -> Topic | None:
        """The topic of that id, None for one that is no longer there."""
        return next((topic for topic in self.topics if topic.id == id), None)
