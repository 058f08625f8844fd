"""What can be wrong before a call is possible. Each message says what to do."""

from __future__ import annotations


class AsteriskError(Exception):
    """Base of all; ``str`` is a sentence for the person who runs the platform."""


class ConfError(AsteriskError):
    """A setting can't be written into Asterisk's configuration. ``setting`` is its name, as ``sip.main_number``."""

    def __init__(self, setting: str, problem: str) -> None:
        super().__init__(f"{setting}: {problem}")
        self.setting = setting


class NoAsterisk(AsteriskError):
    """No Asterisk that we can use is on this machine."""


class PortInUse(AsteriskError):
    """Another program listens where Asterisk is to listen."""


class NotStarted(AsteriskError):
    """Asterisk ended, or was not ready in time; the end of its log is part of the message."""
