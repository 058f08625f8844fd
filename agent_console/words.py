"""The Japanese words of the pages, for everything that the kernel names in English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kernel.call import Outcome
from kernel.case import CaseStatus
from kernel.centre import JAPAN
from kernel.monitor import MonitorMode
from kernel.operator import OperatorState

STATES: Mapping[OperatorState, str] = {
    OperatorState.LOGGED_OUT: "ログアウト",
    OperatorState.READY: "受付可",
    OperatorState.RINGING: "着信中",
    OperatorState.TALKING: "通話中",
    OperatorState.ON_HOLD: "保留中",
    OperatorState.WRAP_UP: "後処理",
    OperatorState.PAUSED: "離席",
    OperatorState.NOT_ANSWERING: "離席扱い(応答なし)",
    OperatorState.PHONE_GONE: "電話機未登録",
}

MONITOR_MODES: Mapping[MonitorMode, str] = {
    MonitorMode.LISTEN: "モニター中",
    MonitorMode.WHISPER: "ささやき中",
    MonitorMode.BARGE_IN: "割り込み中",
    MonitorMode.TAKE_OVER: "引き継ぎ中",
}

MONITOR_FAILURES: Mapping[str, str] = {
    "no_answer": "あなたの電話機の応答がなかったため、モニターを終了しました。",
    "busy": "あなたの電話機が話し中のため、モニターできませんでした。",
    "declined": "あなたの電話機で拒否されたため、モニターを終了しました。",
    "unreachable": "あなたの電話機につながらないため、モニターできませんでした。",
    "failed": "モニターに失敗しました。通話は続いています。",
}
"""Why a supervisor does not hear what was asked for; how a monitoring ends otherwise needs no word."""

CASE_STATUSES: Mapping[CaseStatus, str] = {CaseStatus.OPEN: "対応中", CaseStatus.CLOSED: "完了"}

OUTCOMES: Mapping[Outcome | None, str] = {
    Outcome.ANSWERED: "応答",
    Outcome.HANDED_OVER: "所管課へ転送",
    Outcome.ABANDONED: "待ち呼で放棄",
    Outcome.LEFT_MENU: "ガイダンスで終了",
    Outcome.CLOSED: "時間外",
    Outcome.CONGESTED: "積滞ガイダンス",
    Outcome.FAILED: "障害",
    None: "進行中",
}

HISTORY_OUTCOMES = ("回答済み", "所管課へ転送", "折り返し依頼", "他機関を案内", "その他")

REFUSALS: Mapping[str, str] = {
    "call_is_over": "この通話はすでに終了しています。",
    "not_your_call": "この通話は別のオペレーターが対応しています。",
    "already_done": "その操作はすでに行われています。",
    "expired": "操作が届くまでに時間がかかりすぎたため、行いませんでした。",
    "phone_unreachable": "電話機が登録されていません。電話機を確認してください。",
    "no_limit": "この後処理には制限時間がありません。",
    "no_more_extensions": "これ以上は延長できません。",
    "no_seat": "オペレーターの席が設定されていません。管理者に確認してください。",
    "wrong_state": "いまの状態ではその操作はできません。",
    "extension_unreachable": "その内線にはつながりませんでした。",
    "unknown_reason": "その離席理由は使えなくなりました。",
    "unknown_extension": "その内線番号はありません。",
    "unknown_queue": "その窓口はありません。",
    "unknown_operator": "そのオペレーターはいません。",
    "operator_away": "そのオペレーターは受付をしていません。",
    "being_offered": "オペレーターを呼び出し中のため、移せません。",
    "no_phone": "あなたの電話機が登録されていないため、モニターできません。",
    "supervisor_busy": "あなたはほかの通話に参加しているか、受付中です。",
    "supervisor_unreachable": "あなたの電話機が登録されていません。電話機を確認してください。",
    "monitored_already": "ほかのスーパーバイザーがこの通話をモニターしています。",
    "changed_meanwhile": "ほかの人が同時に設定を変更しました。もう一度押してください。",
}

STRAINS: Mapping[str, str] = {
    "arrivals": "着信の集中",
    "calls": "同時通話数の上限",
    "reply_seconds": "電話交換機(Asterisk)の応答の遅れ",
    "late_seconds": "制御プログラムの遅れ",
    "requests": "電話交換機への要求の滞留",
    "events": "電話交換機からの通知の滞留",
    "journal": "データベースへの書き込みの滞留",
}


def strain(why: object) -> str:
    """Why callers are turned away; a reason without words here is shown as it came."""
    return STRAINS.get(str(why), str(why))


def refusal(reason: object) -> str:
    """Why a command was not carried out; a reason without words here is shown as it came."""
    return REFUSALS.get(str(reason), str(reason))


def clock_time(moment: datetime) -> str:
    """Hours and minutes in Japan."""
    return f"{moment.astimezone(JAPAN):%H:%M}"


def clock_seconds(moment: datetime) -> str:
    """Hours, minutes and seconds in Japan."""
    return f"{moment.astimezone(JAPAN):%H:%M:%S}"


def date_and_time(moment: datetime) -> str:
    """Date, hours and minutes in Japan."""
    return f"{moment.astimezone(JAPAN):%Y年%-m月%-d日 %H:%M}"
