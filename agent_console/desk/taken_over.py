"""Who took a call over, as its events tell."""

from __future__ import annotations

from agent_console.console import Console
from kernel.events import EventKind


async def took_over(console: Console, call: str, supervisor: str) -> bool:
    """Whether ``supervisor`` once took ``call`` over, as its events tell."""
    stored = await console.store.events.of_call(call)
    takes = (one.event for one in stored if one.event.kind is EventKind.CALL_TAKEN_OVER)
    return any(event.data.get("by") == supervisor for event in takes)
