"""Where callers are led, as a tree and as a picture, and where each thing is used."""

import re
from pathlib import Path

from agent_console.centre.parts import BY_ID
from agent_console.centre.picture import FITS, MARGIN, fitted, picture
from agent_console.centre.tree import tree
from agent_console.centre.uses import SPOKEN, uses
from ivr.seed_file import load
from kernel import announcement
from kernel.centre import Centre

DOCUMENT = load(Path(__file__).parents[2] / "ivr/seeds/fujisawa.yaml").model_dump(mode="json")
SUB = {
    "prompt": "menu-main",
    "keys": {"9": {"menu": "main"}, "1": {"announcement": "congested"}, "*": {"message": "message-enquiries"}},
    "no_key": {"queue": "exchange"},
    "wrong_key": "wrong-key",
}


def with_sub_menu(**more):
    main = DOCUMENT["menus"]["main"]
    menus = {**DOCUMENT["menus"], "main": {**main, "keys": {**main["keys"], "3": {"menu": "sub"}}}, "sub": SUB}
    return Centre.model_validate({**DOCUMENT, "menus": menus, **more}).model_dump(mode="json")


def lines(node, depth=0):
    yield f"{'  ' * depth}{node.by + ': ' if node.by else ''}{node.label}"
    for child in node.children:
        yield from lines(child, depth + 1)


def test_ways_lead_from_the_numbers_to_their_ends_and_circles_end():
    numbers = {"numbers": ["0466251111", "0466501234"], "number_leads": {"0466501234": {"queue": "exchange"}}}
    assert list(lines(tree(with_sub_menu(**numbers)))) == [
        "藤沢市コールセンター",
        "  0466251111: メニュー main",
        "    1: 窓口 お問い合わせ",
        "      1: 折り返しを受け付ける",
        "      7: 伝言を受ける: お名前と、お電話番号と、ご用件を、発信音のあとに…",
        "      9: メニュー main(同上)",
        "    2: 窓口 電話交換",
        "    3: メニュー sub",
        "      1: 案内して終わる: お電話ありがとうございます。藤沢市コールセンター…",
        "      9: メニュー main(同上)",
        "      *: 伝言を受ける: お名前と、お電話番号と、ご用件を、発信音のあとに…",
        "      押さない: 窓口 電話交換",
        "    8 英語: メニュー languages",
        "      1 英語: 窓口 お問い合わせ(同上)",
        "      2 中国語: 窓口 お問い合わせ(同上)",
        "      3 韓国語: 窓口 お問い合わせ(同上)",
        "      4 スペイン語: 窓口 お問い合わせ(同上)",
        "      5 ポルトガル語: 窓口 お問い合わせ(同上)",
        "      9 日本語: メニュー main(同上)",
        "      押さない: 窓口 お問い合わせ(同上)",
        "    0: 窓口 お問い合わせ(同上)",
        "    押さない: 窓口 お問い合わせ(同上)",
        "  0466501234: 窓口 電話交換",
    ]


def with_rules(*rules):
    """The seed's document with rules of overflow in its second queue, perhaps one that no centre may have."""
    first, second = DOCUMENT["queues"]
    return {**DOCUMENT, "queues": [first, {**second, "overflow": rules}]}


def test_rules_of_a_queue_are_ways_too_and_what_is_lost_is_drawn():
    waited = {"when": "waited", "after": 300.0, "to": {"announcement": "congested"}}
    told = [line.strip() for line in lines(tree(with_rules(waited, {"when": "full", "to": {"queue": "gone"}})))]
    assert told[told.index("2: 窓口 電話交換") + 1 :][:2] == [
        "待ち時間が長い(300秒): 案内して終わる: お電話ありがとうございます。藤沢市コールセンター…",
        "満員: 窓口goneはありません",
    ]


def used(part, id):
    """Beside its own translations."""
    found = [(one.part.id, one.thing, one.place) for one in uses(DOCUMENT, BY_ID[part], id)]
    return [one for one in found if one[0] != "translations"]


def test_a_thing_says_where_it_is_used():
    serving = [one for one in DOCUMENT["operators"] if "exchange" in one["queues"]]
    assert used("queues", "exchange") == [
        ("menus", "main", "メニュー「main」の番号の「2」"),
        ("voicebots", "main", "音声応答「main」の担当者につなぐ窓口"),
        *(("operators", one["id"], f"オペレーター「{one['name']}」の担当する窓口") for one in serving),
    ]
    assert used("menus", "main") == [
        ("basics", "", "最初のメニュー"),
        ("menus", "languages", "メニュー「languages」の番号の「9」"),
        ("voicebots", "main", "音声応答「main」の番号でも選べるメニュー"),
        ("queues", "enquiries", "窓口「お問い合わせ」の待っている間の番号の「9」"),
    ]
    prompt, message = used("announcements", "waiting-keys"), used("announcements", "message-enquiries")
    assert prompt == [("queues", "enquiries", "窓口「お問い合わせ」の番号を知らせる案内文")]
    assert message == [("queues", "enquiries", "窓口「お問い合わせ」の待っている間の番号の「7」")]
    assert used("announcements", "closed") == []
    translated = uses(DOCUMENT, BY_ID["announcements"], "interpreter-rung")
    assert next((one.thing, one.place) for one in translated) == ("en", "言語「英語」の案内文の「interpreter-rung」")


def test_each_announcement_that_the_platform_speaks_itself_has_a_word_for_when():
    spoken = announcement.USED.keys() | announcement.OPTIONAL.keys() | announcement.FOR_VOICEBOTS.keys()
    needed = announcement.FOR_CALLBACKS | announcement.FOR_MESSAGES | announcement.FOR_TELLING
    by_sms = announcement.FOR_LINKS | announcement.FOR_LINK_KEYS
    assert spoken | needed | by_sms == SPOKEN.keys()


def count(node):
    return 1 + sum(count(child) for child in node.children)


def test_every_node_is_a_box_no_two_overlap_and_all_lie_inside_the_picture():
    root = tree(with_sub_menu())
    drawn = picture(root)
    assert (len(drawn.boxes), len(drawn.ways)) == (count(root), count(root) - 1)
    assert len({(box.x, box.y) for box in drawn.boxes}) == len(drawn.boxes)
    for one in drawn.boxes:
        assert MARGIN <= one.x <= drawn.width - drawn.box_width - MARGIN
        assert MARGIN <= one.y <= drawn.height - drawn.box_height - MARGIN
        assert all(
            other is one or other.x != one.x or abs(other.y - one.y) >= drawn.box_height for other in drawn.boxes
        )


def test_each_way_ends_at_the_middle_of_a_box():
    drawn = picture(tree(with_sub_menu()))
    ends = {(box.x, box.y + drawn.box_height // 2) for box in drawn.boxes}
    for way in drawn.ways:
        _, y, x = re.fullmatch(r"M(\d+) \d+H\d+V(\d+)H(\d+)", way.path).groups()
        assert (int(x), int(y)) in ends


def test_a_text_is_cut_to_what_fits_a_japanese_letter_counting_twice():
    assert fitted("窓口 お問い合わせ", FITS) == "窓口 お問い合わせ"
    assert fitted("あ" * 14, 26) == "あ" * 12 + "…"
    assert fitted("a" * 27, 26) == "a" * 25 + "…"
