"""Announcement texts, in which language they are, and the places in them that are filled in when they are spoken."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from kernel.language import JAPANESE

_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Wording:
    """``text`` in a ``language`` (``kernel.language.Voiced``, or Japanese), spoken ``slowly`` for who asked for it."""

    text: str
    language: str
    slowly: bool = False


Said = str | Wording
"""What a caller is to hear; a plain text is Japanese at the voice's own speed."""

USED: Mapping[str, frozenset[str]] = {
    "welcome": frozenset(),
    "closed": frozenset(),
    "congested": frozenset(),
    "please-hold": frozenset(),
    "apology": frozenset(),
    "position": frozenset({"position"}),
}
"""The announcements that the platform itself speaks, and what it fills into each; into others nothing."""

OPTIONAL: Mapping[str, frozenset[str]] = {
    "expected-wait": frozenset({"minutes"}),
    "queue-closed": frozenset(),
    "interpreter-rung": frozenset(),
    "interpreter-aside": frozenset(),
    "tell-number": frozenset({"name"}),
    "sms-mobile": frozenset(),
    "voicebot-goodbye": frozenset(),
}
"""Those that it speaks where they are written, and else leaves out."""


FOR_CALLBACKS = frozenset(
    {
        "callback-number",
        "callback-confirm",
        "callback-enter",
        "callback-bad-number",
        "callback-known",
        "callback-not-asked",
        "callback-goodbye",
    }
)
"""Those that are needed where a caller may be called back instead of waiting."""

FOR_MESSAGES = frozenset({"message-thanks"})
"""Those that are needed where a caller may leave a message."""

FOR_VOICEBOTS: Mapping[str, frozenset[str]] = {
    "voicebot-confirm": frozenset({"name"}),
    "voicebot-which": frozenset({"first", "second"}),
    "voicebot-narrow": frozenset(),
    "voicebot-connect": frozenset({"name"}),
    "voicebot-closed": frozenset({"name"}),
    "voicebot-refer": frozenset({"name"}),
    "voicebot-person": frozenset(),
    "voicebot-else": frozenset(),
}
"""Those that are needed where a voicebot asks, and what it fills into each."""

FOR_LINKS = frozenset({"sms-offer", "sms-sending"})
"""Those that are needed where a voicebot offers a link by SMS (T13): the question, and what follows a yes."""

FOR_LINK_KEYS = frozenset({"sms-sending", "sms-mobile", "sms-not-now"})
"""Those that are needed where a key sends one: that it is sent, and the reasons why not."""

FOR_TELLING = frozenset({"tell-number", "tell-number-after", "tell-goodbye"})
"""Those without which no number is told by the platform (T8): before it, after it, and at the end."""


class BadPlaceholder(ValueError):
    """A text names a value that nobody gives, lacks one that it must name, or has a stray brace."""


def placeholders(text: str) -> frozenset[str]:
    """The names in ``text``, written ``{name}``. Raises BadPlaceholder for any other brace."""
    if set(_PLACE.sub("", text)) & set("{}"):
        raise BadPlaceholder(f"braces only enclose a name, as in {{position}}: {text!r}")
    return frozenset(_PLACE.findall(text))


def check(id: str, text: str) -> None:
    """Raise BadPlaceholder unless ``text`` can be spoken as announcement ``id``."""
    wanted, found = {**USED, **OPTIONAL, **FOR_VOICEBOTS}.get(id, frozenset[str]()), placeholders(text)
    if unknown := found - wanted:
        raise BadPlaceholder(f"nothing fills in {_listed(unknown)} here: take it out")
    if missing := wanted - found:
        raise BadPlaceholder(f"the text must contain {_listed(missing)}")


def words(said: Said) -> tuple[str, str]:
    """Its text and its language."""
    return (said.text, said.language) if isinstance(said, Wording) else (said, JAPANESE)


def is_slow(said: Said) -> bool:
    """Whether it is spoken slowly."""
    return isinstance(said, Wording) and said.slowly


def slowly(said: Said) -> Said:
    """The same for who did not follow it."""
    return Wording(*words(said), slowly=True)


def filled(said: Said, **values: str | int) -> Said:
    """``said`` with its places filled in, as ``fill`` does it."""
    if isinstance(said, Wording):
        return replace(said, text=fill(said.text, **values))
    return fill(said, **values)


def fill(text: str, **values: str | int) -> str:
    """``text`` with each ``{name}`` replaced by its value; values are text alone and are not searched again."""
    if unknown := placeholders(text) - values.keys():
        raise BadPlaceholder(f"no value for {_listed(unknown)}")
    return _PLACE.sub(lambda place: str(values[place[1]]), text)


def _listed(names: frozenset[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names))
