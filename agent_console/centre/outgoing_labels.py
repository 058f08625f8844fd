"""The words of what holds for calls that the centre makes. Pure."""

from __future__ import annotations

from collections.abc import Mapping

OUTGOING: Mapping[str, str] = {
    "shows": "相手に表示する番号",
    "owns": "表示だけに使う番号",
    "never": "かけない番号の始まり",
    "abroad": "かけてよい外国の番号の始まり",
    "purposes": "発信目的",
    "a_day": "1日の発信の上限(全員)",
    "a_day_each": "1日の発信の上限(1人)",
    "ring_seconds": "呼び出し秒数",
    "internal_extension": "庁内に表示するセンターの内線番号",
    "attended_shows": "相談転送で庁内に表示するもの",
    "hand_over_seconds": "庁内を呼び出す秒数",
}

OUTGOING_HINTS: Mapping[str, str] = {
    "shows": "選ばなければ、最初の番号です。",
    "owns": "かかってこない番号(050、0120 など)で、センターのものです。",
    "never": "有料の番号などの、最初の数字です。",
    "abroad": "+1 のように書きます。なければ、外国にはかけません。",
    "internal_extension": "庁内の交換機での、センターの番号です。",
    "attended_shows": "非通知のお客様の番号は、表示しません。",
    "hand_over_seconds": "内線転送と相談転送で、応答を待つ秒数です。",
}
