import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.announcement import BadPlaceholder, check, fill, placeholders


def test_the_place_in_the_queue_is_filled_in():
    assert fill("現在、{position}番目です。", position=3) == "現在、3番目です。"


def test_a_text_with_nothing_to_fill_in_stays_as_it_is():
    assert fill("お待ちください。") == "お待ちください。"


def test_a_value_that_nobody_gives_is_named():
    with pytest.raises(BadPlaceholder, match=r"no value for \{name\}"):
        fill("{name}様", position=3)


@pytest.mark.parametrize(
    "text", ["{", "}", "{}", "{position", "{position.__class__}", "{0}", "{position!r}", "{{position}}"]
)
def test_any_other_brace_is_refused_so_that_a_text_reaches_nothing_but_its_values(text):
    with pytest.raises(BadPlaceholder):
        fill(text, position=3)


def test_a_value_is_text_and_is_not_searched_for_places():
    assert fill("{position}", position="{position}") == "{position}"


def test_an_announcement_must_name_what_the_platform_fills_in_and_nothing_else():
    check("position", "{position}番目です。")
    with pytest.raises(BadPlaceholder, match="must contain"):
        check("position", "お待ちください。")
    with pytest.raises(BadPlaceholder, match="take it out"):
        check("welcome", "{position}番目です。")


@given(st.text(st.characters(exclude_characters="{}")), st.text(st.characters(exclude_characters="{}")), st.integers())
def test_what_stands_around_a_place_is_kept(before, after, place):
    text = f"{before}{{position}}{after}"
    assert placeholders(text) == {"position"}
    assert fill(text, position=place) == f"{before}{place}{after}"
