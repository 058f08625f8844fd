"""Differences between two versions of the centre's document in words."""

import pytest

from agent_console.centre.changes import changes
from tests.support.centre_document import DOCUMENT, changed, menu, queue


def test_nothing_is_said_of_what_is_equal():
    assert changes(DOCUMENT, changed()) == []


@pytest.mark.parametrize(
    ("parts", "lines"),
    [
        ({"queues": queue("exchange", priority=5)}, ["窓口「電話交換」の優先度 0 → 5"]),
        (
            {"queues": queue("exchange", aging_seconds=None)},
            ["窓口「電話交換」の優先度が1上がる待ち時間(秒) 60 → なし"],
        ),
        ({"queues": queue("exchange", label="交換")}, ["窓口「電話交換」の名称 電話交換 → 交換"]),
        (
            {"queues": queue("exchange", strategy="ring_all")},
            ["窓口「電話交換」の呼び出す人の選び方 空いている時間が長い順 → 全員を同時に呼ぶ"],
        ),
        (
            {"queues": queue("exchange", goal={"of": "answered", "share": 0.9})},
            ["窓口「電話交換」の目標の数え方 受付数に対し → 応答数に対し", "窓口「電話交換」の目標の割合 0.8 → 0.9"],
        ),
        (
            {"queues": queue("exchange", overflow=[{"when": "waited", "after": 300, "to": {"menu": "main"}}])},
            [
                "窓口「電話交換」の待てないときの行き先に追加: "
                "条件 待ち時間が長いとき、秒数 300、行き先 メニューへ「main」"
            ],
        ),
        (
            {"queues": queue("exchange", closed={"by": "mori", "at": "2026-11-24T03:00:00Z"})},
            ["窓口「電話交換」の受付を休止"],
        ),
        ({"queues": DOCUMENT["queues"][::-1]}, ["窓口の順序を変更: 電話交換、お問い合わせ"]),
        (
            {"menus": menu(keys={**DOCUMENT["menus"]["main"]["keys"], "5": {"queue": "exchange"}})},
            ["メニュー「main」の番号「5」を追加: 窓口へ「電話交換(exchange)」"],
        ),
        (
            {"menus": menu(keys={"1": {"queue": "enquiries"}, "2": {"announcement": "congested"}})},
            [
                "メニュー「main」の番号「2」 窓口へ「電話交換(exchange)」 → "
                "案内を流して終わる「congested: お電話ありがとうございます。藤沢市コールセンター…」",
                "メニュー「main」の番号「3」を削除(音声応答へ「main」)",
                "メニュー「main」の番号「8」を削除(メニューへ「languages」(英語))",
                "メニュー「main」の番号「0」を削除(窓口へ「お問い合わせ(enquiries)」)",
                "メニュー「main」の言語の番号の案内文 other-languages → なし",
            ],
        ),
        (
            {"announcements": {**DOCUMENT["announcements"], "welcome": "ようこそ。"}},
            ["案内文「welcome」 「お電話ありがとうございます。藤沢市コールセンターです。」 → 「ようこそ。」"],
        ),
        ({"announcements": {**DOCUMENT["announcements"], "fire": "火災です。"}}, ["案内文「fire」を追加: 火災です。"]),
        (
            {"operators": [{**DOCUMENT["operators"][0], "queues": ["exchange"]}, *DOCUMENT["operators"][1:]]},
            ["オペレーター「佐藤」の担当する窓口 お問い合わせ(enquiries)、電話交換(exchange) → 電話交換(exchange)"],
        ),
        ({"operators": DOCUMENT["operators"][1:]}, ["オペレーター「佐藤」を削除"]),
        (
            {
                "hours": {
                    **DOCUMENT["hours"],
                    "week": {**DOCUMENT["hours"]["week"], "sat": [{"opens": "09:00", "closes": "00:00"}]},
                }
            },
            ["受付時間の毎週の土曜日 なし → 09:00–00:00"],
        ),
        (
            {"hours": {**DOCUMENT["hours"], "special": DOCUMENT["hours"]["special"][1:]}},
            ["受付時間の臨時休業・臨時開設から削除: 日付 2026-12-29、理由 年末休業"],
        ),
        ({"categories": ["税", *DOCUMENT["categories"][2:]]}, ["分類から削除: 届出・証明"]),
        ({"pause_limits": {"休憩": 900}}, ["離席の上限(秒)「休憩」を追加: 900"]),
        ({"name": "新センター"}, ["名称 藤沢市コールセンター → 新センター"]),
    ],
)
def test_each_change_is_one_line(parts, lines):
    assert changes(DOCUMENT, changed(**parts)) == lines


def test_a_thing_that_was_renamed_goes_by_its_old_name_in_what_was_and_its_new_one_in_what_is():
    both = changed(
        queues=queue("exchange", label="交換"),
        operators=[{**DOCUMENT["operators"][0], "queues": ["exchange"]}, *DOCUMENT["operators"][1:]],
    )
    assert changes(DOCUMENT, both)[1].endswith("電話交換(exchange) → 交換(exchange)")
