"""A synthetic citizen and operator talk, in one channel, as Asterisk records it. They are not callers."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bench.voicebot.voices import Voice, say
from tests.support.sound import RATE, Sound, write

OPERATOR, CITIZEN = Voice("woman"), Voice("man", pitch=-9, tract=0.85)
LINES = (
    (OPERATOR, "お電話ありがとうございます。藤沢市役所でございます。"),
    (CITIZEN, "もしもし。粗大ごみの出し方を教えてほしいんですけど。"),
    (OPERATOR, "粗大ごみですね。お品物は何でしょうか。"),
    (CITIZEN, "古いたんすと、あと自転車が一台あります。"),
    (OPERATOR, "大きさはどのくらいでしょうか。"),
    (CITIZEN, "高さが一メートル八十センチくらいです。"),
    (OPERATOR, "粗大ごみは環境事業センターで受け付けております。"),
    (CITIZEN, "わかりました。ありがとうございました。"),
)
GAP_SECONDS, LOUD, QUIET = 0.5, 0.2, 0.0007


def voiced(text: str, voice: Voice) -> Sound:
    """``text``, as loud as everybody's."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Dictionary\.create\(\)", DeprecationWarning)
        spoken = say(text, voice).astype(np.float64)
    return LOUD * spoken / np.abs(spoken).max()


def talk(lines: Sequence[tuple[Voice, str]] = LINES) -> Sound:
    """One after the other, over a line that is never quite silent."""
    gap = np.zeros(int(GAP_SECONDS * RATE))
    sound = np.concatenate([part for voice, text in lines for part in (gap, voiced(text, voice))] + [gap])
    return sound + np.random.default_rng(1).standard_normal(sound.size) * QUIET


def record_talk(file: Path, lines: Sequence[tuple[Voice, str]] = LINES) -> Path:
    """``file``, with the talk in it."""
    write(file, talk(lines))
    return file
