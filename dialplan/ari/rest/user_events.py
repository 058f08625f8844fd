"""Events of our own making, which Asterisk sends back to us."""

from __future__ import annotations

from dialplan.ari.request import Send
from dialplan.ari.rest.group import Group


class UserEvents(Group):
    """A ChannelUserevent of that name comes to our own application."""

    def __init__(self, send: Send, app: str) -> None:
        super().__init__(send)
        self._app = app

    async def generate(self, event_name: str) -> None:
        """Ask Asterisk to send us a ChannelUserevent."""
        await self._do("POST", ("events", "user", event_name), {"application": self._app})
