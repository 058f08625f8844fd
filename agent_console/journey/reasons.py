"""Why somebody was not reached, and why a caller has no number, in words."""

from __future__ import annotations

from collections.abc import Mapping

REASONS: Mapping[str, str] = {
    "no_answer": "呼び出し時間内に応答がありませんでした",
    "busy": "話し中でした",
    "declined": "電話機で拒否されました",
    "rejected": "電話機で拒否されました",
    "unreachable": "不通でした(電話機または回線につながりません)",
    "no_such_number": "その番号はありませんでした",
    "no_reply": "相手の交換機から何の返事もなく、時間切れになりました",
    "trunk_full": "回線がすべて使用中のため、かけられませんでした",
    "emergency": "110・118・119はこの回線からかけられません。お手元の固定電話か携帯電話からおかけください",
    "hung_up": "つながる直前に切られました",
    "operator_left": "オペレーターが切りました",
}

NO_NUMBER: Mapping[str, str] = {"payphone": "公衆電話から", "unavailable": "番号の表示圏外から"}
