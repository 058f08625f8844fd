"""From the files of a talk to its draft, with a recogniser that follows a script."""

from __future__ import annotations

import numpy as np
import pytest

from bench.drafts.talk import LINES, talk
from ivr.drafting.proposal import Topics
from ivr.drafting.transcript import TooLong, draft_of_talk
from ivr.hearing.recogniser import BYTES_A_SECOND, LONGEST_SECONDS, Transcript
from ivr.understanding.lexicon import Subject
from tests.support.sound import write

TOPICS = Topics(
    {"d1": Subject("d1", "環境事業センター", "かんきょうじぎょうせんたー", ("粗大ごみ",))}, {"d1": "kankyo"}
)


class Ear:
    """Hears the next text of ``script``, whatever is said; the last again and again."""

    def __init__(self, *script):
        self.script = list(script)
        self.heard = []

    def load(self):
        return self.hear

    def hear(self, speech, expected):
        self.heard.append(len(speech) / BYTES_A_SECOND)
        return Transcript(self.script.pop(0) if len(self.script) > 1 else self.script[0])


@pytest.fixture(scope="module")
def spoken():
    return talk(LINES[:4])


def test_each_turn_is_heard_once_and_stands_where_it_was_said_under_its_side(spoken, tmp_path):
    ear = Ear("はい、粗大ごみですね")
    draft = draft_of_talk([spoken.record(tmp_path / "a.wav")], TOPICS, 60, ear.load)
    assert all(one.side is spoken.speaker(one.at, one.ended) for one in draft.spoken)
    assert len(draft.spoken) == len(ear.heard)
    assert sum(ear.heard) < spoken.seconds, "silence is not recognised"
    assert max(ear.heard) < LONGEST_SECONDS
    assert [one.at for one in draft.spoken] == sorted(one.at for one in draft.spoken)
    assert (draft.department, draft.subject) == ("kankyo", "粗大ごみについて")


def test_a_second_take_goes_on_where_the_first_has_ended(spoken, tmp_path):
    one, other = spoken.record(tmp_path / "a.wav"), spoken.record(tmp_path / "b.wav")
    alone = draft_of_talk([one], TOPICS, 60, Ear("はい").load).spoken
    both = draft_of_talk([one, other], TOPICS, 60, Ear("はい").load).spoken
    assert len(both) == 2 * len(alone)
    later = [round(line.at - spoken.seconds, 1) for line in both[len(alone) :]]
    assert later == pytest.approx([line.at for line in alone], abs=0.11)
    assert [line.side for line in both] == 2 * [line.side for line in alone]


def test_what_a_recogniser_makes_up_of_noise_and_empty_texts_are_left_out(spoken, tmp_path):
    ear = Ear("ご視聴ありがとうございました", "", "ごみの日はいつですか")
    draft = draft_of_talk([spoken.record(tmp_path / "a.wav")], TOPICS, 60, ear.load)
    assert {one.text for one in draft.spoken} == {"ごみの日はいつですか"}
    assert len(draft.spoken) == len(ear.heard) - 2


def test_a_talk_in_which_nothing_is_recognised_is_an_empty_draft(spoken, tmp_path):
    draft = draft_of_talk([spoken.record(tmp_path / "a.wav")], TOPICS, 60, Ear("").load)
    assert (draft.spoken, draft.subject) == ((), "")


def test_where_nobody_speaks_or_too_long_no_recogniser_is_loaded(spoken, tmp_path):
    def never():
        raise AssertionError("it costs a second and 400 MB")

    write(tmp_path / "a.wav", np.zeros(8000 * 4))
    assert draft_of_talk([tmp_path / "a.wav"], TOPICS, 60, never).spoken == ()
    with pytest.raises(TooLong):
        draft_of_talk([spoken.record(tmp_path / "b.wav")], TOPICS, 5, never)
