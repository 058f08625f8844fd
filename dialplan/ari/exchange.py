"""Asterisk as the exchange that the stages ask: lines, legs, bridges, recordings."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import structlog

from dialplan.ari.client import Ari
from dialplan.ari.end import HANGUP_VARIABLE, End
from dialplan.ari.errors import Conflict, NotFound, Refused
from dialplan.ari.events import RecordingFailed, RecordingFinished
from dialplan.ari.leg import AriLeg
from dialplan.ari.line import AriLine
from dialplan.ari.rest.bridges import BridgeType
from dialplan.ari.values import Bridge
from dialplan.ari.waiting_room import WaitingRoom
from dialplan.switch import ChannelGone, NotAnswered
from kernel.call import Call
from kernel.ports import Clock, Prompts

log = structlog.get_logger(__name__)

CANNOT_BE_MADE = 500
"""What Asterisk answers when it finds no way to a phone, such as one that is not registered."""
JOIN_TRIES = 3
TALK: BridgeType = "mixing,proxy_media"
"""Asterisk's native bridge, which hands RTP on unseen, left callers who came out of the waiting room in silence."""
RING_GRACE_SECONDS = 5.0
"""Asterisk ends the ringing itself; but not of a leg that was made and, for a crash, never dialled."""
ANSWER_AT_ONCE = "<sip:centre.invalid>;answer-after=0"
"""The header Call-Info by which phones, and the operator's page, are asked to answer by themselves."""
RECORDING_STOP_SECONDS = 5.0
MAX_RECORDING_SECONDS = 4 * 3600
CONGESTED = "congested"
"""The context of Asterisk's dialplan that says that the lines are busy, or answers busy (SIP 486), and hangs up."""


class AriSwitch:
    """Implements dialplan.switch.Switch over one connection."""

    def __init__(self, ari: Ari, prompts: Prompts, now: Clock) -> None:
        self._ari = ari
        self._prompts = prompts
        self._now = now
        self._room = WaitingRoom(ari)
        self._legs: dict[str, End] = {}
        self._made: set[str] = set()

    def line(self, call: Call) -> AriLine:
        return AriLine(self._ari, call, self._room, self._prompts, self._now)

    async def ring(
        self, leg: str, endpoint: str, shows: str, seconds: int, *, name: str = "", answers_itself: bool = False
    ) -> AriLeg:
        end = self._watch(leg)
        asked = ANSWER_AT_ONCE if answers_itself else ""
        shown = {"CONNECTEDLINE(name,i)": name, "CONNECTEDLINE(num,i)": shows, "PJSIP_HEADER(add,Call-Info)": asked}
        variables = {function: value for function, value in shown.items() if value}
        try:
            await self._ari.channels.create(endpoint=f"PJSIP/{endpoint}", channel_id=leg, variables=variables)
            await self._ari.channels.dial(leg, timeout=seconds)
        except Conflict:
            await end.look()
        except NotFound:
            await end.is_gone()
        except Refused as refused:
            if refused.status != CANNOT_BE_MADE:
                raise
            log.warning("a phone can't be rung: is it registered?", leg=leg)
            raise NotAnswered("unreachable") from None
        return AriLeg(self._ari, end, patience_seconds=seconds + RING_GRACE_SECONDS)

    async def find(self, leg: str) -> AriLeg | None:
        """A leg that was seen to end is not asked for again."""
        if (known := self._legs.get(leg)) and known.is_over:
            return None
        end = self._watch(leg)
        return AriLeg(self._ari, end) if await end.look() else None

    async def join(self, bridge: str, *channels: str) -> None:
        """Who is in the bridge already stays: Asterisk would take such a channel out and put it in again, audibly."""
        for _ in range(JOIN_TRIES):
            try:
                there = (await self._bridge(bridge)).channels
                if missing := [channel for channel in channels if channel not in there]:
                    await self._ari.bridges.add_channel(bridge, missing)
            except Refused as refused:
                await self._all_there(channels)
                log.warning("a bridge could not be joined; trying again", bridge=bridge, why=str(refused))
            else:
                return
        raise RuntimeError(f"bridge {bridge} could not be joined in {JOIN_TRIES} tries")

    async def spy(self, channel: str, ear: str, *, whisper: bool) -> None:
        end = self._watch(ear)
        try:
            await self._ari.channels.snoop(channel, snoop_id=ear, spy="both", whisper="out" if whisper else "none")
        except NotFound:
            await end.is_gone()
            raise ChannelGone(channel) from None
        except Refused:
            if not await end.look():  # Asterisk has no word of its own for an id that is taken
                raise

    async def part(self, bridge: str) -> None:
        self._made.discard(bridge)
        try:
            await self._ari.bridges.destroy(bridge)
        except NotFound:
            return

    async def record(self, bridge: str, name: str) -> bool:
        """One that runs already is in conflict with the request."""
        try:
            await self._ari.bridges.record(
                bridge, name=name, format="wav", if_exists="append", max_duration_seconds=MAX_RECORDING_SECONDS
            )
        except Conflict:
            await self._ari.recordings.live(name)
            return False
        return True

    async def pause_recording(self, name: str) -> None:
        await _where_it_runs(self._ari.recordings.pause(name))

    async def resume_recording(self, name: str) -> None:
        await _where_it_runs(self._ari.recordings.unpause(name))

    async def stop_recording(self, name: str) -> None:
        with self._ari.listen(name) as inbox:
            try:
                await self._ari.recordings.stop(name)
            except NotFound:
                return
            try:
                async with asyncio.timeout(RECORDING_STOP_SECONDS):
                    while not isinstance(await inbox.get(), RecordingFinished | RecordingFailed):
                        continue
            except TimeoutError:
                log.error("Asterisk does not say that a recording has ended", recording=name)

    async def send_away(self, channel: str, *, guided: bool) -> None:
        extension = "s" if guided else "busy"
        try:
            await self._ari.channels.continue_in_dialplan(channel, context=CONGESTED, extension=extension)
        except NotFound:
            await self.forget(channel)

    async def forget(self, call: str) -> None:
        await self._ari.asterisk.delete_variable(HANGUP_VARIABLE.format(id=call))
        for leg in [leg for leg in self._legs if leg.startswith(f"{call}~")]:
            self._legs.pop(leg).release()

    async def _bridge(self, id: str) -> Bridge:
        """Made anew where it is missing. To read one that we have made costs a third of asking to make it."""
        if id in self._made:
            try:
                return await self._ari.bridges.get(id)
            except NotFound:
                self._made.discard(id)
        made = await self._ari.bridges.create_with_id(id, type=TALK)
        self._made.add(id)
        return made

    def _watch(self, leg: str) -> End:
        end = self._legs.get(leg)
        if end is None or end.gone.done():
            if end is not None:
                end.release()
            end = self._legs[leg] = End(self._ari, leg, self._now)
        return end

    async def _all_there(self, channels: tuple[str, ...]) -> None:
        for channel in channels:
            try:
                await self._ari.channels.get(channel)
            except NotFound:
                raise ChannelGone(channel) from None


async def _where_it_runs(asked: Coroutine[Any, Any, None]) -> None:
    try:
        await asked
    except NotFound:
        return
