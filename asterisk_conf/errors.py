"""What can be wrong before a call is possible. Each message says what to do."""

from __future__ import annotations

import re

SETTING = re.compile(r"(sip|ari|outside)\.[a-z_.]+|[a-z]+_dir")


def told(setting: str) -> str:
    """``setting`` as who runs the platform sets it: ``sip.port`` by the environment variable DENWA_SIP__PORT."""
    return "DENWA_" + setting.upper().replace(".", "__") if SETTING.fullmatch(setting) else setting


class AsteriskError(Exception):
    """Base of all; ``str`` is a sentence for the person who runs the platform."""


class ConfError(AsteriskError):
    """A setting can't be written into Asterisk's configuration. ``setting`` is its name, as ``sip.main_number``."""

    def __init__(self, setting: str, problem: str) -> None:
        super().__init__(f"{told(setting)}: {problem}")
        self.setting = setting


class NoAsterisk(AsteriskError):
    """No Asterisk that we can use is on this machine."""


class PortInUse(AsteriskError):
    """Another program listens where Asterisk is to listen."""


class NotStarted(AsteriskError):
    """Asterisk ended, or was not ready in time; the end of its log is part of the message."""
