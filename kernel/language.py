"""The languages that callers speak (T11)."""

from __future__ import annotations

from typing import Literal, get_args

Voiced = Literal["en", "zh", "ko", "es", "pt", "vi"]
"""Those, beside Japanese, in which the platform can speak itself."""
Language = Literal[Voiced, "tl"]
"""Those for which an interpreter may be rung."""
CallersLanguage = Literal["ja", Language]

JAPANESE: Literal["ja"] = "ja"
VOICED: tuple[Voiced, ...] = get_args(Voiced)
LANGUAGES: tuple[CallersLanguage, ...] = get_args(CallersLanguage)
