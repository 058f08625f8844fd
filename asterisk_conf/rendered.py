"""An Asterisk that is configured and can be started."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from asterisk_conf.errors import told
from asterisk_conf.folders import Folders

Protocol = Literal["udp", "tcp"]


@dataclass(frozen=True, slots=True)
class Listener:
    """A port that Asterisk listens on, and the setting that says so."""

    setting: str
    protocol: Protocol
    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.protocol} {self.host}:{self.port} ({told(self.setting)})"


@dataclass(frozen=True, slots=True)
class Rendered:
    """``name`` is Asterisk's system name, which channel ids begin with. The password is not shown by ``repr``."""

    name: str
    folders: Folders
    listeners: tuple[Listener, ...]
    ari_url: str
    ari_user: str
    ari_password: str = field(repr=False)

    @property
    def conf(self) -> Path:
        """What ``asterisk -C`` takes."""
        return self.folders.etc / "asterisk.conf"

    @property
    def log(self) -> Path:
        """Asterisk's warnings and errors."""
        return self.folders.log / "messages"
