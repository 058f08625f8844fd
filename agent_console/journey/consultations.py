"""An attended transfer in the way of a call. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from agent_console.transfer_words import reason
from kernel.events import Event, EventKind


class Operators(Protocol):
    """How operators are named now."""

    def operator(self, id: str | None) -> str: ...


def _swapped(event: Event, _: Operators) -> tuple[str, str]:
    whom = "お客様" if event.data.get("to") == "caller" else "転送先"
    return f"{whom}との通話に切り替えました", reason("limit") if event.data.get("why") == "limit" else ""


def _ended(event: Event, names: Operators) -> tuple[str, str]:
    extension, operator = event.data.get("extension"), names.operator(event.operator)
    return f"内線{extension}への相談転送を終え、{operator}との通話に戻りました", reason(event.data.get("why"))


CONSULTATIONS: Mapping[EventKind, Callable[[Event, Operators], tuple[str, str]]] = {
    EventKind.CONSULT_STARTED: lambda event, _: (f"内線{event.data.get('extension')}に相談を始めました", ""),
    EventKind.CONSULT_ANSWERED: lambda _, __: ("転送先が応答しました", ""),
    EventKind.CONSULT_SWAPPED: _swapped,
    EventKind.CONSULT_JOINED: lambda _, __: ("三者通話になりました", ""),
    EventKind.CONSULT_ENDED: _ended,
}
