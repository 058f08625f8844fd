"""Which number is to be called back? The caller's own is read out and confirmed, or another is keyed in. Knows a Line.

A number is read out digit by digit, each a prompt of its own: a sentence with the number in it would be a sound file
with personal data.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kernel.announcement import Said, Wording, words
from kernel.centre import Centre
from kernel.language import JAPANESE
from kernel.phone_number import PhoneNumber
from kernel.ports import Line

DIGITS = ("ゼロ", "いち", "に", "さん", "よん", "ご", "ろく", "なな", "はち", "きゅう")
"""How digits are spoken one by one in Japanese; other voices read the figure itself."""

YES, OTHER, NO = "1", "2", "9"
"""The keys that ``callback-confirm`` must tell of: this number, another one, no callback."""

TRIES = 3
WAIT_SECONDS = 8.0
LONGEST = 12
"""Eleven digits and the # after them."""


def digits(language: str) -> tuple[Said, ...]:
    """The ten digits from 0 on in ``language``."""
    return DIGITS if language == JAPANESE else tuple(Wording(str(digit), language) for digit in range(10))


def digit_by_digit(number: str, language: str) -> Sequence[Said]:
    """How ``number``, of digits and what writes them apart, is read out."""
    spoken = digits(language)
    return [spoken[int(one)] for one in number if one.isdecimal()]


async def ask_number(
    centre: Centre, line: Line, own: PhoneNumber | None, language: str = JAPANESE
) -> PhoneNumber | None:
    """The number that the caller has confirmed; None where there is none: refused, or silent or wrong to the last try.

    A number that the centre may not ring is told as such. CallerGone passes through.
    """
    texts = centre.texts(language)
    number = own if own and centre.outgoing.allows(own) else None
    for _ in range(TRIES):
        if number is None:
            number = await _keyed_in(centre, line, texts)
        if number is None:
            continue
        match await _confirmed(line, number, texts):
            case key if key == YES:
                return number
            case key if key == OTHER:
                number = None
            case key if key == NO:
                return None
            case _:
                continue
    return None


async def _keyed_in(centre: Centre, line: Line, texts: Mapping[str, Said]) -> PhoneNumber | None:
    """What the caller keys in, where it may be rung."""
    keys = await line.ask(texts["callback-enter"], wait_seconds=WAIT_SECONDS, digits=LONGEST)
    number = PhoneNumber(keys.rstrip("#"))
    if centre.outgoing.allows(number):
        return number
    if keys:
        await line.play(texts["callback-bad-number"])
    return None


async def _confirmed(line: Line, number: PhoneNumber, texts: Mapping[str, Said]) -> str:
    before, after = texts["callback-number"], texts["callback-confirm"]
    read_out = digit_by_digit(number.digits, words(before)[1])
    return await line.ask(before, *read_out, after, wait_seconds=WAIT_SECONDS)
