"""Bridges: channels that hear each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from dialplan.ari.errors import Conflict, NotFound, Overloaded, Refused
from dialplan.ari.request import Parameter
from dialplan.ari.rest.group import Group
from dialplan.ari.rest.media import IfExists, media_list
from dialplan.ari.values import Bridge, LiveRecording, Playback

BridgeType = Literal["mixing", "holding", "dtmf_events", "proxy_media", "mixing,dtmf_events", "mixing,proxy_media"]


class Bridges(Group):
    """NotFound means that the bridge, or a channel that should join it, is gone."""

    async def create_with_id(self, id: str, *, type: BridgeType = "mixing", name: str | None = None) -> Bridge:
        """The bridge of that id, made where there is none: asking twice gives the same bridge with its channels."""
        try:
            answer = await self._ask("POST", ("bridges", id), {"type": type, "name": name})
        except Conflict:
            return await self.get(id)
        return Bridge.read(answer)

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
        role: Literal["announcer", "participant"] | None = None,
        absorb_dtmf: bool = False,
        mute: bool = False,
    ) -> None:
        """Let ``channels`` join; harmless for one that is in. ``role`` is for holding bridges.

        NotFound when the bridge or a channel is gone. Overloaded when all of them live and Asterisk still does not
        take them: they are not, or not yet, in our hands.
        """
        query: dict[str, Parameter] = {
            "channel": ",".join(channels),
            "role": role,
            "absorbDTMF": absorb_dtmf,
            "mute": mute,
        }
        try:
            await self._do("POST", ("bridges", id, "addChannel"), query)
        except Refused as refused:
            if refused.status in {400, 422}:
                raise await self._not_taken(refused, channels) from None
            raise

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
        """Record all that is said in the bridge, into the recording folder; 0 seconds is without limit.

        Conflict when a recording of that name runs, or its file exists and ``if_exists`` is "fail".
        """
        query: dict[str, Parameter] = {
            "name": name,
            "format": format,
            "ifExists": if_exists,
            "maxDurationSeconds": max_duration_seconds,
            "beep": beep,
        }
        return LiveRecording.read(await self._ask("POST", ("bridges", id, "record"), query))

    async def play(self, id: str, media: Sequence[str], *, playback_id: str, lang: str | None = None) -> Playback:
        """As ``Channels.play``, to all in the bridge."""
        query = {"media": media_list(media), "lang": lang}
        return Playback.read(await self._ask("POST", ("bridges", id, "play", playback_id), query))

    async def start_moh(self, id: str, moh_class: str | None = None) -> None:
        """Music on hold for all in the bridge."""
        await self._do("POST", ("bridges", id, "moh"), {"mohClass": moh_class})

    async def stop_moh(self, id: str) -> None:
        await self._do("DELETE", ("bridges", id, "moh"))

    async def _not_taken(self, refused: Refused, channels: Sequence[str]) -> Refused:
        """Asterisk says 400 or 422 both of a channel that is gone and under load: the channels themselves tell."""
        for channel in channels:
            try:
                await self._ask("GET", ("channels", channel))
            except NotFound as gone:
                return gone
        return Overloaded(refused.method, refused.path, refused.status, refused.message)
