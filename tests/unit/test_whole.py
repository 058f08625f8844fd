"""Whether a caller who pauses has said all that is needed."""

import pytest

from ivr.understanding.meaning import Again, Candidate, Expecting, Filler, No, Nothing, Person, Subject, Yes
from ivr.understanding.whole import is_whole

FAIR, SURE = 0.5, 0.85


def tax(confidence: float) -> Subject:
    return Subject((Candidate("tax", "市民税課", confidence),))


@pytest.mark.parametrize("text", ["市民税課をお願いします。", "ごみの収集について聞きたいです", "市民税課ですか?"])
def test_a_subject_in_a_sentence_that_is_over_is_whole(text: str):
    assert is_whole(text, tax(0.9), Expecting.SUBJECT, FAIR, SURE)


@pytest.mark.parametrize(
    "text", ["市民税課に", "引っ越してきたんですが、", "税のことで。", "市民税課、えーと", "市民税課を、"]
)
def test_a_sentence_that_mostly_goes_on_is_not(text: str):
    assert not is_whole(text, tax(0.99), Expecting.SUBJECT, FAIR, SURE)


@pytest.mark.parametrize("text", ["工場見学に行きたいんですけど、", "申告のことなんですけど。", "市民税課ですが"])
def test_a_request_that_politeness_leaves_open_is_whole_where_it_is_surely_understood(text: str):
    assert is_whole(text, tax(0.86), Expecting.SUBJECT, FAIR, SURE)
    assert not is_whole(text, tax(0.84), Expecting.SUBJECT, FAIR, SURE)


@pytest.mark.parametrize("text", ["引っ越してきたんですが", "手紙が届いたのですけど", "昨日行きましたが、"])
def test_what_has_been_tells_the_reason_for_a_request_that_comes(text: str):
    assert not is_whole(text, tax(0.99), Expecting.SUBJECT, FAIR, SURE)


def test_what_is_hardly_understood_is_waited_behind():
    assert is_whole("市民税課です", tax(0.5), Expecting.SUBJECT, FAIR, SURE)
    assert not is_whole("市民税課です", tax(0.49), Expecting.SUBJECT, FAIR, SURE)


def test_a_yes_answers_a_question_at_once_and_a_no_may_say_what_is_right():
    assert is_whole("はい。", Yes(), Expecting.YES_NO, FAIR, SURE)
    assert not is_whole("はい。", Yes(), Expecting.SUBJECT, FAIR, SURE)
    assert not is_whole("いいえ。", No(), Expecting.YES_NO, FAIR, SURE)


def test_wishes_are_whole_and_hesitation_and_noise_are_not():
    assert is_whole("もう一度お願いします。", Again(), Expecting.SUBJECT, FAIR, SURE)
    assert is_whole("オペレーターをお願いします。", Person(), Expecting.SUBJECT, FAIR, SURE)
    assert not is_whole("係の人が", Person(), Expecting.SUBJECT, FAIR, SURE)
    assert not is_whole("えーと", Filler(), Expecting.SUBJECT, FAIR, SURE)
    assert not is_whole("", Nothing(), Expecting.SUBJECT, FAIR, SURE)
