"""Links by SMS in the way of a call, and what became of each. Pure; number and text stand elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from kernel.centre import Centre
from kernel.events import Event, EventKind
from kernel.link import link_of
from kernel.sms import SmsState

STATES: Mapping[SmsState, str] = {
    SmsState.TO_SEND: "送信待ち",
    SmsState.SENDING: "送信中",
    SmsState.SENT: "送信済み",
    SmsState.REFUSED: "送れませんでした",
    SmsState.UNCERTAIN: "送られたか不明(再送しません)",
}
WHY: Mapping[str, str] = {
    "too_late": "1時間以内に送れませんでした",
    "too_many": "この番号への1日の上限です",
    "unreadable": "保存された内容を読めません",
    "no_gateway": "SMSの送信が設定されていません",
    "not_accepted": "SMSの送信先に断られました",
    "unreachable": "SMSの送信先につながりません",
    "timeout": "SMSの送信先の返事が時間内にありませんでした",
    "broken_off": "SMSの送信先との通信が切れました",
    "not_understood": "SMSの送信先の返事を読めません",
    "died": "送信中に電話の制御が止まりました",
    "failed": "送信中に障害がありました",
}
HOW: Mapping[str, str] = {
    "voicebot": "音声応答で、お客様が承諾",
    "key": "お客様が番号を押して希望",
    "operator": "オペレーターの操作",
}


class Named(Protocol):
    """How the centre names things now."""

    @property
    def centre(self) -> Centre: ...


def link_name(centre: Centre, id: object) -> str:
    """What a link is called; the id of one that is no longer there."""
    link = link_of(centre.links, str(id))
    return f"「{link.label if link else id}」"


def why(code: object) -> str:
    """Why it was not sent for certain, in words where there are some; the gateway's own number else."""
    given = str(code or "")
    number = given.removeprefix("http_")
    return WHY.get(given) or (f"SMSの送信先の返事: {number}" if number != given else given)


def _asked(event: Event, names: Named) -> tuple[str, str]:
    how = str(event.data.get("how"))
    return f"SMSでリンク{link_name(names.centre, event.data.get('link'))}を送ります", HOW.get(how, how)


def _became(state: SmsState) -> Callable[[Event, Named], tuple[str, str]]:
    def said(event: Event, names: Named) -> tuple[str, str]:
        link = link_name(names.centre, event.data.get("link"))
        return f"SMSのリンク{link}：{STATES[state]}", why(event.data.get("why"))

    return said


LINKS: Mapping[EventKind, Callable[[Event, Named], tuple[str, str]]] = {
    EventKind.SMS_ASKED: _asked,
    EventKind.SMS_SENT: _became(SmsState.SENT),
    EventKind.SMS_REFUSED: _became(SmsState.REFUSED),
    EventKind.SMS_UNCERTAIN: _became(SmsState.UNCERTAIN),
}
