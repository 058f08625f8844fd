import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.phone_number import WITHHELD, BadNumber, PhoneNumber, from_caller_id, normalise

SPELLINGS = [
    "0466251111",
    "0466-25-1111",
    "0466 25 1111",
    "(0466) 25-1111",
    "０４６６－２５－１１１１",
    "0466‐25‐1111",
    "0466ー25ー1111",
    "+81466251111",
    "+81-466-25-1111",
    "+81 (0)466 25 1111",
    "＋８１４６６２５１１１１",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_however_a_number_is_written_it_is_the_same_number(spelling):
    assert normalise(spelling) == PhoneNumber("0466251111")


def test_a_foreign_number_keeps_its_plus():
    assert normalise("+1 (212) 555-0100") == PhoneNumber("+12125550100")


@pytest.mark.parametrize(
    "text", ["", "-", "+", "1", "0466-25-111a", "1" * 16, "sip:0466251111", "०४६६", "++81466251111"]
)
def test_what_is_no_number_is_refused_without_being_repeated(text):
    with pytest.raises(BadNumber) as refused:
        normalise(text)
    assert len(text) < 4 or text not in str(refused.value)


@pytest.mark.parametrize("text", [None, "", " ", "anonymous", "Anonymous", "Restricted", "unknown", "not a number"])
def test_a_caller_who_withholds_the_number_has_none(text):
    assert from_caller_id(text) is None


def test_every_word_for_withheld_is_understood_in_any_case():
    assert {from_caller_id(word.upper()) for word in WITHHELD} == {None}


def test_a_caller_id_is_read_as_a_number():
    assert from_caller_id("+819012345678") == PhoneNumber("09012345678")


digits = st.text("0123456789", min_size=9, max_size=15)


@given(digits)
def test_no_way_of_printing_a_number_shows_more_than_its_last_two_digits(number):
    printed = f"{PhoneNumber(number)} {PhoneNumber(number)!r} {[PhoneNumber(number)]} {'%s' % PhoneNumber(number)}"  # noqa: UP031
    assert not any(number[at : at + 3] in printed for at in range(len(number) - 2))


@given(st.text())
def test_whatever_a_trunk_sends_the_caller_is_a_number_or_nobody(text):
    found = from_caller_id(text)
    assert found is None or (found.digits.removeprefix("+").isdigit() and found.digits.isascii())


@given(digits.map(lambda number: "0" + number[1:]))
def test_a_normalised_number_is_normalised(number):
    assert normalise(normalise(number).digits) == normalise(number)
