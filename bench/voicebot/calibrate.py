"""Fits how sure the mind may be: a logistic regression on the tuning part, by Newton's method."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np

from bench.voicebot.heard import Hearing
from bench.voicebot.lexicon import subjects
from bench.voicebot.line import Line
from ivr.understanding.confidence import FILE, LEAST_SCORE, features
from ivr.understanding.lexicon import Lexicon
from ivr.understanding.wording import plain

RIDGE = 0.5
STEPS = 50


def fit(heard: Mapping[Line, Sequence[Hearing]]) -> dict[str, float]:
    """The weights, which are also written where the product reads them."""
    lexicon = Lexicon(subjects())
    rows, right = list[dict[str, float]](), list[bool]()
    for hearing in (one for own in heard.values() for one in own):
        for one in hearing.utterances:
            texts = (one.transcript.text, *one.transcript.alternatives)
            matches = lexicon.find([text for text in map(plain, texts) if text])
            if matches and matches[0].score >= LEAST_SCORE:
                rows.append(features(matches))
                right.append(matches[0].subject.id in hearing.spoken.way.departments)
    names = list(rows[0])
    found = _logistic(np.array([[row[name] for name in names] for row in rows]), np.array(right, float))
    weights = {name: round(float(weight), 4) for name, weight in zip(names, found, strict=True)}
    FILE.write_text(json.dumps(weights) + "\n", encoding="utf-8")
    return weights | {"utterances": len(rows), "right": sum(right)}


def _logistic(rows: np.ndarray, right: np.ndarray) -> np.ndarray:
    weights = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (right - likely) - RIDGE * weights
        bend = (rows * (likely * (1 - likely))[:, None]).T @ rows + RIDGE * np.eye(rows.shape[1])
        weights += np.linalg.solve(bend, slope)
    return weights
