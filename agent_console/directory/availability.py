"""Whether an entry can be put through to now, in words. Pure: the moment is an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm.directory.hours_text import write_hours
from ivr.hours import hours_of, is_open
from kernel.centre import Hours
from kernel.directory import Entry, Reach

CLOSED = "out_of_hours"
NOT_BY_TRANSFER = "not_transferable"


@dataclass(frozen=True, slots=True)
class Availability:
    """``callable``: an internal transfer reaches it, and somebody should be there. ``text`` says so, or why not."""

    reach: Reach
    open: bool
    text: str

    @property
    def callable(self) -> bool:
        return self.reach is Reach.TRANSFER and self.open

    @property
    def refusal(self) -> str | None:
        """The code of the reason (``words.REFUSALS``) why nobody is put through, None where they are."""
        if self.reach is not Reach.TRANSFER:
            return NOT_BY_TRANSFER
        return None if self.open else CLOSED


def available(entry: Entry, now: datetime, centre: Hours) -> Availability:
    """``centre`` are the centre's hours: they hold for an entry without its own."""
    hours = hours_of(entry.hours, centre)
    there = is_open(hours, now)
    written = write_hours(hours)
    match entry.reach:
        case Reach.TRANSFER:
            text = "内線転送できます" if there else f"受付時間外です(受付 {written})"
        case Reach.TELL:
            text = "内線転送できません。番号をご案内ください" + ("" if there else f"(受付時間外 {written})")
        case Reach.NONE:
            text = "内線転送できません。ご案内できる番号もありません"
    return Availability(entry.reach, there, text)
