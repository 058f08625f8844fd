"""Which number is to be called back? The caller's own is read out and confirmed, or another is keyed in. Knows a Line.

A number is read out digit by digit, each a prompt of its own: a sentence with the number in it would be a sound file
with personal data.
"""

from __future__ import annotations

from kernel.centre import Centre
from kernel.phone_number import PhoneNumber
from kernel.ports import Line

DIGITS = ("ゼロ", "いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう")
"""How digits are spoken one by one."""

YES, OTHER, NO = "1", "2", "9"
"""The keys that ``callback-confirm`` must tell of: this number, another one, no callback."""

TRIES = 3
WAIT_SECONDS = 8.0
LONGEST = 12
"""Eleven digits and the # after them."""


async def ask_number(centre: Centre, line: Line, own: PhoneNumber | None) -> PhoneNumber | None:
    """The number that the caller has confirmed; None where there is none: refused, or silent or wrong to the last try.

    A number that the centre may not ring is told as such. CallerGone passes through.
    """
    number = own if own and centre.outgoing.allows(own) else None
    for _ in range(TRIES):
        if number is None:
            number = await _keyed_in(centre, line)
        if number is None:
            continue
        match await _confirmed(centre, line, number):
            case key if key == YES:
                return number
            case key if key == OTHER:
                number = None
            case key if key == NO:
                return None
            case _:
                continue
    return None


async def _keyed_in(centre: Centre, line: Line) -> PhoneNumber | None:
    """What the caller keys in, where it may be rung."""
    texts = centre.announcements
    keys = await line.ask(texts["callback-enter"], wait_seconds=WAIT_SECONDS, digits=LONGEST)
    number = PhoneNumber(keys.rstrip("#"))
    if centre.outgoing.allows(number):
        return number
    if keys:
        await line.play(texts["callback-bad-number"])
    return None


async def _confirmed(centre: Centre, line: Line, number: PhoneNumber) -> str:
    texts = centre.announcements
    spoken = [DIGITS[int(digit)] for digit in number.digits]
    return await line.ask(texts["callback-number"], *spoken, texts["callback-confirm"], wait_seconds=WAIT_SECONDS)
