"""Whisper's parts from libraries that come without types: CTranslate2, faster-whisper's spectrum, the tokenizer."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Spectrum = NDArray[np.float32]
Encoded = Any
"""What the encoder makes of a spectrum; it only goes back into the model."""


class Generated(Protocol):
    """``ctranslate2.models.WhisperGenerationResult``."""

    sequences_ids: list[list[int]]
    scores: list[float]
    no_speech_prob: float


class Model(Protocol):
    """``ctranslate2.models.Whisper``, as far as it is used."""

    def encode(self, features: Any) -> Encoded: ...

    def detect_language(self, features: Encoded) -> list[list[tuple[str, float]]]: ...

    def generate(self, features: Encoded, prompts: list[list[int]], **options: float | bool) -> list[Generated]: ...


class Tokens:
    """The tokenizer of a model's folder."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = import_module("tokenizers").Tokenizer.from_file(str(folder / "tokenizer.json"))

    def id(self, name: str) -> int:
        """Of a special token. Raises ValueError."""
        token: int | None = self._tokenizer.token_to_id(name)
        if token is None:
            raise ValueError(f"the model knows no token {name}")
        return token

    def encode(self, text: str) -> list[int]:
        """Without special tokens."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def decode(self, ids: Sequence[int]) -> str:
        """The text, without special tokens."""
        return str(self._tokenizer.decode(list(ids))).strip()


def model(folder: Path, threads: int) -> Model:
    """On the processor, with weights of 8 bits."""
    engine = import_module("ctranslate2").models
    return engine.Whisper(str(folder), "cpu", compute_type="int8", intra_threads=threads)


class Spectra:
    """Log-mel spectra: 80 bands, 100 a second."""

    def __init__(self) -> None:
        self._extract = import_module("faster_whisper.feature_extractor").FeatureExtractor()
        self._view = import_module("ctranslate2").StorageView

    def of(self, sound: Spectrum, frames: int) -> Any:
        """Of ``sound`` (16 kHz, -1 to 1), the first ``frames``, as the model takes it."""
        bands: Spectrum = self._extract(sound, padding=0)
        return self._view.from_array(np.ascontiguousarray(bands[None, :, :frames]))
