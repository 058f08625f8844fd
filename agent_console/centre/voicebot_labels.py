"""The words of a voicebot's fields, and of the links that are sent by SMS. Pure."""

from __future__ import annotations

from collections.abc import Mapping

VOICEBOT: Mapping[str, str] = {
    "prompt": "はじめの質問",
    "menu": "番号でも選べるメニュー",
    "queue": "担当者につなぐ窓口",
    "sure": "確認せずにつなぐ確からしさ",
    "fair": "確認してつなぐ確からしさ",
    "tries": "聞き取れないときに聞く回数",
    "turns": "やりとりの上限(回)",
    "silence_seconds": "返事を待つ秒数",
    "backchannel_seconds": "相づちとみなす話の長さ(秒)",
    "departments": "内線番号表の課につなぐ",
    "topics": "そのほかの用件",
}

VOICEBOT_HINTS: Mapping[str, str] = {
    "menu": "話している間も、このメニューの番号が使えます。音声を聞き取れないときは、このメニューに替わります。",
    "sure": "0.85 は、100回のうち85回は正しい、という確からしさです。",
    "fair": "これより確かでなければ、もう一度聞きます。",
    "backchannel_seconds": "これより短い「はい」などのあとは、すぐに案内の続きをお伝えします。",
    "departments": "課を表すことばは、内線番号表の別名と用件です。",
}

TOPIC: Mapping[str, str] = {
    "id": "ID",
    "label": "名称",
    "reading": "よみ",
    "words": "お客様のことば",
    "tells": "答える案内文",
    "lead": "つなぐ先",
    "link": "SMSで送るリンク",
}

TOPIC_HINTS: Mapping[str, str] = {
    "reading": "名称の読み上げを直すときに書きます。",
    "tells": "答える案内文か、つなぐ先の、どちらかを選びます。",
    "link": "答えたあとに、SMSで送ってよいかを聞きます(番号を通知した携帯電話だけ)。",
}

LINK: Mapping[str, str] = {"id": "ID", "label": "名称", "text": "本文"}

LINK_HINTS: Mapping[str, str] = {
    "label": "オペレーターが選ぶときの名前です。",
    "text": "送る文章の全部です。はじめに市の名前を、続けて https:// で始まるアドレスを書きます。",
}
