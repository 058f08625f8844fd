"""Which of two people speaks in each stretch of a talk's recording, told by their voices alone. Pure.

The recording is one channel (docs/decisions/drafts.md). Each of the two is a Gaussian over the frames of a voice: the
stretches are parted along what tells them apart most, and then belong, round by round, to whom they are likelier of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ivr.drafting.voices import Vector, Voice, voice

Part = NDArray[np.bool_]

STARTS = 3
ROUNDS = 15
SHRINK = 0.1
"""How much of the whole talk's covariance stands in for what a voice has not shown yet."""

PITCH_WEIGHT = 6.0
PITCH_SHARE = 0.12
PITCH_SPREAD_OCTAVES = 0.15
"""By how much one voice's pitch differs from stretch to stretch."""

APART = 0.25
"""How much likelier (nats for a frame) two voices are at least than one, less what any second voice gains (the Bayesian
information criterion; Chen and Gopalakrishnan 1998): synthetic voices had 0.4 and more where they were two."""


def sides(stretches: Sequence[bytes]) -> list[int | None]:
    """0 or 1 for each of ``stretches`` (16 kHz, 16 bit, mono; of one talk, in order); 0 is who spoke first.

    All None where two voices can't be told apart.
    """
    talk = _Talk.of([voice(one) for one in stretches]) if len(stretches) > 1 else None
    parted = (
        max(filter(None, map(talk.parted, talk.starts())), key=lambda one: one.gain, default=None) if talk else None
    )
    if parted is None or parted.gain < APART:
        return [None] * len(stretches)
    return [int(own != parted.first[0]) for own in parted.first]


@dataclass(frozen=True, slots=True)
class _Parted:
    first: Part
    gain: float


@dataclass(frozen=True, slots=True)
class _Talk:
    voices: Sequence[Voice]
    weights: Vector
    whole: Vector
    """The covariance of all frames."""

    @classmethod
    def of(cls, voices: Sequence[Voice]) -> _Talk:
        weights = np.sqrt([len(one.cepstra) for one in voices])
        return cls(voices, weights, np.cov(np.concatenate([one.cepstra for one in voices]).T))

    def starts(self) -> list[Part]:
        """The two halves along each of the directions in which the stretches differ most."""
        means = np.stack([[*one.cepstra.mean(axis=0), PITCH_WEIGHT * one.pitch] for one in self.voices])
        apart = means - np.average(means, axis=0, weights=self.weights)
        along = np.linalg.svd(apart * self.weights[:, None], full_matrices=False)[2][:STARTS]
        return [apart @ one > 0 for one in along]

    def parted(self, first: Part) -> _Parted | None:
        """What becomes of that beginning; None where one voice gets all."""
        likely = np.zeros((2, len(first)))
        for _ in range(ROUNDS):
            if _is_one(first):
                return None
            likely = np.stack([self._likely(first), self._likely(~first)])
            before, first = first, likely[0] > likely[1]
            if (first == before).all():
                break
        if _is_one(first):
            return None
        frames = np.square(self.weights)
        alone = -0.5 * (len(self.whole) + np.linalg.slogdet(self.whole)[1])
        size, count = len(self.whole), frames.sum()
        by_chance = 0.5 * (size + size * (size + 1) / 2) * np.log(count) / count
        return _Parted(first, float(np.average(likely.max(axis=0), weights=frames) - alone - by_chance))

    def _likely(self, own: Part) -> Vector:
        """How likely each stretch is of the voice that has ``own``, for a frame."""
        frames = np.concatenate([one.cepstra for one, is_own in zip(self.voices, own, strict=True) if is_own])
        mean, spread = frames.mean(axis=0), (1 - SHRINK) * np.cov(frames.T) + SHRINK * self.whole
        inverse, size = np.linalg.inv(spread), np.linalg.slogdet(spread)[1]
        pitches = np.array([one.pitch for one in self.voices])
        off = (pitches - np.average(pitches[own], weights=self.weights[own])) / PITCH_SPREAD_OCTAVES
        near = [np.einsum("ij,jk,ik->i", one.cepstra - mean, inverse, one.cepstra - mean).mean() for one in self.voices]
        return -0.5 * (np.array(near) + size) - PITCH_SHARE * np.square(off)


def _is_one(first: Part) -> bool:
    return bool(first.all() or not first.any())
