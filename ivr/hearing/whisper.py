"""Whisper (base, 74 million parameters, int8 on the processor) by CTranslate2, its model from the Python packages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ivr.hearing.noise import Sound, quieter
from ivr.hearing.recogniser import RATE, Transcript
from ivr.hearing.whisper_model import joined
from ivr.hearing.whisper_parts import Encoded, Spectra, Tokens, model

VERSION = 1
"""One more with each change of what is heard."""

CONTEXT_SECONDS = (8, 14, 21)
"""Whisper was trained on 30 s. Less silence behind the speech is less to compute; the least that holds it is taken."""

SPECTRA_A_SECOND = 100
ROOM_SECONDS = 1.0
BEAM = 5
HYPOTHESES = 5
TOKENS_A_SECOND = 14
FEWEST_TOKENS = 24
LONGEST_PROMPT = 120
LONGEST_REPEATED = 6
MOST_EXPECTED = 20
LIKELY_LANGUAGE = 0.8
TELLING_SECONDS = 1.2
"""Shorter speech does not tell its language."""

START = ("<|startoftranscript|>", "<|ja|>", "<|transcribe|>", "<|notimestamps|>")


class Whisper:
    """One recognition at a time."""

    def __init__(self, cache: Path, threads: int) -> None:
        folder = joined(cache)
        self._model = model(folder, threads)
        self._tokens = Tokens(folder)
        self._spectra = Spectra()
        self._start = [self._tokens.id(name) for name in START]

    def hear(self, speech: bytes, expected: Sequence[str]) -> Transcript:
        """What was said, and the other hypotheses of the beam.

        ``expected`` words are the decoder's context: a few, as the choices of a question. Many make it hear what was
        not said.
        """
        sound = quieter((np.frombuffer(speech, "<i2") / np.float32(2**15)).astype(np.float32))
        seconds = sound.size / RATE
        heard = self._encoded(sound)
        texts, confidence = self._decoded(heard, self._prompt(expected[:MOST_EXPECTED]), seconds)
        text, *others = dict.fromkeys(texts) or ("",)
        return Transcript(text, tuple(others), confidence, language=self._language(heard, seconds))

    def _encoded(self, sound: Sound) -> Encoded:
        needed = sound.size / RATE + ROOM_SECONDS
        context = next((one for one in CONTEXT_SECONDS if one >= needed), CONTEXT_SECONDS[-1])
        padded = np.zeros(context * RATE, np.float32)
        padded[: sound.size] = sound[: padded.size]
        return self._model.encode(self._spectra.of(padded, context * SPECTRA_A_SECOND))

    def _decoded(self, heard: Encoded, prompt: list[int], seconds: float) -> tuple[list[str], float]:
        """The hypotheses, likeliest first, and how likely the first is."""
        result = self._model.generate(
            heard,
            [prompt],
            beam_size=BEAM,
            num_hypotheses=HYPOTHESES,
            max_length=len(prompt) + FEWEST_TOKENS + int(TOKENS_A_SECOND * seconds),
            return_scores=True,
            return_no_speech_prob=True,
            no_repeat_ngram_size=LONGEST_REPEATED,
        )[0]
        texts = [text for ids in result.sequences_ids if (text := self._tokens.decode(ids))]
        return texts, math.exp(result.scores[0]) * (1 - result.no_speech_prob) if texts else 0.0

    def _prompt(self, expected: Sequence[str]) -> list[int]:
        if not expected:
            return self._start
        context = self._tokens.encode(" " + "、".join(expected))[:LONGEST_PROMPT]
        return [self._tokens.id("<|startofprev|>"), *context, *self._start]

    def _language(self, heard: Encoded, seconds: float) -> str:
        """What is spoken, where that is sure."""
        if seconds < TELLING_SECONDS:
            return ""
        name, likely = self._model.detect_language(heard)[0][0]
        return name.strip("<|>") if likely >= LIKELY_LANGUAGE else ""
