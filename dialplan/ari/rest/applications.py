"""Our application in Asterisk: what is in our hands, and whose events come to us."""

from __future__ import annotations

from collections.abc import Sequence

from dialplan.ari.request import Send
from dialplan.ari.rest.group import Group
from dialplan.ari.values import Application


class Applications(Group):
    """Without a name, each call means our own application."""

    def __init__(self, send: Send, app: str) -> None:
        super().__init__(send)
        self._app = app

    async def get(self, name: str | None = None) -> Application:
        """NotFound when no controller is, or was, connected under that name."""
        return Application.read(await self._ask("GET", ("applications", name or self._app)))

    async def subscribe(self, event_source: str) -> Application:
        """Also get the events of ``channel:ID``, ``bridge:ID``, ``endpoint:PJSIP/7001`` or all, ``endpoint:PJSIP``."""
        return Application.read(await self._ask("POST", self._subscription, {"eventSource": event_source}))

    async def unsubscribe(self, event_source: str) -> Application:
        return Application.read(await self._ask("DELETE", self._subscription, {"eventSource": event_source}))

    async def filter(self, allowed: Sequence[str]) -> Application:
        """Get only events of the types ``allowed``."""
        body = {"allowed": [{"type": kind} for kind in allowed]}
        return Application.read(await self._ask("PUT", ("applications", self._app, "eventFilter"), body=body))

    @property
    def _subscription(self) -> tuple[str, ...]:
        return ("applications", self._app, "subscription")
