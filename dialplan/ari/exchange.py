"""Asterisk as the exchange that the stages ask: lines, legs, bridges, recordings."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager

import structlog

from dialplan.ari.client import Ari
from dialplan.ari.ear import listen_to
from dialplan.ari.end import HANGUP_VARIABLE, End
from dialplan.ari.errors import Conflict, NotFound, Refused
from dialplan.ari.known import Knowledge, Known
from dialplan.ari.leg import AriLeg
from dialplan.ari.line import AriLine
from dialplan.ari.playing import ring_back
from dialplan.ari.recorders import Recorders
from dialplan.ari.rest.bridges import BridgeType
from dialplan.ari.trunks import Trunks
from dialplan.ari.values import Bridge
from dialplan.ari.waiting_room import WaitingRoom
from dialplan.names import citizen
from dialplan.race import both
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
"""Asterisk ends the ringing itself; this is for one that does not."""
RUNG = "rung"
"""The context of Asterisk's dialplan by which a phone that was answered comes into our hands, however long it takes."""
ANSWER_AT_ONCE = {
    "PJSIP_HEADER(add,Call-Info)": "<sip:centre.invalid>;answer-after=0",
    "PJSIP_HEADER(add,Alert-Info)": "<http://centre.invalid>;info=alert-autoanswer;delay=0",
    "PJSIP_HEADER(add,Answer-Mode)": "Auto",
}
"""By which phones, and the operator's page, are asked to answer by themselves: makers heed one or another.

Answer-Mode is RFC 5373.
"""
CONGESTED = "congested"
"""The context of Asterisk's dialplan that says that the lines are busy, or answers busy (SIP 486), and hangs up."""


class AriSwitch:
    """Implements dialplan.switch.Switch over one connection."""

    def __init__(self, ari: Ari, prompts: Prompts, now: Clock, trunks: Trunks | None = None) -> None:
        self._ari = ari
        self._prompts = prompts
        self._now = now
        self._trunks = trunks or Trunks()
        self._known = Knowledge()
        self._untouched = set[str]()
        self._room = WaitingRoom(ari, self._known)
        self._recorders = Recorders(ari)

    def line(self, call: Call) -> AriLine:
        new = citizen(call) in self._untouched
        self._untouched.discard(citizen(call))
        return AriLine(self._ari, call, self._room, self._prompts, self._now, new=new)

    def arrived(self, channel: str) -> None:
        """A caller came in on this connection: nothing was done to the channel, which has not to be looked at."""
        self._untouched.add(channel)

    async def ring(
        self, leg: str, endpoint: str, shows: str, seconds: int, *, name: str = "", answers_itself: bool = False
    ) -> AriLeg:
        dialled, end = self._trunks.dial(endpoint), self._watch(leg)
        shown = {"CONNECTEDLINE(name,i)": name, "CONNECTEDLINE(num,i)": shows}
        given = {function: value for function, value in shown.items() if value}
        given |= ANSWER_AT_ONCE if answers_itself else {}
        given |= self._trunks.variables(endpoint, shows)
        try:
            async with self._trunks.door(endpoint):
                await self._free(endpoint, end)
                followed = await both(
                    self._ari.channels.originate_to(RUNG, f"PJSIP/{dialled}", leg, timeout=seconds, variables=given),
                    self._follow(leg),
                )
            self._known.of(leg).rung.add(leg)
            if not followed:  # refused before we listened
                await end.look()
        except Conflict:
            await end.look()
        except Refused as refused:
            if refused.status != CANNOT_BE_MADE:
                raise
            log.warning("a phone can't be rung: is it registered?", leg=leg)
            raise NotAnswered("unreachable") from None
        trunk = self._trunks.is_trunk(endpoint)
        return AriLeg(self._ari, end, patience_seconds=seconds + RING_GRACE_SECONDS, trunk=trunk)

    async def _free(self, endpoint: str, end: End) -> None:
        """Raises NotAnswered when the trunk has no channel left for a leg that is not there yet."""
        if await self._trunks.is_full(self._ari, endpoint) and not await end.look():
            log.warning("all channels of a trunk are taken", trunk=endpoint.partition("@")[2], leg=end.id)
            raise NotAnswered("trunk_full")

    async def _follow(self, leg: str) -> bool:
        """Get the events of a phone that rings; False for one that is not there: never made, or over already."""
        try:
            await self._ari.applications.subscribe(f"channel:{leg}")
        except Refused:
            return False
        return True

    async def find(self, leg: str) -> AriLeg | None:
        """One that was seen to come into our hands, or to end, is not asked for."""
        if (known := self._known.of(leg).legs.get(leg)) and known.is_over:
            return None
        end = self._watch(leg)
        if end.up.is_set() and not end.gone.done():
            return AriLeg(self._ari, end)
        if await end.look() and not end.up.is_set():  # rung by another controller, which may not have come to listen
            await self._follow(leg)
            await end.look()
        return None if end.gone.done() else AriLeg(self._ari, end)

    async def hold(self, leg: str) -> None:
        try:
            await self._room.enter(leg, new=False)
        except NotFound:
            raise ChannelGone(leg) from None

    async def ring_back(self, leg: str, *, on: bool = True) -> None:
        await ring_back(self._ari, leg, on=on)

    async def join(self, bridge: str, *channels: str) -> None:
        """Who is in the bridge already stays: Asterisk would take such a channel out and put it in again, audibly."""
        known = self._known.of(bridge)
        if known.are_in(bridge, channels):
            return None
        for _ in range(JOIN_TRIES):
            try:
                await self._bring_together(known, bridge, channels)
            except Refused as refused:
                known.has_lost(bridge)
                await self._all_there(channels)
                log.warning("a bridge could not be joined; trying again", bridge=bridge, why=str(refused))
            else:
                return self._known.put(bridge, channels)
        raise RuntimeError(f"bridge {bridge} could not be joined in {JOIN_TRIES} tries")

    async def _bring_together(self, known: Known, bridge: str, channels: Sequence[str]) -> None:
        """A new bridge is made and joined in one breath: Asterisk does what one connection asks in its order."""
        if known.is_new(bridge, channels):
            known.has_made(bridge)
            await both(
                self._ari.bridges.create_with_id(bridge, type=TALK), self._ari.bridges.add_channel(bridge, channels)
            )
            return
        there = (await self._bridge(known, bridge)).channels
        if missing := [channel for channel in channels if channel not in there]:
            await self._ari.bridges.add_channel(bridge, missing)

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

    def hear(self, channel: str) -> AbstractAsyncContextManager[AsyncIterator[bytes]]:
        return listen_to(self._ari, channel)

    async def part(self, bridge: str) -> None:
        known = self._known.of(bridge)
        if bridge in known.ended:
            return
        known.has_ended(bridge)
        try:
            await self._ari.bridges.destroy(bridge)
        except NotFound:
            return

    async def record(self, bridge: str, name: str) -> bool:
        return await self._recorders.record(bridge, name)

    async def pause_recording(self, name: str) -> None:
        await self._recorders.pause(name)

    async def resume_recording(self, name: str) -> None:
        await self._recorders.resume(name)

    async def stop_recording(self, name: str) -> None:
        await self._recorders.stop(name)

    async def send_away(self, channel: str, *, guided: bool) -> None:
        extension = "s" if guided else "busy"
        self._untouched.discard(channel)
        try:
            await self._ari.channels.continue_in_dialplan(channel, context=CONGESTED, extension=extension)
        except NotFound:
            await self.forget(channel)

    async def forget(self, call: str) -> None:
        await self._ari.asterisk.delete_variable(HANGUP_VARIABLE.format(id=call))
        self._known.forget(call)

    async def _bridge(self, known: Known, id: str) -> Bridge:
        """Made anew where it is missing. To read one that we have made costs a third of asking to make it."""
        if id in known.made:
            try:
                return await self._ari.bridges.get(id)
            except NotFound:
                known.has_lost(id)
        made = await self._ari.bridges.create_with_id(id, type=TALK)
        known.has_made(id)
        return made

    def _watch(self, leg: str) -> End:
        legs = self._known.of(leg).legs
        end = legs.get(leg)
        if end is None or end.gone.done():
            if end is not None:
                end.release()
            end = legs[leg] = End(self._ari, leg, self._now, rung=True)
        return end

    async def _all_there(self, channels: tuple[str, ...]) -> None:
        for channel in channels:
            try:
                await self._ari.channels.get(channel)
            except NotFound:
                raise ChannelGone(channel) from None
