"""Vosk (Kaldi), with a model folder of the user's (https://alphacephei.com/vosk/models).

The package is not among those that are installed: ``pip install vosk``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from ivr.hearing.recogniser import BYTES_A_SECOND, RATE, Transcript

HYPOTHESES = 5
PIECE_BYTES = BYTES_A_SECOND // 5


class Vosk:
    """One recognition at a time."""

    def __init__(self, folder: Path) -> None:
        if not (folder / "am/final.mdl").exists():
            raise FileNotFoundError(f"{folder} holds no model of Vosk: unpack one there, with am/final.mdl")
        self._vosk = import_module("vosk")
        self._vosk.SetLogLevel(-1)  # it would tell what it hears
        self._model: Any = self._vosk.Model(str(folder))

    def hear(self, speech: bytes, expected: Sequence[str]) -> Transcript:
        """What was said; ``expected`` words are not used, since a model's own are fixed."""
        del expected
        ear: Any = self._vosk.KaldiRecognizer(self._model, RATE)
        ear.SetMaxAlternatives(HYPOTHESES)
        for at in range(0, len(speech), PIECE_BYTES):
            ear.AcceptWaveform(speech[at : at + PIECE_BYTES])
        found: list[dict[str, Any]] = json.loads(ear.FinalResult())["alternatives"]
        text, *others = dict.fromkeys(str(one["text"]).replace(" ", "") for one in found) or ("",)
        return Transcript(text, tuple(others), _share([float(one["confidence"]) for one in found]))


def _share(scores: Sequence[float]) -> float:
    """Of the first among all; Kaldi's scores have no scale of their own."""
    return max(scores[0], 0.0) / sum(map(abs, scores)) if scores and any(scores) else 0.0
