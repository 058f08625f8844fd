"""What the parts of the centre's document are called in Japanese, and what else a form must say of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel

from agent_console.centre.outgoing_labels import OUTGOING, OUTGOING_HINTS
from agent_console.centre.queue_labels import QUEUE, QUEUE_HINTS
from agent_console.centre.voicebot_labels import LINK, LINK_HINTS, TOPIC, TOPIC_HINTS, VOICEBOT, VOICEBOT_HINTS
from kernel.casework import Department, Phrase
from kernel.centre import Centre, Hours, Menu, Period, SpecialDay
from kernel.interpreting import Interpreter
from kernel.link import Link
from kernel.outgoing import Outgoing, Purpose
from kernel.routing import CallingBack, Need, OperatorSeat, Overflow, Queue, Relaxation, ServiceGoal, SupervisorSeat
from kernel.translation import Translation
from kernel.voicebot import Topic, Voicebot

LABELS: Mapping[type[BaseModel], Mapping[str, str]] = {
    Centre: {
        "name": "名称",
        "numbers": "代表電話などの番号",
        "hours": "受付時間",
        "announcements": "案内文",
        "translations": "外国語の案内文",
        "entry": "最初のメニュー",
        "number_leads": "メニューを通らない番号",
        "menus": "メニュー",
        "voicebots": "音声応答",
        "queues": "窓口",
        "operators": "オペレーター",
        "supervisors": "スーパーバイザーの電話機",
        "departments": "所管課",
        "outgoing": "発信",
        "interpreters": "通訳",
        "links": "SMSのリンク",
        "pause_reasons": "離席理由",
        "pause_limits": "離席の上限(秒)",
        "after_pause_limit": "上限を超えたとき",
        "categories": "分類",
        "phrases": "定型文",
    },
    Hours: {"week": "毎週", "holidays": "祝日", "special": "臨時休業・臨時開設"},
    Period: {"opens": "開始", "closes": "終了"},
    SpecialDay: {"date": "日付", "periods": "受付する時間帯", "reason": "理由"},
    Menu: {
        "prompt": "案内文",
        "keys": "番号",
        "no_key": "何も押さないとき",
        "wrong_key": "番号が違うときの案内文",
        "tries": "案内を流す回数",
        "wait_seconds": "番号を待つ秒数",
        "language_prompt": "言語の番号の案内文",
    },
    Voicebot: VOICEBOT,
    Topic: TOPIC,
    Link: LINK,
    Queue: QUEUE,
    ServiceGoal: {"of": "数え方", "share": "割合"},
    Need: {"skill": "スキル", "level": "レベル", "relax": "待ち時間による緩和"},
    Relaxation: {"after": "待ち時間(秒)", "level": "レベル"},
    Overflow: {"when": "条件", "after": "秒数", "to": "行き先"},
    CallingBack: {"attempts": "かける回数", "minutes_apart": "間隔(分)", "ring_seconds": "呼び出し秒数"},
    OperatorSeat: {
        "id": "ID",
        "name": "氏名",
        "extension": "内線番号",
        "phone": "電話機",
        "queues": "担当する窓口",
        "skills": "スキル",
        "order": "順番(決めた順の窓口)",
    },
    SupervisorSeat: {"id": "ID", "name": "氏名", "extension": "内線番号"},
    Department: {"id": "ID", "name": "課の名称", "division": "部の名称"},
    Phrase: {"title": "題名", "text": "本文"},
    Outgoing: OUTGOING,
    Translation: {"language": "言語", "announcements": "案内文"},
    Interpreter: {"language": "言語", "numbers": "電話番号", "ring_seconds": "呼び出し秒数"},
    Purpose: {"id": "ID", "label": "名称", "shows": "相手に表示する番号", "withheld": "非通知", "queue": "窓口"},
}

HINTS: Mapping[type[BaseModel], Mapping[str, str]] = {
    Centre: {
        "numbers": "数字だけで入力します(例 0466251111)。",
        "number_leads": "案内や番号選択なしに、直接つながる番号です。",
        "pause_limits": "上限のある離席理由だけに書きます。",
    },
    Hours: {
        "week": "時間帯のない曜日は休みです。終了の 00:00 は、その日の24時です。",
        "holidays": "時間帯がなければ、祝日は休みです。",
        "special": "時間帯のない日は臨時休業、時間帯のある日は臨時開設です。曜日や祝日より優先されます。",
    },
    Menu: {
        "no_key": "案内を流す回数だけ待っても、番号が押されないときの行き先です。",
        "language_prompt": "言語の付いた番号ごとに、その言語で流れます。言語の付いた番号がなければ、空欄にします。",
    },
    Translation: {"announcements": "ここにない案内文は、日本語で流れます。"},
    ServiceGoal: {"share": "0.8 は80%です。"},
    Voicebot: VOICEBOT_HINTS,
    Topic: TOPIC_HINTS,
    Link: LINK_HINTS,
    Queue: QUEUE_HINTS,
    Relaxation: {"level": "0 は、スキルを問いません。"},
    Overflow: {"after": "「待ち時間」と「受けられる人がいない」だけに書きます。"},
    OperatorSeat: {
        "id": "利用者IDと同じにします。",
        "skills": "レベルは1から9までで、9が最もよくできます。",
        "order": "窓口の選び方が「決めた順」のときの順番です。",
    },
    SupervisorSeat: {"id": "利用者IDと同じにします。"},
    Outgoing: OUTGOING_HINTS,
    Interpreter: {"numbers": "通訳センターの番号です。出なければ、次の番号を呼び出します。"},
    Purpose: {
        "shows": "選ばなければ、折り返しと同じ番号です。",
        "queue": "後処理と保留の決まりを使う窓口です。選ばなければ、その人の最初の窓口です。",
    },
}

CHOICES: Mapping[str, str] = {
    "longest_idle": "空いている時間が長い順",
    "fewest_calls": "応答件数が少ない順",
    "least_occupied": "稼働率が低い順",
    "in_order": "決めた順",
    "ring_all": "全員を同時に呼ぶ",
    "random": "無作為",
    "offered": "受付数に対し",
    "answered": "応答数に対し",
    "without_short": "短時間放棄を除く",
    "full": "満員のとき",
    "waited": "待ち時間が長いとき",
    "no_operator": "受けられる人がいないとき",
    "expected_wait": "予想待ち時間が長いとき",
    "closed": "受付休止のとき",
    "en": "英語",
    "zh": "中国語",
    "ko": "韓国語",
    "es": "スペイン語",
    "pt": "ポルトガル語",
    "vi": "ベトナム語",
    "tl": "タガログ語",
    "ja": "日本語",
    "desk": "電話機",
    "auto_answer": "電話機(画面の「応答」でも受ける)",
    "browser": "画面(ブラウザー)",
    "nothing": "表示するだけ",
    "ready": "受付可に戻す",
    "extension": "センターの内線番号だけ",
    "caller": "お客様の番号も",
    "logged_out": "ログアウトにする",
    "mon": "月曜日",
    "tue": "火曜日",
    "wed": "水曜日",
    "thu": "木曜日",
    "fri": "金曜日",
    "sat": "土曜日",
    "sun": "日曜日",
}
"""The words of closed sets of values; ``test_console_centre_form`` holds that there is one for each."""

KEYS: Mapping[tuple[type[BaseModel], str], tuple[str, str]] = {
    (Centre, "number_leads"): ("番号", "行き先"),
    (Centre, "pause_limits"): ("離席理由", "上限(秒)"),
    (Menu, "keys"): ("番号", "行き先"),
    (Queue, "keys"): ("番号", "行き先"),
    (Translation, "announcements"): ("案内文", "本文"),
    (OperatorSeat, "skills"): ("スキル", "レベル"),
    (OperatorSeat, "order"): ("窓口", "順番"),
}
"""What stands left and right in a table of pairs."""

ITEMS: Mapping[tuple[type[BaseModel], str], str] = {
    (Hours, "week"): "時間帯",
    (Hours, "holidays"): "時間帯",
    (Hours, "special"): "日",
    (SpecialDay, "periods"): "時間帯",
    (Centre, "numbers"): "番号",
    (Centre, "pause_reasons"): "理由",
    (Centre, "categories"): "分類",
    (Voicebot, "topics"): "用件",
    (Topic, "words"): "ことば",
    (Queue, "needs"): "スキル",
    (Queue, "overflow"): "条件",
    (Need, "relax"): "緩和",
    (Interpreter, "numbers"): "番号",
    (Outgoing, "never"): "番号の始まり",
    (Outgoing, "owns"): "番号",
    (Outgoing, "abroad"): "番号の始まり",
    (Outgoing, "purposes"): "目的",
}
"""What one of a list is called, on the button that adds one."""

REFERS: Mapping[tuple[type[BaseModel], str], str] = {
    (Centre, "entry"): "menus",
    (Centre, "number_leads"): "numbers",
    (Centre, "pause_limits"): "pause_reasons",
    (Menu, "prompt"): "announcements",
    (Menu, "wrong_key"): "announcements",
    (Voicebot, "prompt"): "announcements",
    (Voicebot, "menu"): "menus",
    (Voicebot, "queue"): "queues",
    (Topic, "tells"): "announcements",
    (Topic, "link"): "links",
    (Menu, "language_prompt"): "announcements",
    (Translation, "announcements"): "announcements",
    (Queue, "keys_prompt"): "announcements",
    (OperatorSeat, "queues"): "queues",
    (OperatorSeat, "order"): "queues",
    (Outgoing, "shows"): "owned",
    (Purpose, "shows"): "owned",
    (Purpose, "queue"): "queues",
}
"""Which part of the document a field, or the keys of a field, name something of."""

HIDDEN: frozenset[tuple[type[BaseModel], str]] = frozenset({(Queue, "closed")})
"""What no form changes: supervisors close and open queues on the wall."""

LONG: frozenset[tuple[type[BaseModel], str]] = frozenset(
    {(Centre, "announcements"), (Translation, "announcements"), (Phrase, "text"), (Link, "text")}
)
"""Texts of several lines."""


def label(model: type[BaseModel], name: str) -> str:
    """What the field is called; one without a word here goes by its name."""
    return LABELS.get(model, {}).get(name, name)


def hint(model: type[BaseModel], name: str) -> str:
    """What helps to fill it in, or ""."""
    return HINTS.get(model, {}).get(name, "")


def word(value: str) -> str:
    """One of a closed set in words."""
    return CHOICES.get(value, value)


def groups(names: Sequence[str], wanted: Sequence[tuple[str, Sequence[str]]]) -> list[tuple[str, list[str]]]:
    """``names`` under the headings of ``wanted``; what no heading names comes last."""
    placed = {name for _, group in wanted for name in group}
    rest = [name for name in names if name not in placed]
    found = [(title, [name for name in group if name in names]) for title, group in wanted]
    return [*((title, group) for title, group in found if group), *([("そのほか", rest)] if rest else [])]
