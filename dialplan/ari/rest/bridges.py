"""Bridges: channels that hear each other."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Literal

from dialplan.ari.errors import Conflict, NotFound, Overloaded, Refused
from dialplan.ari.request import Parameter, Request, Send
from dialplan.ari.rest.begun import Listen, begin
from dialplan.ari.rest.group import Group
from dialplan.ari.rest.media import IfExists, media_list
from dialplan.ari.values import Bridge, LiveRecording, Playback

BridgeType = Literal["mixing", "holding", "dtmf_events", "proxy_media", "mixing,dtmf_events", "mixing,proxy_media"]

PAUSES_SECONDS = (0.01, 0.03, 0.1, 0.2)
"""Before asking again what Asterisk refused for a reason that passes."""


class Bridges(Group):
    """NotFound means that the bridge, or a channel that should join it, is gone."""

    def __init__(self, send: Send, listen: Listen) -> None:
        super().__init__(send)
        self._listen = listen

    async def create_with_id(self, id: str, *, type: BridgeType = "mixing", name: str | None = None) -> Bridge:
        """The bridge of that id, made where there is none: asking twice gives the same bridge with its channels.

        A bridge that is just being taken down is waited for, and made anew.
        """
        query = {"type": type, "name": name}
        for pause in PAUSES_SECONDS:
            try:
                return Bridge.read(await self._ask("POST", ("bridges", id), query))
            except Conflict:
                if await self._is_live(id):
                    return await self.get(id)
            await asyncio.sleep(pause)
        return Bridge.read(await self._ask("POST", ("bridges", id), query))

    async def get(self, id: str) -> Bridge:
        return Bridge.read(await self._ask("GET", ("bridges", id)))

    async def list(self) -> tuple[Bridge, ...]:
        """All bridges of this Asterisk, also those of others."""
        return tuple(Bridge.read(one) for one in await self._ask_for_list("bridges"))

    async def add_channel(
        self,
        id: str,
        channels: Sequence[str],
        *,
        role: Literal["announcer", "participant", "holding_participant"] | None = None,
        absorb_dtmf: bool = False,
        mute: bool = False,
    ) -> None:
        """Let ``channels`` join; one that is in is taken out and put in again, which is heard.

        NotFound when the bridge or a channel is gone. Overloaded when all of them live and Asterisk still does not
        take them, after PAUSES_SECONDS. ``role`` is for holding bridges.
        """
        query: dict[str, Parameter] = {
            "channel": ",".join(channels),
            "role": role,
            "absorbDTMF": absorb_dtmf,
            "mute": mute,
        }
        request = Request("POST", ("bridges", id, "addChannel"), query)
        for pause in (*PAUSES_SECONDS, None):
            try:
                await self._send(request)
            except Refused as refused:
                if refused.status not in {400, 422}:
                    raise
                await self._all_live(channels)
                if pause is None:
                    raise Overloaded(request.method, request.route, refused.status, refused.message) from None
                await asyncio.sleep(pause)
            else:
                return

    async def remove_channel(self, id: str, channels: Sequence[str]) -> None:
        """Take ``channels`` out; they stay in our hands. Refused (422) when one of them is not in this bridge."""
        await self._do("POST", ("bridges", id, "removeChannel"), {"channel": ",".join(channels)})

    async def destroy(self, id: str) -> None:
        """End the bridge; its channels stay in our hands."""
        await self._do("DELETE", ("bridges", id))

    async def record(
        self,
        id: str,
        *,
        name: str,
        format: str = "wav",
        if_exists: IfExists = "fail",
        max_duration_seconds: int = 0,
        beep: bool = False,
    ) -> LiveRecording:
        """Record all that is said in the bridge, into the recording folder; returns when it is recorded.

        0 seconds is without limit. Conflict when a recording of that name runs, or when its file exists and
        ``if_exists`` is "fail".
        """
        query: dict[str, Parameter] = {
            "name": name,
            "format": format,
            "ifExists": if_exists,
            "maxDurationSeconds": max_duration_seconds,
            "beep": beep,
        }
        request = Request("POST", ("bridges", id, "record"), query)
        return LiveRecording.read(await begin(self._send, self._listen, name, request))

    async def play(self, id: str, media: Sequence[str], *, playback_id: str, lang: str | None = None) -> Playback:
        """As ``Channels.play``, to all in the bridge."""
        query = {"media": media_list(media), "lang": lang}
        return Playback.read(await self._ask("POST", ("bridges", id, "play", playback_id), query))

    async def start_moh(self, id: str, moh_class: str | None = None) -> None:
        """Music on hold for all in the bridge."""
        await self._do("POST", ("bridges", id, "moh"), {"mohClass": moh_class})

    async def stop_moh(self, id: str) -> None:
        await self._do("DELETE", ("bridges", id, "moh"))

    async def _is_live(self, id: str) -> bool:
        """A bridge that is being taken down is still found by its id; asked to take no channel at all, it owns up."""
        try:
            await self._do("POST", ("bridges", id, "addChannel"))
        except NotFound:
            return False
        except Refused as refused:
            return refused.status == 400
        return True

    async def _all_live(self, channels: Sequence[str]) -> None:
        """Asterisk says 400 or 422 both of a channel that is gone and under load: the channels themselves tell."""
        for channel in channels:
            await self._ask("GET", ("channels", channel))
