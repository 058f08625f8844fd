"""Figures of drafts, in Prometheus' default registry."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

DRAFTS = Counter("denwa_talk_drafts", "Talks that a draft was made of, or was to be", ["outcome"])
WAITING = Gauge("denwa_talk_drafts_waiting", "Talks that wait for their draft, at the last look")
READY_SECONDS = Histogram(
    "denwa_talk_draft_seconds",
    "From the end of a talk until its draft is ready",
    buckets=(5, 10, 20, 30, 60, 120, 300, 600, 1800),
)
