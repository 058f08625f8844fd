"""Phones and trunks, as Asterisk sees them."""

from __future__ import annotations

from dialplan.ari.rest.group import Group
from dialplan.ari.values import Endpoint


class Endpoints(Group):
    """NotFound means that none is configured under that name."""

    async def list(self, technology: str) -> tuple[Endpoint, ...]:
        """All endpoints of ``technology`` (PJSIP)."""
        answer = await self._ask_for_list("endpoints", technology)
        return tuple(Endpoint.read(one) for one in answer)

    async def get(self, technology: str, resource: str) -> Endpoint:
        return Endpoint.read(await self._ask("GET", ("endpoints", technology, resource)))
