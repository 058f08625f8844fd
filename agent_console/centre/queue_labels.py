"""The words of a queue's many fields. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

QUEUE: Mapping[str, str] = {
    "id": "ID",
    "label": "名称",
    "target_seconds": "目標の待ち時間(秒)",
    "short_abandon_seconds": "短時間放棄とみなす秒数",
    "goal": "目標",
    "ring_seconds": "呼び出し秒数",
    "wrap_up_seconds": "後処理の秒数",
    "wrap_up_extension_seconds": "後処理を1回に延ばす秒数",
    "wrap_up_extensions": "後処理を延ばせる回数",
    "hold_limit_seconds": "保留の上限(秒)",
    "return_seconds": "画面が切れたときに待つ秒数",
    "announce_every_seconds": "待ち順の案内の間隔(秒)",
    "limit": "待てる件数",
    "expected_wait_limit_seconds": "予想待ち時間の上限(秒)",
    "strategy": "呼び出す人の選び方",
    "priority": "優先度",
    "aging_seconds": "優先度が1上がる待ち時間(秒)",
    "needs": "必要なスキル",
    "last_operator_seconds": "前回の担当者だけを待つ秒数",
    "overflow": "待てないときの行き先",
    "closed": "受付休止",
    "keys": "待っている間の番号",
    "keys_prompt": "番号を知らせる案内文",
    "callback": "折り返し",
    "message_seconds": "伝言の長さ(秒)",
}

QUEUE_HINTS: Mapping[str, str] = {
    "target_seconds": "これより長く待つと、目標超過と数えます。",
    "wrap_up_seconds": "空欄は、終わるまで。0 は、後処理なし。",
    "priority": "大きいほど先につながります(-100 から 100)。",
    "aging_seconds": "空欄は、待っても上がりません。",
    "expected_wait_limit_seconds": "空欄は、上限なし。",
    "needs": "待ち時間による緩和は、秒数の順に、レベルを下げて書きます。",
    "keys": "番号と、それを知らせる案内文は、必ず両方を書きます。",
    "last_operator_seconds": "0 は、待ちません。",
}

GROUPS: Sequence[tuple[str, Sequence[str]]] = (
    ("窓口", ("id", "label", "strategy", "priority", "ring_seconds", "wrap_up_seconds")),
    ("目標", ("target_seconds", "goal", "short_abandon_seconds")),
    ("だれにつなぐか", ("needs", "last_operator_seconds", "aging_seconds")),
    ("待ち", ("limit", "expected_wait_limit_seconds", "announce_every_seconds", "overflow")),
    ("待っている間の操作", ("keys", "keys_prompt", "callback", "message_seconds")),
    (
        "後処理・保留・画面の電話",
        ("wrap_up_extension_seconds", "wrap_up_extensions", "hold_limit_seconds", "return_seconds"),
    ),
)
"""Under which headings they stand."""
