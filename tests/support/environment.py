"""Settings as an installation gives them to its processes."""

from __future__ import annotations

import socket

from kernel.settings import Settings


def environment(settings: Settings) -> dict[str, str]:
    """The settings as an installation gives them: by the environment."""
    values = settings.model_dump(mode="json", exclude_none=True)
    return {f"DENWA_{name}": value for name, value in _flat(values)}


def _flat(values: dict[str, object]) -> list[tuple[str, str]]:
    flat: list[tuple[str, str]] = []
    for name, value in values.items():
        if isinstance(value, dict):
            flat += [(f"{name.upper()}__{inner}", text) for inner, text in _flat(value)]
        else:
            flat.append((name.upper(), str(value)))
    return flat


def free_port() -> int:
    """A TCP port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
