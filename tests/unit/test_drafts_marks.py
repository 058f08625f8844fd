"""What is pointed out in a talk: names, numbers, what it is about. Pure."""

from __future__ import annotations

import pytest

from ivr.drafting.marks import marked
from ivr.drafting.proposal import Topics, drafted
from ivr.understanding.lexicon import Lexicon, Subject
from ivr.understanding.understanding import Understanding
from kernel.talk_draft import MarkKind, Side, Spoken

CITIZEN, OPERATOR, UNKNOWN = Side.CITIZEN, Side.OPERATOR, Side.UNKNOWN
SUBJECTS = (
    Subject("d1", "環境事業センター", "かんきょうじぎょうせんたー", ("粗大ごみ", "ごみの収集")),
    Subject("d2", "市民税課", "しみんぜいか", ("住民税", "所得証明")),
    Subject("d3", "保育課", "ほいくか", ("保育園",)),
)
TOPICS = Topics({one.id: one for one in SUBJECTS}, {"d1": "kankyo", "d2": "shiminzei", "d3": ""})


@pytest.fixture(scope="module")
def understanding():
    return Understanding(Lexicon(SUBJECTS))


def talk(*lines):
    return [Spoken(side, 2.0 * at, 2.0 * at + 1.5, text) for at, (side, text) in enumerate(lines)]


def found(*lines, kinds=(MarkKind.NAME, MarkKind.PHONE, MarkKind.POSTAL_CODE)):
    return [
        (mark.kind.value, mark.value, one.text[mark.begins : mark.ends])
        for one in marked(talk(*lines))
        for mark in one.marks
        if mark.kind in kinds
    ]


@pytest.mark.parametrize(
    ("side", "text", "name"),
    [
        (CITIZEN, "山田太郎と申します。", "山田太郎"),
        (CITIZEN, "あの、藤沢市の鈴木といいますが", None),
        (CITIZEN, "私、鈴木といいますけど", "鈴木"),
        (UNKNOWN, "佐々木と申しまして、ごみのことで", "佐々木"),
        (OPERATOR, "担当の佐藤と申します", None),
        (OPERATOR, "山田様ですね。", "山田"),
        (OPERATOR, "お客様でお間違いないですか", None),
        (CITIZEN, "ごみの日を教えてください", None),
    ],
)
def test_a_name_is_marked_where_it_is_told_or_repeated_and_the_operators_own_is_not(side, text, name):
    names = [value for _, value, _ in found((side, text))]
    if text.startswith("あの"):
        assert names == ["鈴木"], "藤沢市の is where, not who"
    else:
        assert names == ([name] if name else [])


def test_an_answer_to_the_question_for_the_name_is_one():
    assert found((OPERATOR, "お名前をお願いいたします。"), (CITIZEN, "はい、高橋です。")) == [("name", "高橋", "高橋")]


def test_a_long_answer_to_that_question_is_none():
    told = "それより先に、ごみの日がいつなのかだけ教えてもらえませんでしょうか"
    assert found((OPERATOR, "お名前をお願いいたします。"), (CITIZEN, told)) == []


@pytest.mark.parametrize(
    ("before", "text", "kind", "value", "written"),
    [
        ("", "0466の25の1111です", "phone", "0466251111", "0466の25の1111"),
        ("", "携帯は090-1234-5678です", "phone", "09012345678", "090-1234-5678"),
        ("", "ゼロ四六六の二五の一一一一です", "phone", "0466251111", "ゼロ四六六の二五の一一一一"),
        ("", "0466251111", "phone", "0466251111", "0466251111"),
        ("お電話番号をお願いいたします", "25の1111です", "phone", "251111", "25の1111"),
        ("", "〒251-8601です", "postal_code", "2518601", "251-8601"),
        ("郵便番号は", "2518601です", "postal_code", "2518601", "2518601"),
        ("", "251-8601", "postal_code", "2518601", "251-8601"),
    ],
)
def test_a_number_is_marked_as_it_was_written_with_its_digits(before, text, kind, value, written):
    assert found((OPERATOR, before), (CITIZEN, text)) == [(kind, value, written)]


@pytest.mark.parametrize(
    "text", ["高さが180センチです", "25の1111です", "2026年11月24日", "0466です", "1234567890123456789"]
)
def test_what_is_no_number_of_a_telephone_is_not_marked(text):
    assert found((CITIZEN, text)) == []


def test_marks_do_not_lie_within_each_other_and_stand_in_their_order():
    (one,) = marked(talk((CITIZEN, "山田と申します。電話は0466-25-1111、郵便番号は251-8601です。")))
    assert [mark.kind for mark in one.marks] == [MarkKind.NAME, MarkKind.PHONE, MarkKind.POSTAL_CODE]
    assert all(one.ends <= other.begins for one, other in zip(one.marks, one.marks[1:], strict=False))


def test_the_likely_subject_its_department_and_owner_are_proposed_and_the_word_is_marked(understanding):
    lines = talk((OPERATOR, "お電話ありがとうございます。"), (CITIZEN, "粗大ごみの出し方を教えてほしいんですけど。"))
    draft = drafted(lines, TOPICS, understanding)
    assert (draft.subject, draft.section, draft.department) == ("粗大ごみについて", "環境事業センター", "kankyo")
    assert draft.confidence >= 0.5
    assert [mark.value for mark in draft.spoken[1].marks] == ["粗大ごみ"]


def test_what_sounds_like_the_word_is_proposed_too_under_the_departments_name(understanding):
    draft = drafted(talk((CITIZEN, "市民成果をお願いします")), TOPICS, understanding)
    assert (draft.subject, draft.department) == ("市民税課について", "shiminzei")


def test_the_citizens_words_weigh_more_than_the_operators(understanding):
    lines = talk(
        (CITIZEN, "保育園のことで聞きたいのですが"), (OPERATOR, "住民税のことでしょうか"), (CITIZEN, "いいえ、違います")
    )
    assert drafted(lines, TOPICS, understanding).section == "保育課"


def test_a_department_that_is_named_weighs_more_than_words_of_many_talks(understanding):
    lines = talk((CITIZEN, "住民税のことかもしれませんが"), (OPERATOR, "保育課からご連絡いたします"))
    assert drafted(lines, TOPICS, understanding).section == "保育課"


def test_a_name_that_sounds_like_a_department_is_not_one(understanding):
    lines = talk((CITIZEN, "保育と申します。"), (OPERATOR, "保育様ですね。"))
    draft = drafted(lines, TOPICS, understanding)
    assert draft.section == ""
    assert [mark.kind for one in draft.spoken for mark in one.marks] == [MarkKind.NAME, MarkKind.NAME]


def test_nothing_is_proposed_where_nothing_fits_and_the_words_stay(understanding):
    lines = talk((CITIZEN, "今日はいい天気ですね"), (OPERATOR, "そうですね"))
    draft = drafted(lines, TOPICS, understanding)
    assert (draft.subject, draft.section, draft.department, draft.confidence) == ("", "", "", 0.0)
    assert [one.text for one in draft.spoken] == ["今日はいい天気ですね", "そうですね"]


def test_what_a_citizen_says_is_data_and_nothing_else(understanding):
    hostile = "</mark><script>alert(1)</script> {{ 7*7 }} ';drop table talk_drafts;--"
    (one,) = drafted(talk((CITIZEN, hostile)), TOPICS, understanding).spoken
    assert one.text == hostile
