"""Whose voice is whose in one channel, and what one recognition holds. Synthetic voices are not callers."""

from __future__ import annotations

import numpy as np
import pytest

from bench.drafts.talk import MAN, WOMAN, voiced
from ivr.drafting.recorded import NoRecording, samples_of, widened
from ivr.drafting.sides import sides
from ivr.drafting.turns import Stretch, talk, turns
from kernel.talk_draft import Side
from tests.support.sound import tone, write

LINES = (
    "お電話ありがとうございます。藤沢市役所でございます。",
    "粗大ごみの出し方を教えてほしいんですけど。",
    "粗大ごみですね。お品物は何でしょうか。",
    "古いたんすと、あと自転車が一台あります。",
    "大きさはどのくらいでしょうか。",
    "高さが一メートル八十センチくらいです。",
)


def spoken(*voices):
    return [
        b"".join(widened(np.round(voiced(text, voice) * 32767))) for text, voice in zip(LINES, voices, strict=False)
    ]


def test_two_voices_are_told_apart_and_the_first_is_who_spoke_first():
    assert sides(spoken(WOMAN, MAN, WOMAN, MAN, WOMAN, MAN)) == [0, 1, 0, 1, 0, 1]
    assert sides(spoken(MAN, WOMAN, WOMAN, MAN, MAN)) == [0, 1, 1, 0, 0]


def test_one_voice_alone_is_not_made_two():
    assert sides(spoken(WOMAN, WOMAN, WOMAN, WOMAN, WOMAN)) == [None] * 5


def test_a_single_stretch_none_at_all_and_what_is_very_short_are_borne():
    assert sides([]) == []
    assert sides(spoken(WOMAN)) == [None]
    assert sides([bytes(320), bytes(320)]) == [None, None]


def stretch(at, seconds, voice, sound=b"\0\0"):
    return Stretch(sound * int(seconds * 16_000), at, at + seconds, voice)


def test_one_voices_stretches_become_a_turn_up_to_what_one_recognition_holds():
    found = turns([stretch(0, 2, 0), stretch(2.5, 2, 0), stretch(5, 2, 0), stretch(8, 3, 0)])
    assert [(one.at, one.ended) for one in found] == [(0, 7), (8, 11)]


def test_the_other_voice_and_a_long_silence_end_a_turn():
    found = turns([stretch(0, 1, 0), stretch(1.2, 1, 1), stretch(2.4, 1, 1), stretch(9, 1, 1)])
    assert [(one.at, one.voice) for one in found] == [(0, 0), (1.2, 1), (9, 1)]


def test_who_speaks_as_one_who_works_here_is_the_operator_though_the_other_spoke_first():
    said = [
        (stretch(0, 1, 0), "もしもし"),
        (stretch(1, 1, 1), "藤沢市役所の佐藤でございます"),
        (stretch(2, 1, 0), "はい"),
    ]
    assert [one.side for one in talk(said)] == [Side.CITIZEN, Side.OPERATOR, Side.CITIZEN]


def test_who_spoke_first_is_the_operator_where_nothing_else_tells_and_nobody_where_the_voices_do_not():
    said = [
        (stretch(0, 1, 0), "はい"),
        (stretch(1, 1, 1), "あの"),
        (stretch(2, 1, None), "えっと"),
        (stretch(3, 1, 0), ""),
    ]
    assert [one.side for one in talk(said)] == [Side.OPERATOR, Side.CITIZEN, Side.UNKNOWN]


def test_a_tone_stays_itself_at_twice_the_rate():
    made = np.round(tone(1000, 25, level=0.25) * 32767).astype("<i2")
    wide = np.frombuffer(b"".join(widened(made)), "<i2") / 32767
    at = np.arange(wide.size) / 16_000
    wanted = 0.25 * np.sin(2 * np.pi * 1000 * at)
    assert wide.size == 2 * made.size
    assert np.abs(wide - wanted)[100:-100].max() < 0.001, "also where one block meets the next"


def test_a_recording_whose_header_was_never_finished_is_read_to_its_end(tmp_path):
    file = tmp_path / "a.wav"
    write(file, tone(440, 2))
    body = bytearray(file.read_bytes())
    body[40:44] = bytes(4)
    file.write_bytes(bytes(body) + b"\0")
    assert samples_of(file).size == 16_000


@pytest.mark.parametrize("body", [b"", b"RIFF", b"not a recording" * 10])
def test_what_is_no_recording_of_ours_is_refused(tmp_path, body):
    file = tmp_path / "a.wav"
    file.write_bytes(body)
    with pytest.raises(NoRecording):
        samples_of(file)
    with pytest.raises(NoRecording, match="gone"):
        samples_of(tmp_path / "b.wav")
