"""Where a call is, and how it went."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Where a call is. It is saved each time that this changes, and resumes here after a crash."""

    GREET = "greet"
    MENU = "menu"
    SPEAK = "speak"  # with a voicebot
    WAIT = "wait"
    CALL_BACK = "call_back"
    DIAL = "dial"
    MESSAGE = "message"
    TALK = "talk"
    CONSULT = "consult"
    HAND_OVER = "hand_over"
    TELL = "tell"
    WRAP_UP = "wrap_up"
    ENDING = "ending"
    ENDED = "ended"


class Outcome(StrEnum):
    """How the call went, for the caller. Set once, when it is known.

    ``NOT_REACHED`` and ``CANCELLED`` are callbacks that were given up, or not wanted any more. ``LEFT_QUEUE``: by a
    key, to an announcement. ``NOT_CONNECTED``: an operator called in vain.
    """

    ANSWERED = "answered"
    HANDED_OVER = "handed_over"
    ABANDONED = "abandoned"
    LEFT_MENU = "left_menu"
    CLOSED = "closed"
    CONGESTED = "congested"
    LEFT_QUEUE = "left_queue"
    LEFT_MESSAGE = "left_message"
    NOT_REACHED = "not_reached"
    NOT_CONNECTED = "not_connected"
    CANCELLED = "cancelled"
    FAILED = "failed"
