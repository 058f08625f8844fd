"""The client of Asterisk's REST interface: one connection's life."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from time import perf_counter

import aiohttp
import structlog

from dialplan.ari import decode, metrics
from dialplan.ari.audition import Audition
from dialplan.ari.errors import ConnectionLost, Ended, Unauthorized, Unreachable, Why
from dialplan.ari.events import ApplicationReplaced, Event, StasisStart
from dialplan.ari.fields import Fields
from dialplan.ari.inbox import Inbox
from dialplan.ari.media import MediaSockets
from dialplan.ari.rest.applications import Applications
from dialplan.ari.rest.asterisk import Asterisk
from dialplan.ari.rest.bridges import Bridges
from dialplan.ari.rest.channels import Channels
from dialplan.ari.rest.endpoints import Endpoints
from dialplan.ari.rest.playbacks import Playbacks
from dialplan.ari.rest.recordings import Recordings
from dialplan.ari.rest.user_events import UserEvents
from dialplan.ari.router import E, Leave, Overflow, Router
from dialplan.ari.socket import Socket, Stop
from dialplan.connection import Strain
from kernel.settings import Ari as AriSettings

log = structlog.get_logger(__name__)

CONNECT_SECONDS = 5.0
CLOSE_SECONDS = 1.0
HEARTBEAT_SECONDS = 3.0
"""A ping is sent when nothing came for so long; a peer that stays silent for half of it more is dead."""


class Ari:
    """One connection. After its end every call and every inbox raises ConnectionLost, and a new one is to be made.

    The groups are ARI's own: ``channels``, ``bridges``, ``playbacks``, ``recordings``, ``applications``,
    ``endpoints``, ``asterisk``, ``user_events``. ``media`` opens the WebSockets of sound.
    """

    def __init__(self, ws: aiohttp.ClientWebSocketResponse, app: str, media: MediaSockets) -> None:
        self.media = media
        self._router = Router()
        self._socket = Socket(ws, self._take)
        self._socket.ended.add_done_callback(lambda ended: self._router.end(ended.result()))
        send = self._socket.request
        self.channels = Channels(send, app, self._router.listen)
        self.bridges = Bridges(send, self._router.listen)
        self.playbacks = Playbacks(send)
        self.recordings = Recordings(send)
        self.applications = Applications(send, app)
        self.endpoints = Endpoints(send)
        self.asterisk = Asterisk(send)
        self.user_events = UserEvents(send, app)
        self.audition = Audition(self._router, self.user_events, self.end)
        self.gives_way = False
        """Whether another is expected to take the application over: then that is no loss."""

    def listen(self, *ids: str) -> Inbox[Event]:
        """All events that concern one of ``ids``, from now on: listen, then act, then read the state once.

        Ids may be of channels, bridges, playbacks, and names of recordings, also of those that do not exist yet.
        """
        return self._router.listen(*ids)

    def listen_all(self, *kinds: type[E]) -> Inbox[E]:
        """All events of these kinds from now on, whatever they concern."""
        return self._router.listen_all(*kinds)

    def attend(self, id: str, take: Callable[[Event], None], lost: Callable[[ConnectionLost], None]) -> Leave:
        """Let ``take`` see each event that concerns ``id`` at once, from now on until the function returned is called.

        It must not wait, nor raise. ``lost`` is called once when the connection ends, also where it has ended already.
        """
        return self._router.attend(id, take, lost)

    async def arrivals(self) -> AsyncIterator[StasisStart]:
        """Channels that came into our hands with nobody listening to their ids, since the connection was made.

        Raises ConnectionLost at the end. There is one stream of arrivals: two iterators share it.
        """
        while True:
            yield await self._router.arrivals.get()

    def strain(self) -> Strain:
        """How hard the connection has it now."""
        delays = self._socket.delays
        return Strain(delays.standing(perf_counter()), len(delays), self._router.unread)

    @property
    def ended(self) -> Ended | None:
        """Why the connection has ended; None while it stands."""
        return self._socket.ended.result() if self._socket.ended.done() else None

    async def closed(self) -> ConnectionLost:
        """Return when the connection has ended, with the error that says why."""
        return (await asyncio.shield(self._socket.ended)).error()

    async def close(self) -> None:
        """Leave: calls go on in Asterisk. Harmless when it has ended."""
        await self.end(Ended(Why.LEFT))

    async def end(self, ended: Ended) -> None:
        """End the connection for the reason given."""
        await self._socket.close(ended)

    def _take(self, message: Fields) -> None:
        event = decode.parse(message)
        if isinstance(event, ApplicationReplaced):
            raise Stop(Ended(Why.REPLACED))
        if event is not None:
            try:
                self._router.route(event)
            except Overflow as overflow:
                raise Stop(Ended(Why.OVERFLOW, str(overflow))) from None


@asynccontextmanager
async def connect(settings: AriSettings, password: str) -> AsyncGenerator[Ari, None]:
    """Connect as ``settings.app``; a connection that others have under that name loses it to this one.

    The password travels in a header, not in the address. Raises Unreachable and Unauthorized.
    """
    async with aiohttp.ClientSession() as session:
        ari = Ari(await _open(session, settings, password), settings.app, MediaSockets(session, settings.url))
        metrics.CONNECTED.inc()
        try:
            await ari.applications.filter(decode.USED)
            async with ari.audition.held():
                yield ari
        finally:
            await ari.close()
            metrics.CONNECTED.dec()
            _tell(ari)


async def _open(
    session: aiohttp.ClientSession, settings: AriSettings, password: str
) -> aiohttp.ClientWebSocketResponse:
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            return await session.ws_connect(
                f"{settings.url}/ari/events",
                params={"app": settings.app, "subscribeAll": "false"},
                headers={"Authorization": aiohttp.encode_basic_auth(settings.user, password)},
                heartbeat=HEARTBEAT_SECONDS,
                timeout=aiohttp.ClientWSTimeout(ws_close=CLOSE_SECONDS),  # pyright: ignore[reportCallIssue]
            )
    except aiohttp.WSServerHandshakeError as error:
        if error.status in {401, 403}:
            raise Unauthorized(
                f"Asterisk at {settings.url} refuses the user {settings.user!r}: the secret ari_password differs from "
                "the one in its ari.conf. Render the configuration anew and restart Asterisk."
            ) from error
        raise Unreachable(
            f"{settings.url}/ari answers HTTP {error.status}: is ARI enabled there? `denwa doctor` checks it."
        ) from error
    except (aiohttp.ClientError, OSError) as error:
        raise Unreachable(
            f"no connection to Asterisk at {settings.url} ({_short(error)}): is it running, and are DENWA_ARI__HOST "
            "and DENWA_ARI__PORT right? `denwa doctor` checks it."
        ) from error


def _short(error: Exception) -> str:
    match error:
        case TimeoutError():
            return f"no answer in {CONNECT_SECONDS:.0f} s"
        case aiohttp.ClientConnectorError():
            return error.os_error.strerror or str(error.os_error)
        case _:
            return str(error)


def _tell(ari: Ari) -> None:
    ended = ari.ended
    if ended is None or ended.why is Why.LEFT or (ari.gives_way and ended.why is Why.REPLACED):
        return
    metrics.LOSSES.labels(why=ended.why.name.lower()).inc()
    log.error("the connection to Asterisk is lost; its calls go on", why=str(ended.why), detail=ended.detail)
