"""What counts as the same name, address, e-mail or number; and that a fingerprint needs its key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.fingerprint import Fingerprints
from crm.keyring import Keyring
from crm.spelling import spell_address, spell_email, spell_name
from kernel.case import Citizen
from kernel.phone_number import PhoneNumber, normalise

KEYRING = Keyring.new()
MARKS = Fingerprints(KEYRING)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("藤沢 太郎", "藤沢　太郎"),
        ("ﾌｼﾞｻﾜ ﾀﾛｳ", "フジサワタロウ"),
        ("ふじさわ たろう", "フジサワ　タロウ"),
        ("Ｓｍｉｔｈ　Ｊｏｈｎ", "smith john"),
    ],
)
def test_a_name_is_the_same_however_it_is_written(one, other):
    assert MARKS.of("name", one) == MARKS.of("name", other)


@pytest.mark.parametrize(
    "other",
    ["藤沢市朝日町１－１", "藤沢市朝日町1‐1", "藤沢市朝日町 1番地の1", "藤沢市朝日町1番1号", "藤沢市朝日町一丁目1番地"],
)
def test_an_address_is_the_same_however_its_blocks_are_written(other):
    assert MARKS.of("address", other) == MARKS.of("address", "藤沢市朝日町1-1")


@pytest.mark.parametrize("other", ["藤沢市朝日町11", "藤沢市朝日町1-2", "藤沢市朝日町1-1-1"])
def test_another_block_is_another_address(other):
    assert MARKS.of("address", other) != MARKS.of("address", "藤沢市朝日町1-1")


def test_an_e_mail_address_is_the_same_in_any_case_and_width():
    assert MARKS.of("email", " Taro＠Example.JP ") == MARKS.of("email", "taro@example.jp")


def test_a_number_is_the_same_with_hyphens_and_from_abroad():
    assert MARKS.of_number(normalise("090-1234-5678")) == MARKS.of_number(normalise("+81 90 1234 5678"))


def test_what_is_empty_equals_nothing():
    assert set(MARKS.of_citizen(Citizen(name=" 　 ")).values()) == {None}


def test_the_same_text_in_two_fields_has_two_fingerprints():
    assert MARKS.of("name", "taro") != MARKS.of("email", "taro")


def test_without_the_key_nobody_can_make_a_numbers_fingerprint():
    number = PhoneNumber("09012345678")
    assert Fingerprints(Keyring.new()).of_number(number) != MARKS.of_number(number)
    assert Fingerprints(KEYRING.extended().with_newest_current()).of_number(number) == MARKS.of_number(number)


@given(st.text(alphabet="藤沢太郎あがぱアガパｱｶﾞﾊﾟーｰaAＡ1１@＠.　 "))
def test_a_spelling_stays_when_it_is_spelt_again(text):
    for spell in (spell_name, spell_email):
        assert spell(spell(text)) == spell(text)


@given(st.text(alphabet="藤沢市町丁目番地号の-－ー一二1２ "))
def test_an_address_of_any_text_has_a_spelling(text):
    assert " " not in spell_address(text)
