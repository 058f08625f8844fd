"""What is wrong with a document, in Japanese, by place. Pure.

The checks themselves are the kernel's; here are their words for administrators. A message without words here is
shown as it came, so that nothing is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import ValidationError

from agent_console.centre.parts import PARTS, SHAPE, Part, Plain, label_of, thing_shape, things
from agent_console.centre.problem_words import WORDS
from agent_console.centre.shape import Entries, Items, Record, Shape, members
from agent_console.centre.view import KEY, Location
from kernel.centre import Centre


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A problem that another page of the document can mend. ``place`` is in words."""

    part: Part | None
    thing: str
    place: str
    problem: str


def checked(document: Plain) -> tuple[Centre | None, Mapping[Location, Sequence[str]]]:
    """The centre, or what is wrong with it, all at once."""
    try:
        return Centre.model_validate(document), {}
    except ValidationError as wrong:
        found: dict[Location, list[str]] = {}
        for error in wrong.errors(include_url=False, include_input=False):
            found.setdefault(error["loc"], []).append(in_words(error["msg"]))
        return None, found


def in_words(message: str) -> str:
    """A message of a check in Japanese."""
    plain = message.removeprefix("Value error, ")
    for pattern, words in WORDS:
        if found := re.search(pattern, plain, re.DOTALL):
            return words.format(*(_word(one) for one in found.groups()))
    return plain


def _word(text: str | None) -> str:
    return KINDS.get(text or "", text or "")


KINDS: Mapping[str, str] = {
    "menu": "メニュー",
    "queue": "窓口",
    "link": "SMSのリンク",
    "announcement": "案内文",
    "message": "案内文",
    "number": "番号",
    "pause reason": "離席理由",
}


def elsewhere(document: Plain, problems: Mapping[Location, Sequence[str]], shown: set[Location]) -> list[Elsewhere]:
    """The problems that no field of the form shows, with where they are mended."""
    return [_elsewhere(document, at, one) for at, told in problems.items() if at not in shown for one in told]


def _elsewhere(document: Plain, at: Location, problem: str) -> Elsewhere:
    part = next((part for part in PARTS if at and at[0] in part.fields), None)
    if part is None:
        return Elsewhere(None, "", "", problem)
    if not part.many or len(at) < 2:
        return Elsewhere(part, "", place(SHAPE, at), problem)
    listed = things(part, document)
    number = at[1] if isinstance(at[1], int) else next((n for n, (id, _) in enumerate(listed) if id == at[1]), -1)
    if not 0 <= number < len(listed):
        return Elsewhere(part, "", f"{part.one}「{at[1]}」", problem)
    id, thing = listed[number]
    inside = place(thing_shape(part), at[2:])
    return Elsewhere(part, id, f"{part.one}「{label_of(part, id, thing)}」{'の' if inside else ''}{inside}", problem)


def place(shape: Shape, at: Location) -> str:
    """A place in words, as far as the shape knows it."""
    said: list[str] = []
    for step in at:
        match shape:
            case Record() if step in members(shape):
                member = members(shape)[str(step)]
                said.append(member.label)
                shape = member.shape
            case Items():
                said.append(f"{int(step) + 1}番目" if isinstance(step, int) else str(step))
                shape = shape.item
            case Entries() if step != KEY:
                said.append(f"「{step}」")
                shape = shape.value
            case _:
                break
    return "の".join(said)
