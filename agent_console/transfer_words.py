"""The Japanese words of transfers to the city's extensions."""

from __future__ import annotations

from collections.abc import Mapping

from agent_console.words import LANGUAGES
from kernel.events import Event, EventKind
from kernel.transfer import Step, Transfer

STEPS: Mapping[Step, str] = {
    Step.RINGING: "呼出中",
    Step.TALKING: "転送先と通話中(お客様は保留)",
    Step.SWAPPED: "お客様と通話中(転送先は保留)",
    Step.THREE: "三者通話中",
    Step.COMPLETING: "転送しています",
    Step.BLIND: "呼出中",
    Step.COMPLETED: "お客様と転送先が通話中",
    Step.RETURNED: "転送から戻りました",
}

REASONS: Mapping[str, str] = {
    "busy": "話中",
    "no_answer": "応答なし",
    "declined": "拒否",
    "unreachable": "不通",
    "no_such_number": "番号なし",
    "no_reply": "不通(交換機の返答なし)",
    "trunk_full": "不通(回線がすべて使用中)",
    "hung_up": "転送先が切断",
    "limit": "保留時間の上限",
    "operator_lost": "画面の電話が切断",
    "cancelled": "取消",
    "failed": "障害",
}
"""Why a transfer came to nothing."""


INTERPRETING: Mapping[Step, str] = {
    Step.RINGING: "呼出中",
    Step.TALKING: "通訳と通話中(お客様は保留)",
    Step.SWAPPED: "お客様と通話中(通訳は保留)",
    Step.THREE: "三者通話中",
}


def step_words(transfer: Transfer) -> str:
    """Where it is, of a transfer or of a talk with an interpreter."""
    known = INTERPRETING if transfer.language else STEPS
    return known.get(transfer.step, STEPS[transfer.step])


def reason(code: object) -> str:
    """A reason without words here is shown as it came."""
    return REASONS.get(str(code), str(code))


def came_to_nothing(event: Event) -> str:
    """What the operator is told of a transfer that failed, and where the caller is now."""
    language = event.data.get("language")
    whom = f"{LANGUAGES.get(str(language), language)}の通訳" if language else f"内線{event.data.get('extension')}"
    what = f"{whom}: {reason(event.data.get('reason') or event.data.get('why') or 'failed')}。"
    if event.kind is EventKind.CONSULT_ENDED:
        return f"{what}お客様との通話に戻りました。"
    mine = event.data.get("to") == "operator"
    return f"{what}お客様は{'あなたに戻ります。' if mine else '待ち行列に戻りました。'}"
