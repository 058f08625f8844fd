"""When speech begins and ends, on a telephone line with noise: synthetic voices, the real detector."""

import numpy as np
import pytest

from bench.voicebot.line import CLEAN, Line, carried
from bench.voicebot.voices import VOICES, say
from bench.voicebot.ways import TUNING
from ivr.hearing.endpoint import Endpointer, EndpointRules, SpeechEnded, SpeechPaused, SpeechResumed, SpeechStarted
from ivr.hearing.recogniser import BYTES_A_SECOND

PACKET = 640
BABBLE = np.random.default_rng(7).integers(-3000, 3000, 80_000).astype(np.int16)
BEGIN = 0.6
MEI = VOICES[TUNING][0]


@pytest.fixture(scope="module")
def said():
    return say("固定資産税のことで、お伺いしたいのですが。", MEI)


def heard(stream, rules=None, size=PACKET):
    endpointer = Endpointer(rules) if rules else Endpointer()
    return [event for at in range(0, len(stream), size) for event in endpointer.feed(stream[at : at + size])]


def silence(seconds):
    return bytes(int(seconds * BYTES_A_SECOND) // 2 * 2)


@pytest.mark.parametrize(
    "line", [CLEAN, Line("noise", 20.0), Line("loud", 10.0), Line("lossy", loss=0.03)], ids=lambda line: line.name
)
def test_speech_begins_and_ends_where_it_was_spoken(said, line):
    stream = carried(said, line, BABBLE, "a seed")
    started, ended = heard(stream)
    assert started == SpeechStarted(ended.started)
    assert ended.started == pytest.approx(BEGIN + 0.06, abs=0.25)
    assert ended.ended == pytest.approx(BEGIN + said.size / 8000 - 0.2, abs=0.3)
    assert not ended.cut


def test_the_speech_comes_with_a_little_silence_around_it_and_is_what_was_on_the_line(said):
    stream = carried(said, CLEAN, BABBLE, "a seed")
    _, ended = heard(stream)
    at = stream.find(ended.speech)
    assert at >= 0
    assert at / BYTES_A_SECOND == pytest.approx(ended.started - 0.3, abs=0.05)
    assert (at + len(ended.speech)) / BYTES_A_SECOND == pytest.approx(ended.ended + 0.2, abs=0.05)


def test_the_end_is_told_after_the_pause_of_the_rules(said):
    stream = carried(said, CLEAN, BABBLE, "a seed")
    for pause in (0.4, 0.8):
        endpointer, told = Endpointer(EndpointRules(pause=pause)), None
        for at in range(0, len(stream), PACKET):
            for event in endpointer.feed(stream[at : at + PACKET]):
                if isinstance(event, SpeechEnded):
                    told = (at + PACKET) / BYTES_A_SECOND - event.ended
        assert told == pytest.approx(pause, abs=0.06)


def test_however_the_stream_is_cut_into_packets_the_same_is_heard(said):
    stream = carried(said, Line("noise", 20.0), BABBLE, "a seed")
    assert heard(stream, size=PACKET) == heard(stream, size=334) == heard(stream, size=len(stream))


def test_silence_and_noise_are_no_speech():
    rng = np.random.default_rng(3)
    assert heard(silence(5)) == []
    assert heard((rng.standard_normal(80_000) * 300).astype("<i2").tobytes()) == []


def test_a_pause_within_is_told_early_and_what_goes_on_is_one_speech():
    first, second = say("えーと", MEI), say("住民票のことで", MEI)
    speech = np.concatenate([first, np.zeros(1200, np.int16), second])
    stream = carried(speech, CLEAN, BABBLE, "a seed")
    events = heard(stream, EndpointRules(pause=0.9, short_pause=0.9, early=0.25))
    assert [type(event) for event in events] == [SpeechStarted, SpeechPaused, SpeechResumed, SpeechPaused, SpeechEnded]
    assert events[-1].speech.startswith(events[1].speech[: 2 * 8000])
    assert events[3].speech == events[-1].speech


def test_without_a_rule_for_it_no_pause_is_told_early(said):
    assert not any(isinstance(event, SpeechPaused) for event in heard(carried(said, CLEAN, BABBLE, "a seed")))


def test_two_who_speak_one_after_the_other_are_two_speeches(said):
    stream = carried(said, CLEAN, BABBLE, "a seed")
    events = heard(stream + stream)
    assert [type(event) for event in events] == [SpeechStarted, SpeechEnded] * 2
    assert events[3].started - events[1].started == pytest.approx(len(stream) / BYTES_A_SECOND, abs=0.07)


def test_speech_that_never_ends_is_cut_and_no_more_is_kept(said):
    stream = carried(said, CLEAN, BABBLE, "a seed")
    spoken = stream[int(0.7 * BYTES_A_SECOND) : int(2.2 * BYTES_A_SECOND)]
    rules = EndpointRules(longest=2.0, pause=1.5, short_pause=1.5)
    cut = [event for event in heard(spoken * 6, rules) if isinstance(event, SpeechEnded)]
    assert len(cut) >= 2
    assert all(one.cut for one in cut)
    assert all(len(one.speech) <= (rules.longest + rules.lead + 0.2) * BYTES_A_SECOND for one in cut)


def test_a_short_answer_may_end_after_a_shorter_pause():
    stream = carried(say("はい", MEI), CLEAN, BABBLE, "a seed")
    rules = EndpointRules(pause=1.1, short_pause=0.3, short_speech=1.0)
    assert [type(event) for event in heard(stream, rules)] == [SpeechStarted, SpeechEnded]
