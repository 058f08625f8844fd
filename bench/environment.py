"""Settings as an installation gives them to its processes."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from typing import Any, cast

from kernel.admission import Limits
from kernel.settings import Settings

WIDE_OPEN = Limits(
    calls=100_000,
    calls_per_second=100_000,
    burst=100_000,
    reply_seconds=60,
    late_seconds=60,
    requests=100_000,
    events=100_000,
    journal=10_000_000,
)
"""What the platform does is measured, not what it refuses to do."""


def environment(settings: Settings) -> dict[str, str]:
    """The environment of this process, with ``settings`` and no other of the platform's variables."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("DENWA_")}
    return others | dict(_flat("DENWA", settings.model_dump(mode="json", exclude_none=True)))


def _flat(above: str, values: Mapping[str, Any]) -> list[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for name, value in values.items():
        separator = "_" if above == "DENWA" else "__"
        key = f"{above}{separator}{name.upper()}"
        flat += _flat(key, cast("dict[str, Any]", value)) if isinstance(value, dict) else [(key, str(value))]
    return flat


def free_port(host: str) -> int:
    """A TCP port of ``host`` that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return probe.getsockname()[1]


def own_network() -> str:
    """The first three numbers of a loopback network for this process; on Linux all of 127.0.0.0/8 is this machine."""
    place = os.getpid()
    return f"127.{100 + place // 250 % 150}.{1 + place % 250}"
