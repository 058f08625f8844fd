"""A synthetic citizen and operator talk, in one channel, as Asterisk records it. They are not callers."""

from __future__ import annotations

import warnings
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.voicebot.voices import RATE, Voice, say
from kernel.talk_draft import Side

Sound = NDArray[np.float64]
Lines = Sequence[tuple[Side, str]]

OPERATOR, CITIZEN = Side.OPERATOR, Side.CITIZEN
WOMAN, MAN = Voice("woman"), Voice("man", pitch=-9, tract=0.85)
LINES: Lines = (
    (OPERATOR, "お電話ありがとうございます。藤沢市役所でございます。"),
    (CITIZEN, "もしもし。粗大ごみの出し方を教えてほしいんですけど。"),
    (OPERATOR, "粗大ごみですね。お品物は何でしょうか。"),
    (CITIZEN, "古いたんすと、あと自転車が一台あります。"),
    (OPERATOR, "大きさはどのくらいでしょうか。"),
    (CITIZEN, "高さが一メートル八十センチくらいです。"),
    (OPERATOR, "粗大ごみは環境事業センターで受け付けております。"),
    (CITIZEN, "わかりました。ありがとうございました。"),
)
LOUD, QUIET = 0.2, 0.0007


@dataclass(frozen=True, slots=True)
class Talk:
    """``sound`` (8 kHz, -1 to 1), and who speaks from when to when (seconds)."""

    sound: Sound
    spoken: tuple[tuple[Side, float, float], ...]

    @property
    def seconds(self) -> float:
        return self.sound.size / RATE

    def speaker(self, at: float, ended: float) -> Side:
        """Who speaks most between these."""
        return max(self.spoken, key=lambda one: min(one[2], ended) - max(one[1], at))[0]

    def record(self, file: Path) -> Path:
        """``file``, with the talk in it."""
        with wave.open(str(file), "wb") as recording:
            recording.setnchannels(1)
            recording.setsampwidth(2)
            recording.setframerate(RATE)
            recording.writeframes((np.clip(self.sound, -1, 1) * 32767).astype("<i2").tobytes())
        return file


def voiced(text: str, voice: Voice) -> Sound:
    """``text``, as loud as everybody's."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Dictionary\.create\(\)", DeprecationWarning)
        spoken = say(text, voice).astype(np.float64)
    return LOUD * spoken / np.abs(spoken).max()


def talk(lines: Lines = LINES, operator: Voice = WOMAN, citizen: Voice = MAN, *, gap_seconds: float = 0.5) -> Talk:
    """One after the other, over a line that is never quite silent."""
    gap = np.zeros(int(gap_seconds * RATE))
    parts, spoken, at = [gap], list[tuple[Side, float, float]](), gap_seconds
    for side, text in lines:
        sound = voiced(text, operator if side is OPERATOR else citizen)
        spoken.append((side, at, at + sound.size / RATE))
        at += (sound.size + gap.size) / RATE
        parts += [sound, gap]
    whole = np.concatenate(parts)
    return Talk(whole + np.random.default_rng(1).standard_normal(whole.size) * QUIET, tuple(spoken))
