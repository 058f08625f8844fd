"""Whisper (base, 74 million parameters, int8 on the processor) by CTranslate2, its model from the Python packages."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import ctranslate2
import numpy as np
from faster_whisper.feature_extractor import FeatureExtractor
from tokenizers import Tokenizer

from ivr.hearing.noise import quieter
from ivr.hearing.recogniser import RATE, Transcript
from ivr.hearing.whisper_model import joined

CONTEXT_SECONDS = (8, 14, 20)
"""Whisper was trained on 30 s. Less silence behind the speech is less to compute; the least that holds it is taken."""

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


class Whisper:
    """One recognition at a time."""

    def __init__(self, cache: Path, threads: int) -> None:
        folder = joined(cache)
        self._model = ctranslate2.models.Whisper(str(folder), "cpu", compute_type="int8", intra_threads=threads)
        self._tokens = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._features = FeatureExtractor()
        self._start = [
            self._id(name) for name in ("<|startoftranscript|>", "<|ja|>", "<|transcribe|>", "<|notimestamps|>")
        ]

    def hear(self, speech: bytes, expected: Sequence[str]) -> Transcript:
        """What was said, and the other hypotheses of the beam.

        ``expected`` words are the decoder's context: a few, as the choices of a question. Many make it hear what was
        not said.
        """
        sound = quieter(np.frombuffer(speech, "<i2").astype(np.float32) / 2**15)
        seconds = sound.size / RATE
        heard = self._model.encode(ctranslate2.StorageView.from_array(self._mel(sound)))
        language, likely = self._model.detect_language(heard)[0][0] if seconds >= TELLING_SECONDS else ("", 0.0)
        texts, confidence = self._decode(heard, self._prompt(expected[:MOST_EXPECTED]), seconds)
        text, *others = dict.fromkeys(texts) or ("",)
        language = language.strip("<|>") if likely >= LIKELY_LANGUAGE else ""
        return Transcript(text, tuple(others), confidence, language=language)

    def _decode(self, heard: ctranslate2.StorageView, prompt: list[int], seconds: float) -> tuple[list[str], float]:
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
        texts = [text for ids in result.sequences_ids if (text := self._tokens.decode(ids).strip())]
        return texts, math.exp(result.scores[0]) * (1 - result.no_speech_prob) if texts else 0.0

    def _mel(self, sound: np.ndarray) -> np.ndarray:
        needed = sound.size / RATE + ROOM_SECONDS
        context = next((one for one in CONTEXT_SECONDS if one >= needed), CONTEXT_SECONDS[-1])
        padded = np.zeros(context * RATE, np.float32)
        padded[: sound.size] = sound[: padded.size]
        return np.ascontiguousarray(self._features(padded, padding=0)[None, :, : context * 100])

    def _prompt(self, expected: Sequence[str]) -> list[int]:
        if not expected:
            return self._start
        context = self._tokens.encode(" " + "、".join(expected), add_special_tokens=False).ids[:LONGEST_PROMPT]
        return [self._id("<|startofprev|>"), *context, *self._start]

    def _id(self, name: str) -> int:
        token = self._tokens.token_to_id(name)
        if token is None:
            raise ValueError(f"the model knows no token {name}")
        return token
