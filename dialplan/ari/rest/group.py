"""What the groups of REST calls share."""

from __future__ import annotations

from collections.abc import Mapping

from dialplan.ari.fields import Fields, listed
from dialplan.ari.request import Method, Parameter, Request, Send

Path = tuple[str, ...]
Query = Mapping[str, Parameter]


class Group:
    """Calls of one kind of resource."""

    def __init__(self, send: Send) -> None:
        self._send = send

    async def _do(self, method: Method, path: Path, query: Query | None = None) -> None:
        await self._send(Request(method, path, query or {}))

    async def _ask(
        self, method: Method, path: Path, query: Query | None = None, body: Mapping[str, object] | None = None
    ) -> Fields:
        return Fields.of(await self._send(Request(method, path, query or {}, body)))

    async def _ask_for_list(self, *path: str) -> tuple[Fields, ...]:
        return listed(await self._send(Request("GET", path)))
