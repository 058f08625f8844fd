"""Channels: making, ringing, answering, ending them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from dialplan.ari.request import Parameter, Request
from dialplan.ari.rest.begun import begin
from dialplan.ari.rest.channel_media import ChannelMedia
from dialplan.ari.values import Channel

HangupReason = Literal[
    "normal",
    "busy",
    "congestion",
    "no_answer",
    "timeout",
    "rejected",
    "unallocated",
    "normal_unspecified",
    "number_incomplete",
    "codec_mismatch",
    "interworking",
    "failure",
    "answered_elsewhere",
]
TransferState = Literal["channel_progress", "channel_answered", "channel_unavailable", "channel_declined"]


class Channels(ChannelMedia):
    """NotFound means that the channel has hung up, or is no longer in our hands; Conflict that it exists already.

    ``create`` and ``snoop`` return when the channel is in our hands: it may be dialled, recorded,
    joined at once. Asterisk's own answer comes before that.
    """

    async def list(self) -> tuple[Channel, ...]:
        """All channels of this Asterisk, also those of others."""
        return tuple(Channel.read(one) for one in await self._ask_for_list("channels"))

    async def get(self, id: str) -> Channel:
        return Channel.read(await self._ask("GET", ("channels", id)))

    async def create(
        self,
        endpoint: str,
        channel_id: str,
        *,
        variables: Mapping[str, str] | None = None,
        app_args: str | None = None,
        formats: Sequence[str] = (),
        originator: str | None = None,
    ) -> Channel:
        """Make a channel to ``endpoint`` (``PJSIP/7001``) in our hands; ``dial`` rings it. Listen to its id before.

        Conflict when ``channel_id`` lives already. ``variables`` may hold functions (``CONNECTEDLINE(num,i)``).
        """
        query = {
            "endpoint": endpoint,
            "app": self._app,
            "channelId": channel_id,
            "appArgs": app_args,
            "formats": ",".join(formats) or None,
            "originator": originator,
        }
        return await self._make(channel_id, Request("POST", ("channels", "create"), query, _body(variables)))

    async def originate(
        self,
        endpoint: str,
        channel_id: str,
        *,
        caller_id: str | None = None,
        timeout: int = 30,
        variables: Mapping[str, str] | None = None,
        app_args: str | None = None,
        formats: Sequence[str] = (),
        originator: str | None = None,
    ) -> Channel:
        """Make a channel and ring it at once for ``timeout`` seconds; it comes into our hands when it is answered."""
        query = {
            "endpoint": endpoint,
            "app": self._app,
            "channelId": channel_id,
            "callerId": caller_id,
            "timeout": timeout,
            "appArgs": app_args,
            "formats": ",".join(formats) or None,
            "originator": originator,
        }
        return Channel.read(await self._ask("POST", ("channels",), query, _body(variables)))

    async def originate_to(
        self,
        context: str,
        endpoint: str,
        channel_id: str,
        *,
        timeout: int = 30,
        variables: Mapping[str, str] | None = None,
    ) -> Channel:
        """Make a channel and ring it at once for ``timeout`` seconds; answered, it goes to ``context``.

        One request where ``create`` and ``dial`` are two and a wait between them. Only who subscribes to its events
        gets them. Conflict when ``channel_id`` lives already.
        """
        query: dict[str, Parameter] = {
            "endpoint": endpoint,
            "context": context,
            "extension": "s",
            "priority": 1,
            "channelId": channel_id,
            "timeout": timeout,
        }
        return Channel.read(await self._ask("POST", ("channels",), query, _body(variables)))

    async def dial(self, id: str, *, timeout: int, caller: str | None = None) -> None:
        """Ring a channel made by ``create`` for ``timeout`` seconds, showing the identity of the channel ``caller``."""
        await self._start(id, "dial", timeout=timeout, caller=caller)

    async def answer(self, id: str) -> None:
        """Answer; harmless when it is answered. Does not wait for sound."""
        await self._start(id, "answer")

    async def ring(self, id: str) -> None:
        """Let the caller hear ringing."""
        await self._start(id, "ring")

    async def stop_ringing(self, id: str) -> None:
        await self._end(id, "ring")

    async def hangup(self, id: str, reason: HangupReason = "normal") -> None:
        await self._do("DELETE", ("channels", id), {"reason": reason})

    async def continue_in_dialplan(self, id: str, *, context: str, extension: str, priority: int = 1) -> None:
        """Give the channel back to Asterisk's dialplan; StasisEnd follows."""
        await self._start(id, "continue", context=context, extension=extension, priority=priority)

    async def redirect(self, id: str, endpoint: str) -> None:
        """Send the far end elsewhere (SIP 302 or REFER). Nobody tells the outcome, and we hang up ourselves."""
        await self._start(id, "redirect", endpoint=endpoint)

    async def transfer_progress(self, id: str, state: TransferState) -> None:
        """Tell a phone that asked for a transfer (ChannelTransfer) how it goes."""
        await self._start(id, "transfer_progress", states=state)

    async def snoop(
        self,
        id: str,
        *,
        snoop_id: str,
        spy: Literal["none", "both", "out", "in"] = "none",
        whisper: Literal["none", "both", "out", "in"] = "none",
        app_args: str | None = None,
    ) -> Channel:
        """A channel of ours that hears (``spy``) or speaks into (``whisper``) it. In is what comes from its phone."""
        query = {"spy": spy, "whisper": whisper, "app": self._app, "appArgs": app_args}
        return await self._make(snoop_id, Request("POST", ("channels", id, "snoop", snoop_id), query))

    async def media_socket(self, channel_id: str, format: str) -> str:
        """Make a channel whose sound goes to and comes from whoever opens the WebSocket that is returned (its id).

        It is in our hands, and up, once the WebSocket is open: listen to its id before (chan_websocket).
        """
        query: dict[str, Parameter] = {
            "channelId": channel_id,
            "app": self._app,
            "external_host": "INCOMING",
            "format": format,
            "encapsulation": "none",
            "transport": "websocket",
            "connection_type": "server",
        }
        await self._do("POST", ("channels", "externalMedia"), query)
        return await self.get_var(channel_id, "MEDIA_WEBSOCKET_CONNECTION_ID")

    async def _make(self, id: str, request: Request) -> Channel:
        return Channel.read(await begin(self._send, self._listen, id, request))


def _body(variables: Mapping[str, str] | None) -> Mapping[str, object] | None:
    return {"variables": dict(variables)} if variables else None
