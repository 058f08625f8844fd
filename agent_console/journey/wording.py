"""One event of a call as a sentence. Pure.

An event without words here, of a version to come, is shown by its name rather than left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agent_console.journey.consultations import CONSULTATIONS
from agent_console.journey.links import LINKS
from agent_console.journey.reasons import NO_NUMBER, REASONS
from agent_console.journey.voicebots import VOICEBOTS
from agent_console.words import MONITOR_MODES, OUTCOMES, language, strain
from kernel.admission import Level
from kernel.call import Outcome
from kernel.centre import Centre
from kernel.events import Event, EventKind
from kernel.monitor import MonitorMode

SETTLED: Mapping[str, str] = {
    "queue_removed": "窓口がなくなりました",
    "called_again": "ご本人から電話があり、応答しました",
}
RULES: Mapping[str, str] = {
    "full": "待ち呼数の上限",
    "expected_wait": "予想待ち時間の上限",
    "waited": "待ち時間の上限",
    "no_operator": "オペレーター不在",
    "removed": "窓口の廃止",
    "closed": "窓口の受付休止",
}
UNSAID = frozenset(
    {EventKind.OPERATOR_CHANGED, EventKind.COMMAND_DONE, EventKind.COMMAND_REFUSED, EventKind.OPERATOR_EXPLAINED}
) | {EventKind.TALK_DRAFTED}
"""Of a call, but nothing that the caller went through: the call's own events say the same."""


@dataclass(frozen=True, slots=True)
class Names:
    """How the centre names things now; what it no longer has keeps its id."""

    centre: Centre

    def operator(self, id: str | None) -> str:
        seat = self.centre.operator(id or "") or self.centre.supervisor(id or "")
        return f"{seat.name if seat else id or '不明'}さん"

    def queue(self, id: object) -> str:
        queue = self.centre.queue(str(id))
        return f"「{queue.label if queue else id}」"

    def purpose(self, id: object) -> str:
        purpose = self.centre.outgoing.purpose(str(id))
        return purpose.label if purpose else str(id)

    def lead(self, id: object) -> str:
        """A queue, or else a menu or an announcement, which have no other name."""
        if self.centre.queue(str(id)):
            return self.queue(id)
        return f"メニュー「{id}」" if str(id) in self.centre.menus else f"案内「{id}」"


def reason(event: Event) -> str:
    """Why, in words where there are some."""
    given = str(event.data.get("reason") or "")
    return REASONS.get(given, given)


def sentence(event: Event, names: Names) -> tuple[str, str] | None:
    """What happened, and what there is to add to it ("" for nothing); None for what is not said."""
    if event.kind in UNSAID:
        return None
    say = SENTENCES.get(event.kind)
    return say(event, names) if say else (event.kind.value, "")


Say = Callable[[Event, Names], tuple[str, str]]


def _said(text: str) -> Say:
    return lambda _, __: (text, "")


def _menu(event: Event, _: Names) -> tuple[str, str]:
    key = event.data.get("key")
    spoken = event.data.get("language")
    chosen = f"({language(str(spoken))})" if spoken else ""
    pressed = f"「{key}」を押しました" if key else "何も押しませんでした"
    return pressed + chosen, f"メニュー「{event.data.get('menu', '')}」"


def _explained(event: Event, _: Names) -> tuple[str, str]:
    data = event.data
    expected = data.get("expected_seconds")
    minutes = f"、平均してあと{max(1, round(expected / 60))}分ほど" if isinstance(expected, int | float) else ""
    late = "目標時間を超えて待っています" if data.get("beyond") else "待っています"
    return f"{late}（{data.get('position') or '–'}番目{minutes}）", str(data.get("because") or "")


def _told(event: Event, _: Names) -> tuple[str, str]:
    return f"待ち時間を案内しました：{event.data.get('minutes')}分", f"{event.data.get('position') or '–'}番目"


def _overflowed(event: Event, names: Names) -> tuple[str, str]:
    rule = str(event.data.get("why"))
    return f"{names.lead(event.data.get('to'))}へ回りました", f"規則：{RULES.get(rule, rule)}"


def _left(event: Event, names: Names) -> tuple[str, str]:
    return "待っている間にキーで窓口を離れました", f"「{event.data.get('key')}」→{names.lead(event.data.get('to'))}"


def _called_back(event: Event, names: Names) -> tuple[str, str]:
    return f"折り返しの電話をかけました（{event.data.get('attempt') or '–'}回目）", names.operator(event.operator)


def _not_reached(event: Event, _: Names) -> tuple[str, str]:
    return f"折り返しの電話がつながりませんでした（{event.data.get('attempt') or '–'}回目）", reason(event)


def _dialled(event: Event, names: Names) -> tuple[str, str]:
    case, follows = event.data.get("case"), event.data.get("follows")
    about = f"、案件 {case}" if case else "、放棄呼への折り返し" if follows else ""
    return f"{names.operator(event.operator)}が発信しました", f"目的：{names.purpose(event.data.get('purpose'))}{about}"


def _given_up(event: Event, names: Names) -> tuple[str, str]:
    """``why`` is what came of the last try, what settled it, or who cancelled it."""
    why = str(event.data.get("why") or "")
    return "折り返しを終えました", REASONS.get(why) or SETTLED.get(why) or (
        f"取消：{names.operator(why)}" if why else ""
    )


def _offered(event: Event, names: Names) -> tuple[str, str]:
    return f"{names.operator(event.operator)}を呼び出しました", str(event.data.get("because") or "")


def _turned_away(event: Event, _: Names) -> tuple[str, str]:
    guided = event.data.get("how") == Level.GUIDANCE.value
    return ("混雑の案内を流しました" if guided else "話中でお断りしました"), strain(event.data.get("why"))


def _moved(event: Event, names: Names) -> tuple[str, str]:
    to = str(event.data.get("to"))
    where = f"{names.operator(to)}に割り当てました" if event.operator else f"窓口{names.queue(to)}へ移しました"
    return where, f"操作：{names.operator(str(event.data.get('by')))}"


def _monitored(event: Event, names: Names) -> tuple[str, str]:
    mode = str(event.data.get("mode"))
    how = MONITOR_MODES[MonitorMode(mode)] if mode in set(MonitorMode) else mode
    return f"{names.operator(str(event.data.get('by')))}のモニター（{how}）", f"担当：{names.operator(event.operator)}"


def _history(event: Event, names: Names) -> tuple[str, str]:
    return "応対履歴を保存しました", f"案件 {event.data.get('number', '')}、{names.operator(event.operator)}"


def _ended(event: Event, _: Names) -> tuple[str, str]:
    outcome = event.data.get("outcome")
    known = str(outcome) in set(Outcome)
    return "終了しました", f"結果：{OUTCOMES[Outcome(str(outcome))] if known else outcome or '–'}"


SENTENCES: Mapping[EventKind, Say] = {
    EventKind.CALL_ARRIVED: lambda event, _: (
        "電話がかかってきました",
        NO_NUMBER.get(str(event.data.get("withheld")), ""),
    ),
    EventKind.MENU_CHOSEN: _menu,
    **VOICEBOTS,
    **LINKS,
    EventKind.CALL_QUEUED: lambda event, names: (f"窓口{names.queue(event.queue)}の待ち呼になりました", ""),
    EventKind.CALL_OVERFLOWED: _overflowed,
    EventKind.QUEUE_LEFT: _left,
    EventKind.WAIT_EXPLAINED: _explained,
    EventKind.WAIT_TOLD: _told,
    EventKind.CALL_OFFERED: _offered,
    EventKind.OFFER_NOT_ANSWERED: lambda event, names: (
        f"{names.operator(event.operator)}は応答しませんでした",
        reason(event),
    ),
    EventKind.CALL_ANSWERED: lambda event, names: (f"{names.operator(event.operator)}が応答しました", ""),
    EventKind.CALL_ABANDONED: _said("待っている間に電話が切れました"),
    EventKind.CALL_LOST: _said("窓口に戻って待っている間に電話が切れました"),
    EventKind.CALLBACK_ASKED: _said("折り返しの電話を希望しました"),
    EventKind.CALLBACK_RINGS: _called_back,
    EventKind.CALLBACK_NOT_REACHED: _not_reached,
    EventKind.CALLBACK_GIVEN_UP: _given_up,
    EventKind.CALL_DIALLED: _dialled,
    EventKind.CITIZEN_RINGS: _said("お客様を呼び出しました"),
    EventKind.NOT_CONNECTED: lambda event, _: ("お客様につながりませんでした", reason(event)),
    EventKind.MESSAGE_LEFT: _said("伝言を残しました"),
    EventKind.MESSAGE_HEARD: lambda event, names: (
        "伝言を再生しました",
        f"操作：{names.operator(str(event.data.get('by')))}",
    ),
    EventKind.RECORDING_STARTED: _said("録音を始めました"),
    EventKind.RECORDING_STOPPED: _said("録音を止めました"),
    EventKind.RECORDING_DELETED: _said("録音を削除しました"),
    EventKind.RECORDING_NOT_DELETED: _said("録音を削除できませんでした"),
    EventKind.NUMBER_TOLD: _said("外線番号をご案内しました"),
    EventKind.HAND_OVER_STARTED: lambda event, names: (
        f"内線{event.data.get('extension')}への転送を始めました",
        names.operator(event.operator),
    ),
    EventKind.HAND_OVER_ANSWERED: lambda event, _: (f"内線{event.data.get('extension')}が応答しました", ""),
    EventKind.HAND_OVER_FAILED: lambda event, _: (
        f"内線{event.data.get('extension')}に転送できませんでした",
        reason(event),
    ),
    **CONSULTATIONS,
    EventKind.CALL_HELD: lambda event, names: (f"{names.operator(event.operator)}が保留しました", ""),
    EventKind.OPERATOR_LOST: lambda event, names: (
        f"{names.operator(event.operator)}の画面の電話が切れ、お客様は保留中です",
        "",
    ),
    EventKind.OPERATOR_BACK: lambda event, names: (f"{names.operator(event.operator)}が通話に戻りました", ""),
    EventKind.OPERATOR_GIVEN_UP: lambda event, names: (
        f"{names.operator(event.operator)}が戻らず、お客様は待ち行列の先頭に戻りました",
        "",
    ),
    EventKind.CALL_RESUMED: lambda event, names: (f"{names.operator(event.operator)}が保留を終えました", ""),
    EventKind.CALL_MOVED: _moved,
    EventKind.MONITOR_STARTED: _monitored,
    EventKind.MONITOR_CHANGED: _monitored,
    EventKind.MONITOR_ENDED: lambda event, names: ("モニターが終わりました", names.operator(str(event.data.get("by")))),
    EventKind.CALL_TAKEN_OVER: lambda event, names: (
        f"{names.operator(str(event.data.get('by')))}が通話を引き継ぎました",
        f"それまでの担当：{names.operator(event.operator)}",
    ),
    EventKind.CALL_PUT_BACK: lambda event, names: (
        f"{names.operator(str(event.data.get('by')))}が待ち呼に戻しました",
        names.queue(event.data.get("to")),
    ),
    EventKind.TALK_ENDED: _said("通話が終わりました"),
    EventKind.WRAP_UP_ENDED: lambda event, names: (f"{names.operator(event.operator)}の後処理が終わりました", ""),
    EventKind.HISTORY_SAVED: _history,
    EventKind.CALL_TURNED_AWAY: _turned_away,
    EventKind.CALL_FOLLOWED_UP: lambda event, names: (
        "放棄への折り返しを対応済みにしました",
        names.operator(str(event.data.get("by"))),
    ),
    EventKind.CALL_ENDED: _ended,
    EventKind.CALL_FAILED: _said("障害のため続けられませんでした"),
    EventKind.CALL_ADOPTED: _said("電話の制御が切り替わり、そのまま続けました"),
}
