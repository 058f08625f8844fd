"""Names, telephone numbers and postal codes in what was said. Pure.

A mark points out; it decides nothing. What was asked just before tells what an answer is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ivr.understanding.digits import digits
from ivr.understanding.names import name
from kernel.talk_draft import Mark, MarkKind, Side, Spoken

_DIGIT = "(?:[0-90-9〇零一二三四五六七八九十]|ゼロ|ぜろ|れい|レイ)"
_NUMBER = re.compile(f"{_DIGIT}(?:[の\\-‐-―−ー、,  ]{{0,2}}{_DIGIT})+")
_WHOLE_PHONE = re.compile("0[0-9]{9,10}")
_LOCAL_PHONE = re.compile("[1-9][0-9]{5}")
"""Within the city, whose area code has four digits, as 25-1111."""

_OF_PHONE = re.compile("電話|番号|連絡先|携帯")
_OF_POST = re.compile("郵便|〒")
_POSTAL_CODE = re.compile("[0-9]{7}")

_TELLS_NAME = re.compile("([^、。,.\\s]{2,20})(?:と(?:申|もう)し|と(?:言|い)い)(?:ます|まして)")
_REPEATS_NAME = re.compile("([一-鿿ァ-ヶー]{1,8})(?:様|さま)(?:ですね|でいらっしゃいますね|でお間違い)")
_NOBODY = frozenset({"お客", "客", "皆", "市民", "王", "奥", "神", "殿"})
_ASKS_NAME = re.compile("お?名前|ご?氏名|お?名字")
LONGEST_ANSWER = 24


def marked(spoken: Sequence[Spoken]) -> list[Spoken]:
    """With the marks of each, in their order; those that a text has already stay."""
    befores = ["", *(one.text for one in spoken)]
    return [
        replace(one, marks=_in_order([*one.marks, *_of(one, before)]))
        for one, before in zip(spoken, befores, strict=False)
    ]


def _in_order(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """None within another: the first that begins, and of two that begin together the longer, stays."""
    found: list[Mark] = []
    for one in sorted(marks, key=lambda mark: (mark.begins, -mark.ends)):
        if not found or one.begins >= found[-1].ends:
            found.append(one)
    return tuple(found)


def _of(one: Spoken, before: str) -> Iterator[Mark]:
    yield from _numbers(one.text, before)
    yield from _names(one, before)


def _numbers(text: str, before: str) -> Iterator[Mark]:
    for found in _NUMBER.finditer(text):
        said, around = digits(found[0]), before + text[: found.start()]
        if kind := _kind(said, found[0], around):
            yield Mark(kind, found.start(), found.end(), said)


def _kind(said: str, written: str, around: str) -> MarkKind | None:
    if _WHOLE_PHONE.fullmatch(said):
        return MarkKind.PHONE
    if _POSTAL_CODE.fullmatch(said) and (_OF_POST.search(around) or re.fullmatch("[0-9]{3}[-−‐][0-9]{4}", written)):
        return MarkKind.POSTAL_CODE
    return MarkKind.PHONE if _LOCAL_PHONE.fullmatch(said) and _OF_PHONE.search(around) else None


def _names(one: Spoken, before: str) -> Iterator[Mark]:
    if one.side is not Side.CITIZEN:
        for found in _REPEATS_NAME.finditer(one.text):
            if found[1] not in _NOBODY:
                yield Mark(MarkKind.NAME, found.start(1), found.end(1), found[1])
    if one.side is Side.OPERATOR:
        return
    if found := _TELLS_NAME.search(one.text):
        yield from _name(one.text, found[1])
    elif _ASKS_NAME.search(before) and len(one.text) <= LONGEST_ANSWER and not _NUMBER.search(one.text):
        yield from _name(one.text, one.text)


def _name(text: str, told: str) -> Iterator[Mark]:
    given = name(told)
    begins = text.find(given.text) if given else -1
    if given and begins >= 0:
        yield Mark(MarkKind.NAME, begins, begins + len(given.text), given.text)
