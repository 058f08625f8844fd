"""The Japanese words of the pages, for everything that the kernel names in English."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from kernel.call import Outcome
from kernel.case import CaseStatus
from kernel.centre import JAPAN
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
