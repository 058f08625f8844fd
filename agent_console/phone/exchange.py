"""Where the browsers' phones are connected to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import aiohttp

from asterisk_conf.secrets import phone_file, read_secret


@dataclass(frozen=True, slots=True)
class PhoneExchange:
    """Asterisk, by the WebSocket ``url`` of its HTTP server; ``domain`` is the one of the phones' addresses.

    ``secrets`` is the folder of the phones' passwords. ``socket`` is where the phones' gate listens, by which ``url``
    is reached from a console in a container of its own.
    """

    url: str
    domain: str
    secrets: Path
    socket: Path | None = None

    def connector(self) -> aiohttp.BaseConnector:
        """The way to ``url``."""
        return aiohttp.UnixConnector(str(self.socket)) if self.socket else aiohttp.TCPConnector()

    def secret(self, extension: str) -> str:
        """The password of the phone ``extension``; raises ConfError where it is not rendered yet."""
        return read_secret(self.secrets / phone_file(extension))
