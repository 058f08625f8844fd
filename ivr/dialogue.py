"""What the caller hears and presses in a menu. It knows a Line, never Asterisk."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.announcement import Said
from kernel.centre import Centre, Lead, Menu
from kernel.language import JAPANESE
from kernel.ports import Line


@dataclass(frozen=True, slots=True)
class Choice:
    """Where the caller goes on. ``key`` is "" where none was valid: silence, or wrong keys up to the last try."""

    lead: Lead
    key: str


async def run_menu(
    menu: Menu, centre: Centre, line: Line, *, greeting: Said | None = None, language: str = JAPANESE
) -> Choice:
    """Ask ``menu`` until a key leads on, ``menu.tries`` times at most; then its ``no_key``.

    ``greeting`` is spoken before the first prompt, which is in ``language``; keys that lead to a language are told in
    that one. A key interrupts whatever is spoken. After a wrong key the caller is
    told so and asked again; after silence the question is just repeated. CallerGone passes through.
    """
    texts = centre.texts(language)
    prompt, before = (texts[menu.prompt], *_languages(menu, centre)), greeting
    for _ in range(menu.tries):
        key = await line.ask(*((before,) if before else ()), *prompt, wait_seconds=menu.wait_seconds)
        if key in menu.keys:
            return Choice(menu.keys[key], key)
        before = texts[menu.wrong_key] if key else None
    return Choice(menu.no_key, "")


def _languages(menu: Menu, centre: Centre) -> list[Said]:
    """The keys that lead to a language, each told in that language."""
    if menu.language_prompt is None:
        return []
    return [centre.texts(lead.language)[menu.language_prompt] for lead in menu.keys.values() if lead.language]
