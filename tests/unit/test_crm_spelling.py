"""One spelling for what people write in many."""

import jaconv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.spelling import kanji_number, spell_address, spell_email, spell_name

KANJI = "〇一二三四五六七八九"
BLOCKS = st.integers(1, 199)


def in_kanji(number: int) -> str:
    """123 as 百二十三."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    parts = [(hundreds, "百"), (tens, "十")]
    return "".join(("" if one == 1 else KANJI[one]) + unit for one, unit in parts if one) + (
        KANJI[ones] if ones else ""
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ジョー", "ｼﾞｮ-"),
        ("髙橋 恵", "高橋惠"),
        ("齋藤", "斎藤"),
        ("ﾌｼﾞｻﾜ ﾀﾛｳ", "ふじさわたろう"),
        ("Ｓｍｉｔｈ　Ｊｏｈｎ", "smith john"),
    ],
)
def test_a_name_has_one_spelling(one, other):
    assert spell_name(one) == spell_name(other)


@pytest.mark.parametrize(
    "other",
    [
        "神奈川県藤沢市鵠沼海岸2-12-3",
        "藤沢市鵠沼海岸２ー１２ー３",
        "藤沢市鵠沼海岸２−１２−３",
        "藤沢市鵠沼海岸2〜12〜3",
        "藤沢市 鵠沼海岸 2丁目12番3号",
        "藤沢市鵠沼海岸二丁目十二番地の三",
        "藤沢市鵠沼海岸二丁目12番地3",
    ],
)
def test_an_address_has_one_spelling(other):
    assert spell_address(other) == "藤沢市鵠沼海岸2-12-3"


def test_a_room_is_apart_from_the_house_and_a_long_vowel_is_no_hyphen():
    assert (
        spell_address("藤沢市辻堂1-2 ３０５号室")
        == spell_address("藤沢市辻堂1-2-305")
        != spell_address("藤沢市辻堂1-2305")
    )
    assert spell_address("藤沢市辻堂1-2 湘南タワー5") == "藤沢市辻堂1-2湘南たわー5"


@pytest.mark.parametrize("name", ["一番町", "八丁堀", "三田", "十日市場町"])
def test_kanji_that_are_a_names_own_stay_apart_from_other_names(name):
    assert spell_address(f"{name}1-1") != spell_address("1-1")
    assert spell_address(f"{name}1-1") == spell_address(f"{name}一丁目1番")


@given(st.integers(1, 199))
def test_every_kanji_number_is_read(number):
    assert kanji_number(in_kanji(number)) == number
    assert kanji_number("".join(KANJI[int(digit)] for digit in str(number))) == number


@given(BLOCKS, BLOCKS, BLOCKS)
def test_all_ways_to_write_three_blocks_are_one_address_and_no_other(block, lot, house):
    plain = f"藤沢市辻堂{block}-{lot}-{house}"
    ways = [
        f"藤沢市辻堂{block}丁目{lot}番{house}号",
        f"藤沢市辻堂{in_kanji(block)}丁目{in_kanji(lot)}番地の{house}",
        jaconv.h2z(plain, ascii=True, digit=True),
        plain.replace("-", "ー"),
    ]
    assert {spell_address(way) for way in ways} == {plain}
    assert spell_address(f"藤沢市辻堂{block}-{lot}-{house + 1}") != plain


@given(st.text(alphabet="ぁあいうえおかがきぎくぱぴんっゃゅょー ", max_size=12))
def test_kana_of_both_kinds_and_widths_are_one_name(text):
    katakana = jaconv.hira2kata(text)
    assert spell_name(text) == spell_name(katakana) == spell_name(jaconv.z2h(katakana, kana=True))


@given(st.text(alphabet="藤沢市町丁目番地号室の県-－ー一二十百1２ 　ｶﾞA＠"))
def test_what_is_spelt_again_stays(text):
    for spell in (spell_name, spell_address, spell_email):
        assert spell(spell(text)) == spell(text)


@given(st.text())
def test_any_text_has_a_spelling(text):
    for spell in (spell_name, spell_address, spell_email):
        assert not set(spell(text)) & set(" \t\n　")
