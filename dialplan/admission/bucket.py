"""A token bucket: so many at once, so many lastingly. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bucket:
    """``tokens`` were in it at ``at``, in seconds of any clock that does not run backwards."""

    tokens: float
    at: float


def take(bucket: Bucket, per_second: float, burst: int, now: float) -> tuple[bool, Bucket]:
    """Whether there was one to take, and the bucket afterwards. Within T seconds at most burst + T * per_second are."""
    filled = min(float(burst), bucket.tokens + max(0.0, now - bucket.at) * per_second)
    return (True, Bucket(filled - 1, now)) if filled >= 1 else (False, Bucket(filled, now))
