"""What is wrong with the centre's document, in the words of administrators."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent_console.centre.problems import checked, elsewhere, in_words
from ivr.seed_file import SeedError, parse, written
from kernel.centre import Centre
from tests.support.centre_document import DOCUMENT, SEED_FILE, changed, menu, queue

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


def wrong(**parts):
    """Place in words and problem of all that is wrong."""
    document = {**DOCUMENT, **parts}
    centre, problems = checked(document)
    assert centre is None
    return {one.place: one.problem for one in elsewhere(document, problems, set())}


@pytest.mark.parametrize(
    ("parts", "place", "problem"),
    [
        ({"entry": "nowhere"}, "最初のメニュー", "メニュー「nowhere」はありません。"),
        ({"queues": DOCUMENT["queues"][:1]}, "メニュー「main」の番号の「2」", "窓口「exchange」はありません。"),
        (
            {"queues": queue("exchange", keys={"1": {"menu": "main"}})},
            "窓口「電話交換」",
            "待っている間の番号と、それを知らせる案内文は、両方を書くか、どちらも書かないでください。",
        ),
        (
            {"queues": queue("exchange", overflow=[{"when": "full", "to": {"queue": "exchange"}}])},
            "窓口「電話交換」の待てないときの行き先",
            "あふれた電話が、この窓口(exchange)に戻ってきます。別の行き先にしてください。",
        ),
        (
            {"queues": queue("exchange", overflow=[{"when": "waited", "to": {"menu": "main"}}])},
            "窓口「電話交換」の待てないときの行き先の1番目",
            "「待ち時間が長いとき」には、秒数を入力してください。",
        ),
        (
            {"menus": menu(no_key={"menu": "main"})},
            "メニュー「main」の何も押さないとき",
            "何も押さない人が main -> main を回り続けます。窓口か案内文へ進めてください。",
        ),
        ({"menus": menu(no_key={})}, "メニュー「main」の何も押さないとき", "行き先を1つ選んでください。"),
        (
            {"menus": menu(no_key={"callback": True})},
            "メニュー「main」の何も押さないとき",
            "折り返しは、窓口の番号でだけ受け付けられます。ここでは窓口へ進めてください。",
        ),
        (
            {"menus": menu(no_key={"link": "hours"})},
            "メニュー「main」の何も押さないとき",
            "SMSのリンクは、番号を押したお客様にだけ送れます。番号に付けるか、音声応答の用件に付けてください。",
        ),
        (
            {"announcements": {id: text for id, text in DOCUMENT["announcements"].items() if id != "sms-offer"}},
            "案内文「sms-offer」",
            "この案内文は、SMSのリンクを送るのに必要です。先に案内文を追加してください。",
        ),
        (
            {"links": [{**DOCUMENT["links"][0], "text": "アドレスなし"}, DOCUMENT["links"][1]]},
            "リンク「受付時間」の本文",
            "本文に https:// で始まるアドレスを入れてください。",
        ),
        ({"menus": menu(tries=9)}, "メニュー「main」の案内を流す回数", "5以下の数を入力してください。"),
        ({"menus": menu(wait_seconds="long")}, "メニュー「main」の番号を待つ秒数", "数を入力してください。"),
        (
            {"menus": menu(prompt="")},
            "メニュー「main」の案内文",
            "空欄です。入力するか、選んでください。",
        ),
        (
            {"announcements": {**DOCUMENT["announcements"], "welcome": "{name}さん"}},
            "案内文「welcome」",
            "{name} は、この案内文では使えません。削除してください。",
        ),
        (
            {"announcements": {**DOCUMENT["announcements"], "position": "お待ちください"}},
            "案内文「position」",
            "本文に {position} を入れてください。",
        ),
        (
            {"announcements": {**DOCUMENT["announcements"], "welcome": "}{"}},
            "案内文「welcome」",
            "波括弧は {position} のように、決まったことばを囲むときだけ使えます。",
        ),
        (
            {"announcements": {id: text for id, text in DOCUMENT["announcements"].items() if id != "closed"}},
            "案内文「closed」",
            "この案内文はいつも使われるため、なくせません。",
        ),
        (
            {"announcements": {id: text for id, text in DOCUMENT["announcements"].items() if id != "message-thanks"}},
            "案内文「message-thanks」",
            "この案内文は、伝言を受けるのに必要です。先に案内文を追加してください。",
        ),
        (
            {"operators": [*DOCUMENT["operators"], DOCUMENT["operators"][0]]},
            "オペレーター「佐藤」のID",
            "「sato」は、すでに使われています。",
        ),
        (
            {"operators": [{**DOCUMENT["operators"][0], "extension": "x"}]},
            "オペレーター「佐藤」の内線番号",
            "内線番号は、2桁から8桁の数字で入力してください。",
        ),
        (
            {"hours": {"week": {"mon": [{"opens": "17:00", "closes": "08:30"}]}}},
            "受付時間の毎週の月曜日の1番目",
            "終了(08:30)は、開始(17:00)より後にしてください。",
        ),
        (
            {"hours": {"week": {"mon": ["08:00-12:00", "11:00-13:00"]}}},
            "受付時間の毎週の月曜日",
            "11:00から、2つの時間帯が重なっています。",
        ),
        (
            {"hours": {"week": {"mon": [{"opens": "8", "closes": "17:00"}]}}},
            "受付時間の毎週の月曜日の1番目の開始",
            "時刻は 08:30 のように入力してください。",
        ),
        (
            {"hours": {"week": {}, "special": [{"date": "12/29"}]}},
            "受付時間の臨時休業・臨時開設の1番目の日付",
            "日付は 2026-12-29 のように入力してください。",
        ),
        ({"numbers": []}, "代表電話などの番号", "1つ以上入力してください。"),
        (
            {"numbers": ["0466-25-1111"]},
            "代表電話などの番号の1番目",
            "番号は、0から始まる9桁から11桁の数字で、ハイフンなしで入力してください。",
        ),
        (
            {"outgoing": {"purposes": [{"id": "a", "label": "照会", "queue": "gone"}]}},
            "発信の発信目的の1番目の窓口",
            "窓口「gone」はありません。",
        ),
        (
            {"outgoing": {"purposes": [{"id": "a", "label": "照会"}, {"id": "a", "label": "連絡"}]}},
            "発信の発信目的の2番目のID",
            "「a」は、すでに使われています。",
        ),
        (
            {"outgoing": {"abroad": ["+81"]}},
            "発信のかけてよい外国の番号の始まりの1番目",
            "外国の番号の始まりは、+1 のように入力してください(+81 は日本です)。",
        ),
        (
            {"outgoing": {"shows": "0466999999"}},
            "発信の相手に表示する番号",
            "0466999999 は、このセンターの番号ではありません。",
        ),
        (
            {"outgoing": {"never": ["x"]}},
            "発信のかけない番号の始まりの1番目",
            "番号の始まりは、0から始まる数字で入力してください。",
        ),
        ({"categories": ["長" * 33]}, "分類の1番目", "32文字以内で入力してください。"),
        ({"after_pause_limit": "dance"}, "上限を超えたとき", "選んでください。"),
    ],
)
def test_each_problem_has_its_place_and_its_words(parts, place, problem):
    assert wrong(**parts)[place] == problem


def test_all_problems_are_told_at_once_with_the_pages_that_mend_them():
    document = {**DOCUMENT, "queues": DOCUMENT["queues"][:1], "entry": "x"}
    _, problems = checked(document)
    told = elsewhere(document, problems, {("entry",)})
    assert {(one.part.id, one.thing) for one in told} == {
        ("menus", "main"),
        ("voicebots", "main"),
        ("operators", "sato"),
        ("operators", "suzuki"),
        ("operators", "takahashi"),
    } & {(one.part.id, one.thing) for one in told}
    assert {one.part.id for one in told} == {"menus", "voicebots", "operators"}


def test_a_message_without_words_is_shown_as_it_came():
    assert in_words("Value error, the moon is full") == "the moon is full"


def test_mistakes_in_a_file_are_told_in_words_with_their_lines():
    text = SEED_FILE.read_text().replace("    tries: 2", "    tries: 9\n    trys: 1").replace("entry: main", "entry: x")
    with pytest.raises(SeedError) as refused:
        parse(Path("file"), text.encode())
    told = [(one.path, in_words(one.message)) for one in refused.value.problems]
    assert told == [
        ("entry", "メニュー「x」はありません。"),
        ("menus.main.tries", "5以下の数を入力してください。"),
        ("menus.main.trys", "知らない項目です。tries のことですか。"),
    ]


def test_a_version_that_is_saved_as_a_file_comes_back_as_it_was():
    rich = Centre.model_validate(
        changed(queues=queue("exchange", closed={"by": "mori", "at": NOW}, aging_seconds=None))
    )
    assert parse(Path("file"), written(rich).encode()) == rich
    assert parse(Path("file"), rich.model_dump_json(indent=1).encode()) == rich
