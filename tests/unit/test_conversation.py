"""The voicebot's decisions, pure: every conversation ends, and nobody is put through without having been asked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ivr.conversation import Ask, Choose, Goodbye, Listen, Point, Question, Silence, ToPerson, question, reply
from ivr.understanding.meaning import (
    Again,
    Candidate,
    Filler,
    Name,
    No,
    Nothing,
    Number,
    OtherLanguage,
    Person,
    Slower,
    Subject,
    Yes,
)
from kernel.voicebot import Voicebot

BOT = Voicebot(prompt="ask", menu="main", queue="enquiries")
candidates = st.lists(
    st.builds(
        Candidate, st.sampled_from(["entry:a", "entry:b", "entry:c", "topic:main:d"]), st.just("x"), st.floats(0, 1)
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one.id,
).map(lambda some: Subject(tuple(sorted(some, key=lambda one: -one.confidence))))
meanings = st.one_of(
    candidates,
    st.sampled_from(
        [Yes(), No(), Again(), Slower(), Filler(), Nothing(), Silence(), Number("0"), Name("a", "a"), Person()]
    ),
    st.just(OtherLanguage("en")),
)


@given(st.lists(meanings, min_size=BOT.turns + 1, max_size=BOT.turns + 5))
def test_every_conversation_ends_within_its_turns(said):
    point = Point()
    for meaning in said[: BOT.turns + 1]:
        point, does = reply(point, meaning, BOT)
        if isinstance(does, Choose | ToPerson | Goodbye):
            break
        assert isinstance(does, Ask | Listen)
    else:
        raise AssertionError("it did not end")


@given(st.lists(meanings, max_size=BOT.turns))
def test_what_is_chosen_was_surely_understood_or_offered_and_confirmed(said):
    point = Point()
    for meaning in said:
        before, (point, does) = point, reply(point, meaning, BOT)
        if isinstance(does, Choose):
            sure = isinstance(meaning, Subject) and meaning.candidates[0].confidence >= BOT.sure
            offered = does.id in before.candidates
            assert sure or (offered and isinstance(meaning, Yes | Subject))
        if not isinstance(does, Ask | Listen):
            return


@given(st.lists(meanings, max_size=BOT.turns))
def test_a_question_names_what_it_is_about(said):
    point = Point()
    for meaning in said:
        point, does = reply(point, meaning, BOT)
        if isinstance(does, Ask):
            assert does == question(point, BOT)
            assert len(does.about) == {Question.CONFIRM: 1, Question.WHICH: 2}.get(point.question, 0)
        elif not isinstance(does, Listen):
            return
