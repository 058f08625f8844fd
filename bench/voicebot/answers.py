"""What a synthetic citizen answers the voicebot, who knows what it said and which department is right."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

YES, NO = "はい。", "いいえ。"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the citizen wants: ``names`` are those of the right departments as the voicebot speaks them."""

    names: Collection[str]
    label: str

    def answer(self, asked: str, announcements: Mapping[str, str]) -> str:
        """To the text that the voicebot said last; the department's name where it was not understood."""
        right = any(name in asked for name in self.names)
        if asked.endswith(_tail(announcements["voicebot-confirm"])):
            return YES if right else NO
        if asked.endswith(_tail(announcements["voicebot-which"])):
            return f"{self.label}です。" if right else NO
        return NO if asked.endswith(announcements["voicebot-else"]) else f"{self.label}です。"


def _tail(announcement: str) -> str:
    """What comes after the last name."""
    return announcement.rpartition("}")[2]
