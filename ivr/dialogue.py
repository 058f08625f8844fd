"""What the caller hears and presses in a menu. It knows a Line, never Asterisk."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.centre import Centre, Lead, Menu
from kernel.ports import Line


@dataclass(frozen=True, slots=True)
class Choice:
    """Where the caller goes on. ``key`` is "" where none was valid: silence, or wrong keys up to the last try."""

    lead: Lead
    key: str


async def run_menu(menu: Menu, centre: Centre, line: Line, *, greeting: str | None = None) -> Choice:
    """Ask ``menu`` until a key leads on, ``menu.tries`` times at most; then its ``no_key``.

    ``greeting`` is spoken before the first prompt. A key interrupts whatever is spoken. After a wrong key the caller is
    told so and asked again; after silence the question is just repeated. CallerGone passes through.
    """
    prompt = centre.announcements[menu.prompt]
    before = greeting
    for _ in range(menu.tries):
        texts = (before, prompt) if before else (prompt,)
        key = await line.ask(*texts, wait_seconds=menu.wait_seconds)
        if key in menu.keys:
            return Choice(menu.keys[key], key)
        before = centre.announcements[menu.wrong_key] if key else None
    return Choice(menu.no_key, "")
