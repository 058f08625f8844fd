"""One connection to Asterisk, as the controller sees it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

import structlog

from dialplan.ari import decode
from dialplan.ari.audition import HEARS_BY
from dialplan.ari.client import Ari, connect
from dialplan.ari.errors import NoReply, NotFound, Refused
from dialplan.ari.events import ChannelTransfer, PeerStatusChange
from dialplan.ari.exchange import RUNG, AriSwitch
from dialplan.ari.trunks import Trunks
from dialplan.ari.values import Channel
from dialplan.arrival import Arrival
from dialplan.connection import Phone, Referral, Strain
from kernel.ports import Clock, Prompts
from kernel.settings import Ari as AriSettings

log = structlog.get_logger(__name__)

PHONES = "PJSIP"
CALLERS_CONTEXTS = frozenset({"from-carrier", "from-city-pbx"})
"""Where Asterisk's dialplan lets callers in."""
OFFLINE = "offline"
PROBE_SECONDS = 0.25
"""Between two signs of life; each costs both sides a tenth of a millisecond."""
ONLY_PHONES = ("RESTResponse", "PeerStatusChange", HEARS_BY)
"""EndpointStateChange would also come four times a call, for each channel of a phone that begins or ends."""


UNHEARD = frozenset(
    {
        "ChannelEnteredBridge",
        "ChannelLeftBridge",
        "BridgeDestroyed",
        "PlaybackStarted",
        "ContactStatusChange",
        "PeerStatusChange",
    }
)
"""Half of what Asterisk would tell of a call. Whoever needs one of them takes it out here."""
HEARD = tuple(kind for kind in decode.USED if kind not in UNHEARD)


def _arrival(channel: Channel) -> Arrival:
    return Arrival(channel.id, channel.created, channel.dialled, channel.caller_number)


class AriLink:
    """Implements dialplan.connection.Link."""

    def __init__(
        self,
        ari: Ari,
        settings: AriSettings,
        password: str,
        prompts: Prompts,
        now: Clock,
        *,
        trunks: Trunks | None = None,
    ) -> None:
        self._ari = ari
        self._settings = settings
        self._password = password
        self.switch = AriSwitch(ari, prompts, now, trunks)

    async def ours(self) -> Sequence[str]:
        await self._ari.applications.filter(HEARD)
        return (await self._ari.applications.get()).channel_ids

    async def bridges(self) -> Sequence[str]:
        return [bridge.id for bridge in await self._ari.bridges.list()]

    async def describe(self, channel: str) -> Arrival | None:
        try:
            found = await self._ari.channels.get(channel)
        except NotFound:
            return None
        return _arrival(found) if found.context in CALLERS_CONTEXTS else None

    async def arrivals(self) -> AsyncIterator[Arrival]:
        async for start in self._ari.arrivals():
            if start.channel.context in CALLERS_CONTEXTS:
                self.switch.arrived(start.channel.id)
                yield _arrival(start.channel)
            elif start.channel.context == RUNG:
                yield _arrival(start.channel)
            else:
                log.warning("a channel that is no caller was put into our hands", channel=start.channel.id)

    async def phones(self) -> AsyncIterator[Sequence[Phone]]:
        """Under an application of its own: a subscription to phones also brings each event of their calls, and would
        bring it a second time. Device states would do as well, but can dead-lock ARI (asterisk#2170)."""
        async with connect(
            self._settings.model_copy(update={"app": f"{self._settings.app}-phones"}), self._password
        ) as ari:
            with ari.listen_all(PeerStatusChange) as inbox:
                await ari.applications.filter(ONLY_PHONES)
                await ari.applications.subscribe(f"endpoint:{PHONES}")
                there = await ari.endpoints.list(PHONES)
                yield [Phone(endpoint.resource, endpoint.state != OFFLINE) for endpoint in there]
                while True:
                    change = await inbox.get()
                    yield [Phone(change.resource, change.state != OFFLINE)]

    async def referrals(self) -> AsyncIterator[Referral]:
        with self._ari.listen_all(ChannelTransfer) as inbox:
            while True:
                asked = await inbox.get()
                if not asked.progress:
                    yield Referral(asked.channel.id, asked.destination)

    async def answer_referral(self, leg: str, *, taken: bool) -> None:
        """The phone hears of it by NOTIFY: 200, or 603."""
        try:
            await self._ari.channels.transfer_progress(leg, "channel_answered" if taken else "channel_declined")
        except Refused as gone:
            log.info("a phone has hung up before it was told of its transfer", leg=leg, why=str(gone))

    def strain(self) -> Strain:
        return self._ari.strain()

    async def probe(self) -> None:
        while True:
            try:
                await self._ari.asterisk.ping()
            except NoReply:
                log.error("Asterisk gives no sign of life")
            await asyncio.sleep(PROBE_SECONDS)
