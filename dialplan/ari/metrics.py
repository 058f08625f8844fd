"""Counters of the connection to Asterisk, in Prometheus' default registry."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("denwa_ari_requests", "Requests to Asterisk by how they ended", ["outcome"])
REQUEST_SECONDS = Histogram(
    "denwa_ari_request_seconds",
    "From sending a request to Asterisk to its answer",
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0),
)
EVENTS = Counter("denwa_ari_events", "Events of Asterisk by their type", ["type"])
MALFORMED = Counter("denwa_ari_malformed_events", "Events that lacked what the API description promises", ["type"])
UNREADABLE = Counter("denwa_ari_unreadable_messages", "Messages of Asterisk that are no JSON objects")
CONNECTED = Gauge("denwa_ari_connected", "Connections to Asterisk that stand")
FAILED_CONNECTS = Counter("denwa_ari_failed_connects", "Tries to connect to Asterisk that failed")
LOSSES = Counter("denwa_ari_connection_losses", "Connections that ended, by why", ["why"])
STALLS = Counter("denwa_event_loop_stalls", "Times that the event loop stood still for longer than allowed")
