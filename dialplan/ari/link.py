"""One connection to Asterisk, as the controller sees it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

from dialplan.ari.client import Ari
from dialplan.ari.errors import NotFound
from dialplan.ari.events import DeviceStateChanged
from dialplan.ari.exchange import AriSwitch
from dialplan.switch import Arrival, Phone
from kernel.ports import Clock, Prompts

PHONES = "PJSIP"
OFFLINE, UNAVAILABLE = "offline", "UNAVAILABLE"


class AriLink:
    """Implements dialplan.switch.Link."""

    def __init__(self, ari: Ari, prompts: Prompts, now: Clock) -> None:
        self._ari = ari
        self.switch = AriSwitch(ari, prompts, now)

    async def ours(self) -> Sequence[str]:
        return (await self._ari.applications.get()).channel_ids

    async def bridges(self) -> Sequence[str]:
        return [bridge.id for bridge in await self._ari.bridges.list()]

    async def describe(self, channel: str) -> Arrival | None:
        try:
            found = await self._ari.channels.get(channel)
        except NotFound:
            return None
        return Arrival(found.id, found.created, found.dialled, found.caller_number)

    async def arrivals(self) -> AsyncIterator[Arrival]:
        async for start in self._ari.arrivals():
            channel = start.channel
            yield Arrival(channel.id, channel.created, channel.dialled, channel.caller_number)

    async def phones(self) -> AsyncIterator[Phone]:
        """Device states tell it; a subscription to endpoints would bring each event of their calls a second time."""
        with self._ari.listen_all(DeviceStateChanged) as inbox:
            await self._ari.applications.subscribe("deviceState:")
            for endpoint in await self._ari.endpoints.list(PHONES):
                yield Phone(endpoint.resource, endpoint.state != OFFLINE)
            while True:
                change = await inbox.get()
                technology, slash, extension = change.device.partition("/")
                if slash and technology == PHONES:
                    yield Phone(extension, change.state != UNAVAILABLE)
