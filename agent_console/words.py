"""The Japanese words of the pages, for everything that the kernel names in English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from math import floor

from crm.viewings import Shown
from kernel.call import Outcome
from kernel.case import CaseStatus, CaseStep
from kernel.centre import JAPAN
from kernel.monitor import MonitorMode
from kernel.operator import OperatorState
from kernel.user import Role

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

ALARMS: Mapping[str, str] = {
    "control": "電話の制御が動いていません。Asteriskだけで案内・呼び出しをしています",
    "exchange": "電話交換機(Asterisk)につながりません",
    "store": "データベースにつながりません。表示は最新ではありません",
    "nobody": "電話を受けられるオペレーターがいません",
}

GOALS: Mapping[str, str] = {"offered": "受付数比", "answered": "応答数比", "without_short": "短時間放棄を除く"}
"""What a queue's service level is a share of (kernel.figures)."""

WEEKDAYS = "月火水木金土日"

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

CALLBACK_TRIES: Mapping[str, str] = {
    "no_answer": "応答なし",
    "busy": "話し中",
    "declined": "拒否",
    "unreachable": "不通",
    "no_such_number": "番号なし",
    "no_reply": "時間切れ(相手の交換機が無応答)",
    "trunk_full": "回線がすべて使用中",
    "emergency": "緊急通報の番号のため発信しません",
    "hung_up": "つながる直前に切断",
    "operator_left": "オペレーターが切断",
}
"""Why a citizen was not reached."""

CASE_STATUSES: Mapping[CaseStatus, str] = {CaseStatus.OPEN: "対応中", CaseStatus.CLOSED: "完了"}

CASE_STEPS: Mapping[CaseStep, str] = {
    CaseStep.OPENED: "受付",
    CaseStep.CLOSED: "完了",
    CaseStep.REOPENED: "再開",
    CaseStep.ASSIGNED: "所管課を変更",
}

EQUAL: Mapping[str, str] = {"name": "氏名", "address": "住所", "email": "メール", "phone": "電話番号"}
"""What makes another case seem the same citizen's."""

LANGUAGES: Mapping[str, str] = {
    "ja": "日本語",
    "en": "英語",
    "zh": "中国語",
    "ko": "韓国語",
    "es": "スペイン語",
    "pt": "ポルトガル語",
    "vi": "ベトナム語",
    "tl": "タガログ語",
}

OUTCOMES: Mapping[Outcome | None, str] = {
    Outcome.ANSWERED: "応答",
    Outcome.HANDED_OVER: "所管課へ転送",
    Outcome.ABANDONED: "待ち呼で放棄",
    Outcome.LEFT_MENU: "ガイダンスで終了",
    Outcome.CLOSED: "時間外",
    Outcome.CONGESTED: "積滞ガイダンス",
    Outcome.LEFT_QUEUE: "待ち呼からキーで離脱",
    Outcome.LEFT_MESSAGE: "伝言",
    Outcome.NOT_REACHED: "折り返し不達",
    Outcome.CANCELLED: "折り返し取消",
    Outcome.NOT_CONNECTED: "発信不成立",
    Outcome.FAILED: "障害",
    None: "進行中",
}

HISTORY_OUTCOMES = ("回答済み", "所管課へ転送", "所管課へ取次", "折り返し依頼", "他機関を案内", "その他")

REFUSALS: Mapping[str, str] = {
    "call_is_over": "この通話はすでに終了しています。",
    "not_your_call": "この通話は別のオペレーターが対応しています。",
    "already_done": "その操作はすでに行われています。",
    "expired": "操作が届くまでに時間がかかりすぎたため、行いませんでした。",
    "phone_unreachable": "電話機が登録されていません。電話機を確認してください。",
    "answers_by_hand": "この電話機は画面から応答できません。電話機で応答してください。",
    "no_limit": "この後処理には制限時間がありません。",
    "no_more_extensions": "これ以上は延長できません。",
    "no_seat": "オペレーターの席が設定されていません。管理者に確認してください。",
    "wrong_state": "いまの状態ではその操作はできません。",
    "extension_unreachable": "その内線にはつながりませんでした。",
    "unknown_reason": "その離席理由は使えなくなりました。",
    "out_of_hours": "受付時間外のため、転送しませんでした。時間外でも呼び出すには、候補の下のボタンを押してください。",
    "not_transferable": "内線転送できない相手です。番号をご案内するか、取次をしてください。",
    "unknown_extension": "その内線番号はありません。",
    "not_in_directory": "番号表にない内線のため、電話機からは転送できません。画面から転送してください。",
    "asked_by_phone": "電話機からの相談転送はできません。画面の「相談転送」を使ってください。",
    "directory_unreadable": "番号表を読めないため、電話機からは転送できません。画面から転送してください。",
    "unknown_queue": "その窓口はありません。",
    "unknown_operator": "そのオペレーターはいません。",
    "operator_away": "そのオペレーターは受付をしていません。",
    "being_offered": "オペレーターを呼び出し中のため、移せません。",
    "no_phone": "あなたの電話機が登録されていないため、モニターできません。",
    "supervisor_busy": "あなたはほかの通話に参加しているか、受付中です。",
    "supervisor_unreachable": "あなたの電話機が登録されていません。電話機を確認してください。",
    "monitored_already": "ほかのスーパーバイザーがこの通話をモニターしています。",
    "in_consultation": "相談転送中のため、その操作はできません。",
    "no_consultation": "相談転送は終わっています。",
    "callback_rings": "いま呼び出しているため、取り消せません。",
    "no_words": "番号を案内する案内文(tell-number など)が設定されていません。",
    "no_interpreter": "その言語の通訳は設定されていません。",
    "unknown_purpose": "その発信目的は使えなくなりました。",
    "number_not_allowed": "その番号には発信できません。",
    "bad_number": "電話番号を確認してください(市外局番から、または +国番号)。",
    "daily_limit": "本日の発信数の上限に達しました。管理者に確認してください。",
    "changed_meanwhile": "ほかの人が同時に設定を変更しました。もう一度押してください。",
}

ROLES: Mapping[Role, str] = {
    Role.OPERATOR: "オペレーター",
    Role.SUPERVISOR: "スーパーバイザー",
    Role.STAFF: "市職員",
    Role.ADMINISTRATOR: "管理者",
}

SHOWN: Mapping[str, str] = {
    Shown.DESK: "応対画面",
    Shown.SCREEN_POP: "着信時の表示",
    Shown.HISTORY_FORM: "応対履歴の入力",
    Shown.ALIKE: "同じ市民と思われる案件",
    Shown.TAKEN_OVER: "引き継いだ通話",
    Shown.GIVEN_UP: "放棄呼の一覧",
    Shown.CALLBACKS: "折り返しの一覧",
    Shown.DIAL: "発信",
    Shown.MESSAGE_LIST: "伝言の一覧",
    Shown.MESSAGE: "伝言",
    Shown.MESSAGE_SOUND: "伝言の再生",
    Shown.CASE_LIST: "案件一覧",
    Shown.CASE: "案件",
    Shown.ANSWER_FORM: "案件への履歴の追加",
    Shown.SEARCH: "検索",
    Shown.SAID: "音声応答での会話",
    Shown.TALK_DRAFT: "通話からの下書き",
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


def not_reached(reason: object) -> str:
    """Why a citizen was not reached."""
    return CALLBACK_TRIES.get(str(reason), "不達")


def shown(where: str) -> str:
    """Where citizens' data was shown; a word of another version of the platform as it is."""
    return SHOWN.get(where, where)


def refusal(reason: object) -> str:
    """Why a command was not carried out; a reason without words here is shown as it came."""
    return REFUSALS.get(str(reason), str(reason))


def clock_time(moment: datetime) -> str:
    """Hours and minutes in Japan."""
    return f"{moment.astimezone(JAPAN):%H:%M}"


def clock_seconds(moment: datetime) -> str:
    """Hours, minutes and seconds in Japan."""
    return f"{moment.astimezone(JAPAN):%H:%M:%S}"


def language(code: str) -> str:
    """The language that the caller chose; one without a word here is shown as it came."""
    return LANGUAGES.get(code, code)


def alike(equal: Iterable[str]) -> str:
    """What is alike, in the order of the form."""
    found = set(equal)
    return "・".join(word for field, word in EQUAL.items() if field in found)


def day(of: date) -> str:
    """Month and day."""
    return f"{of.month}月{of.day}日"


def date_and_time(moment: datetime) -> str:
    """Date, hours and minutes in Japan."""
    return f"{moment.astimezone(JAPAN):%Y年%-m月%-d日 %H:%M}"


def weekday(moment: datetime) -> str:
    """The day of the week in Japan, in one letter."""
    return WEEKDAYS[moment.astimezone(JAPAN).weekday()]


def percent(share: float | None) -> str:
    """A share of 0 to 1 without decimals, rounded down: a goal that is missed never looks reached."""
    return "–" if share is None else f"{floor(share * 100 + 1e-9)}%"
