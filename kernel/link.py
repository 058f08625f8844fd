"""Links that the centre has prepared for SMS (T13), as data (Q6)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

from kernel.document import Id, Value, Word

LONGEST = 670
"""Characters that Japan's carriers pass on to each other as one SMS (since September 2019): ten parts of 67."""


def _with_address(text: str) -> str:
    if "https://" not in text:
        raise ValueError("a link's text names an address that begins with https://")
    return text


LinkText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST), AfterValidator(_with_address)
]


class Link(Value):
    """``text`` is the whole message; its first words say who sends it. ``label`` is what operators choose it by."""

    id: Id
    label: Word
    text: LinkText


def link_of(links: Iterable[Link], id: str | None) -> Link | None:
    """The link of that id, None for one that is not there."""
    return next((link for link in links if link.id == id), None)
