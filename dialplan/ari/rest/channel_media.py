"""What is heard and said on a channel, and its variables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from dialplan.ari.errors import NotFound
from dialplan.ari.request import Parameter, Request, Send
from dialplan.ari.rest.begun import Listen, begin
from dialplan.ari.rest.group import Group
from dialplan.ari.rest.media import IfExists, media_list
from dialplan.ari.values import LiveRecording, Playback

NO_VARIABLE = "Provided variable was not found"
"""Asterisk's words for a channel that lives and lacks the variable, under the same 404 as for one that is gone."""

Direction = Literal["both", "in", "out"]


class ChannelMedia(Group):
    """The half of ``Channels`` that concerns sound."""

    def __init__(self, send: Send, app: str, listen: Listen) -> None:
        super().__init__(send)
        self._app = app
        self._listen = listen

    async def play(
        self,
        id: str,
        media: Sequence[str],
        *,
        playback_id: str,
        lang: str | None = None,
        skip_ms: int | None = None,
        offset_ms: int | None = None,
    ) -> Playback:
        """Play ``media`` (``sound:/path/without/ending``), one after the other, under one id. Listen to it before.

        ``offset_ms`` is where the first begins. PlaybackFinished comes once, at the end.

        Raises ValueError for a comma in a name, which Asterisk would split.
        """
        query = {"media": media_list(media), "lang": lang, "skipms": skip_ms, "offsetms": offset_ms}
        return Playback.read(await self._ask("POST", ("channels", id, "play", playback_id), query))

    async def start_moh(self, id: str, moh_class: str | None = None) -> None:
        """Music on hold; harmless when it plays."""
        await self._start(id, "moh", mohClass=moh_class)

    async def stop_moh(self, id: str) -> None:
        await self._end(id, "moh")

    async def send_dtmf(
        self, id: str, dtmf: str, *, before: int = 0, between: int = 100, duration: int = 100, after: int = 0
    ) -> None:
        """Send keys to the far end; times in milliseconds."""
        await self._start(id, "dtmf", dtmf=dtmf, before=before, between=between, duration=duration, after=after)

    async def hold(self, id: str) -> None:
        """Put the far end on hold."""
        await self._start(id, "hold")

    async def unhold(self, id: str) -> None:
        await self._end(id, "hold")

    async def mute(self, id: str, direction: Direction = "both") -> None:
        """Silence what the phone says (in), what it hears (out), or both."""
        await self._start(id, "mute", direction=direction)

    async def unmute(self, id: str, direction: Direction = "both") -> None:
        await self._end(id, "mute", direction=direction)

    async def record(
        self,
        id: str,
        *,
        name: str,
        format: str = "wav",
        if_exists: IfExists = "fail",
        max_duration_seconds: int = 0,
        max_silence_seconds: int = 0,
        beep: bool = False,
    ) -> LiveRecording:
        """Record the channel; returns when it is recorded. 0 seconds is without limit.

        Fails on a channel that ARI has dialled (asterisk#2044): record its bridge, or a snoop channel on it, instead.
        """
        query: dict[str, Parameter] = {
            "name": name,
            "format": format,
            "ifExists": if_exists,
            "maxDurationSeconds": max_duration_seconds,
            "maxSilenceSeconds": max_silence_seconds,
            "beep": beep,
        }
        request = Request("POST", ("channels", id, "record"), query)
        return LiveRecording.read(await begin(self._send, self._listen, name, request))

    async def get_var(self, id: str, variable: str) -> str:
        """The variable or function (``CHANNEL(...)``); "" where the channel has none of that name."""
        try:
            answer = await self._ask("GET", ("channels", id, "variable"), {"variable": variable})
        except NotFound as missing:
            if missing.message == NO_VARIABLE:
                return ""
            raise
        return answer.text("value")

    async def set_var(self, id: str, variable: str, value: str) -> None:
        await self._start(id, "variable", variable=variable, value=value)

    async def _start(self, id: str, what: str, **query: Parameter) -> None:
        await self._do("POST", ("channels", id, what), query)

    async def _end(self, id: str, what: str, **query: Parameter) -> None:
        await self._do("DELETE", ("channels", id, what), query)
