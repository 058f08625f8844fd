"""A talk with the voicebot in the way of a call. Pure; what was said stands elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from kernel.events import Event, EventKind

MEANINGS: Mapping[str, str] = {
    "yes": "はい",
    "no": "いいえ",
    "person": "担当者を希望",
    "again": "もう一度",
    "slower": "ゆっくり",
    "otherlanguage": "ほかの言語",
    "number": "番号",
    "name": "名前",
    "filler": "考え中",
    "nothing": "聞き取れませんでした",
    "silence": "返事がありませんでした",
}
WHY: Mapping[str, str] = {
    "asked": "お客様の希望",
    "understood": "用件が分かりました",
    "language": "ほかの言語",
    "silence": "返事がありませんでした",
    "not_understood": "聞き取れませんでした",
    "turns": "やりとりが長くなりました",
    "out_of_hours": "つなぎ先の受付時間外",
    "not_transferable": "内線でつなげない先",
    "nothing_else": "ほかに用件なし",
    "told": "番号を案内",
    "recogniser": "音声認識が使えません",
    "sound": "お客様の音声が届きません",
}


class Queues(Protocol):
    """How queues, menus and announcements are named now."""

    def lead(self, id: object) -> str: ...


def _heard(event: Event, _: Queues) -> tuple[str, str]:
    meaning, name = str(event.data.get("meaning")), event.data.get("name")
    confidence = event.data.get("confidence")
    sure = f"確からしさ {confidence:.0%}" if isinstance(confidence, float) else ""
    return f"音声応答の聞き取り：{name or MEANINGS.get(meaning, meaning)}", sure


def _left(event: Event, names: Queues) -> tuple[str, str]:
    to, why = event.data.get("to"), str(event.data.get("why"))
    where = {"understood": f"内線{to}", "told": str(to)}.get(why) or (names.lead(to) if to else "終了")
    return f"音声応答を終えました：{where}", WHY.get(why, why)


def _failed(event: Event, names: Queues) -> tuple[str, str]:
    why = str(event.data.get("why"))
    return f"音声応答ができず、{names.lead(event.data.get('to'))}に替えました", WHY.get(why, why)


VOICEBOTS: Mapping[EventKind, Callable[[Event, Queues], tuple[str, str]]] = {
    EventKind.VOICEBOT_HEARD: _heard,
    EventKind.VOICEBOT_LEFT: _left,
    EventKind.VOICEBOT_FAILED: _failed,
}
