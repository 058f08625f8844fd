"""How often a subject that fits so well is right. The weights are a logistic fit on the tuning part of the test set."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from ivr.understanding.lexicon import Match

FILE = Path(__file__).with_name("calibration.json")
"""Written by ``python -m bench.voicebot.calibrate``."""

LEAST_SCORE = 2.5
"""Sounds that are right; below it nothing is a candidate."""

HIGHEST_SCORE = 18.0
WIDEST_MARGIN = 6.0
CHANCE = 3.5
"""What something scores by chance among two hundred sections; a small directory must not seem surer."""

SHARPNESS = 0.7


def features(matches: Sequence[Match]) -> dict[str, float]:
    """What tells whether the first of ``matches`` is right."""
    first = matches[0]
    second = max(matches[1].score if len(matches) > 1 else 0.0, CHANCE)
    return {
        "intercept": 1.0,
        "score": min(first.score, HIGHEST_SCORE),
        "margin": min(first.score - second, WIDEST_MARGIN),
    }


def confidences(matches: Sequence[Match]) -> list[float]:
    """Of each of ``matches``, best first; together 1 at most."""
    if not matches:
        return []
    weights = _weights()
    sure = 1 / (1 + math.exp(-sum(weights[name] * value for name, value in features(matches).items())))
    others = [math.exp(SHARPNESS * (match.score - matches[0].score)) for match in matches[1:]]
    left = min(1 - sure, sure)
    return [sure, *(left * other / max(1.0, sum(others)) for other in others)]


@cache
def _weights() -> Mapping[str, float]:
    return json.loads(FILE.read_text(encoding="utf-8"))
