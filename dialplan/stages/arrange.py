"""Bring the exchange to where a transfer is: who talks with whom, who hears music, what is recorded."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import assert_never

from dialplan.names import citizen, department, talk_bridge
from dialplan.scene import Scene
from dialplan.stages.recorded import pause_recording, start_recording, stop_recording
from dialplan.switch import ChannelGone, Leg
from dialplan.transfer import Act, Deed, Party, Place, acts
from kernel.call import Call

LEAVE_SECONDS = 2.0
"""How long a line that was ended is waited for: nobody is to be heard, or recorded, any more who was told to go."""


class Arranger:
    """For the parties of one transfer."""

    def __init__(self, call: Call, scene: Scene) -> None:
        self._scene = scene
        self._bridge = talk_bridge(call.id)
        self._interpreted = call.transfer is not None and call.transfer.language is not None
        self._channels = {
            Party.CALLER: citizen(call),
            Party.OPERATOR: call.operator_leg or "",
            Party.DEPARTMENT: department(call),
        }

    async def arrange(self, call: Call, place: Place) -> None:
        """Do what is missing; harmless when done again. Raises ChannelGone, CallerGone."""
        for deed in acts(place, interpreted=self._interpreted):
            await self._do(deed, call)

    def who(self, channel: str) -> Party | None:
        """Whose ``channel`` it is."""
        return next((party for party, id in self._channels.items() if id == channel), None)

    async def find(self, party: Party) -> Leg:
        """The telephone of the operator or the department. Raises ChannelGone."""
        leg = await self._scene.switch.find(self._channels[party])
        if leg is None:
            raise ChannelGone(self._channels[party])
        return leg

    async def leave(self, party: Party) -> None:
        """End a line, and wait until it has ended."""
        if leg := await self._scene.switch.find(self._channels[party]):
            await leg.hang_up()
            with suppress(TimeoutError):
                async with asyncio.timeout(LEAVE_SECONDS):
                    await leg.gone()

    async def quieten(self) -> None:
        """The operator hears no ringing any more, nor an interpreter's caller an announcement. Raises CallerGone."""
        await self._scene.switch.ring_back(self._channels[Party.OPERATOR], on=False)
        if self._interpreted:
            await self._scene.line.hush()

    async def _do(self, deed: Deed, call: Call) -> None:
        match deed.act:
            case Act.PAUSE:
                await pause_recording(call, self._scene)
            case Act.STOP:
                await stop_recording(call, self._scene)
            case Act.LEAVE:
                for party in deed.parties:
                    await self.leave(party)
            case Act.MUSIC:
                for party in deed.parties:
                    await self._hold(party)
            case Act.RING_BACK:
                await self._scene.switch.ring_back(self._channels[Party.OPERATOR])
            case Act.QUIET:
                await self.quieten()
            case Act.JOIN:
                await self._scene.switch.join(self._bridge, *(self._channels[party] for party in deed.parties))
            case Act.RECORD:
                await start_recording(call, self._scene)
            case _:
                assert_never(deed.act)

    async def _hold(self, party: Party) -> None:
        if party is Party.CALLER:
            await self._scene.line.hold()
        else:
            await self._scene.switch.hold(self._channels[party])
