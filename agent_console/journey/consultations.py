"""An attended transfer in the way of a call. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from agent_console.transfer_words import reason
from agent_console.words import LANGUAGES
from kernel.events import Event, EventKind


class Operators(Protocol):
    """How operators are named now."""

    def operator(self, id: str | None) -> str: ...


def _whom(event: Event) -> str:
    """An interpreter by the language, else the extension."""
    language = event.data.get("language")
    return f"{LANGUAGES.get(str(language), language)}の通訳" if language else f"内線{event.data.get('extension')}"


def _started(event: Event, _: Operators) -> tuple[str, str]:
    if event.data.get("language"):
        return f"{_whom(event)}を呼び出しました", f"番号：{event.data.get('extension')}"
    return f"{_whom(event)}に相談を始めました", ""


def _swapped(event: Event, _: Operators) -> tuple[str, str]:
    whom = "お客様" if event.data.get("to") == "caller" else "相手先"
    return f"{whom}との通話に切り替えました", reason("limit") if event.data.get("why") == "limit" else ""


def _ended(event: Event, names: Operators) -> tuple[str, str]:
    what = f"{_whom(event)}を終え" if event.data.get("language") else f"{_whom(event)}への相談転送を終え"
    return f"{what}、{names.operator(event.operator)}との通話に戻りました", reason(event.data.get("why"))


CONSULTATIONS: Mapping[EventKind, Callable[[Event, Operators], tuple[str, str]]] = {
    EventKind.CONSULT_STARTED: _started,
    EventKind.CONSULT_ANSWERED: lambda event, _: (
        (f"{_whom(event)}が応答しました" if event.data.get("language") else "転送先が応答しました"),
        "",
    ),
    EventKind.CONSULT_SWAPPED: _swapped,
    EventKind.CONSULT_JOINED: lambda _, __: ("三者通話になりました", ""),
    EventKind.CONSULT_ENDED: _ended,
}
