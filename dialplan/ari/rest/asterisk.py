"""Asterisk itself."""

from __future__ import annotations

from dialplan.ari.rest.group import Group
from dialplan.ari.values import AsteriskInfo


class Asterisk(Group):
    """The process, and its global variables."""

    async def info(self) -> AsteriskInfo:
        return AsteriskInfo.read(await self._ask("GET", ("asterisk", "info")))

    async def ping(self) -> None:
        """Return when Asterisk has answered."""
        await self._do("GET", ("asterisk", "ping"))

    async def get_variable(self, variable: str) -> str:
        """A global variable; "" when it is not set."""
        return (await self._ask("GET", ("asterisk", "variable"), {"variable": variable})).text("value")

    async def set_variable(self, variable: str, value: str) -> None:
        """Set a global variable. An empty one is kept too, and Asterisk walks through all for each that it seeks."""
        await self._do("POST", ("asterisk", "variable"), {"variable": variable, "value": value})

    async def delete_variable(self, variable: str) -> None:
        """Remove a global variable; harmless when there is none."""
        await self._do("POST", ("asterisk", "variable"), {"variable": variable})
