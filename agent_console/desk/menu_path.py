"""The caller's way through the menus, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agent_console.journey.links import link_name
from kernel.centre import Centre, Lead


@dataclass(frozen=True, slots=True)
class Step:
    """A key and where it led; "" where the key leads nowhere (or no longer does: the centre may have changed)."""

    key: str
    leads_to: str


def menu_path(centre: Centre, keys: Iterable[str]) -> tuple[Step, ...]:
    """Follow ``keys`` from the entry menu."""
    steps: list[Step] = []
    menu = centre.menus.get(centre.entry)
    for key in keys:
        lead = menu.keys.get(key) if menu else None
        steps.append(Step(key, _label(centre, lead)))
        menu = centre.menus.get(lead.menu) if lead and lead.menu else menu
    return tuple(steps)


def _label(centre: Centre, lead: Lead | None) -> str:
    if lead is None:
        return ""
    if lead.queue:
        queue = centre.queue(lead.queue)
        return queue.label if queue else lead.queue
    if lead.link:
        return f"SMSのリンク{link_name(centre, lead.link)}"
    return lead.menu or "案内"
