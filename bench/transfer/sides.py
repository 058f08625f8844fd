"""Who transfers: the platform, by a click at the console, or Asterisk's core, by a REFER of the operator's phone."""

from __future__ import annotations

import time
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote

from bench.a_call import found, within
from bench.installation import Installation
from bench.sip.dialog import Dialog
from bench.sip.digest import authorization
from bench.sip.message import sdp
from bench.sip.telephones import Citizen, Rung, citizen
from bench.transfer.ground import OURS_NUMBER, THEIRS_NUMBER, Ground
from denwa.world.operator import ConsoleOperator
from kernel.call import Call, Stage
from kernel.transfer import Step

OURS, THEIRS = "denwa", "asterisk"


@dataclass(eq=False)
class Talk:
    """A citizen talks with an operator. On Asterisk's side ``second`` is the phone's own call to who is ``asked``."""

    line: Citizen
    phone: Rung
    stack: AsyncExitStack
    call: Call | None = None
    second: Dialog | None = None
    asked: str = ""

    async def over(self) -> None:
        """The citizen hangs up."""
        await self.line.hang_up()
        self.phone.close()
        await self.stack.aclose()


class Side(Protocol):
    """Times are nanoseconds since the epoch: when the operator asked."""

    @property
    def name(self) -> str: ...

    async def talk(self, number: str) -> Talk:
        """One more, from the caller of that number."""
        ...

    async def hand_over(self, talk: Talk, extension: str) -> int: ...

    async def consult(self, talk: Talk, extension: str) -> int: ...

    async def asked(self, talk: Talk) -> None:
        """Return when operator and department talk, once the department has answered."""
        ...

    async def complete(self, talk: Talk) -> int: ...

    async def leave(self, talk: Talk) -> None:
        """Return when the operator is out of the talk that was transferred."""
        ...


class Ours:
    """The time of a click is that of the POST, before it is encrypted. The finder was asked before, as one types."""

    name = OURS

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def talk(self, number: str) -> Talk:
        talk = await _answered(self._ground, number, OURS_NUMBER)
        talk.call = await found(lambda: _stored(self._ground.at, number), "the call is a talk")
        return talk

    async def hand_over(self, talk: Talk, extension: str) -> int:
        desk, call = await self._typed(talk, extension)
        at = time.time_ns()
        await desk.hand_over(call, extension)
        return at

    async def consult(self, talk: Talk, extension: str) -> int:
        desk, call = await self._typed(talk, extension)
        at = time.time_ns()
        await desk.consult(call, extension)
        return at

    async def asked(self, talk: Talk) -> None:
        async def look() -> bool:
            call = await self._ground.at.store.calls.find(self._desk(talk)[1])
            return call is not None and call.transfer is not None and call.transfer.step is Step.TALKING

        await found(look, "operator and department talk")

    async def complete(self, talk: Talk) -> int:
        desk, call, at = *self._desk(talk), time.time_ns()
        await desk.transfer(call, "complete")
        return at

    async def leave(self, talk: Talk) -> None:
        await talk.phone.is_over()

    async def _typed(self, talk: Talk, extension: str) -> tuple[ConsoleOperator, str]:
        """The desk of a browser whose connection is open, since the finder has just shown what was typed."""
        desk, call = self._desk(talk)
        await desk.page(f"/directory/find?q={extension}&call={call}")
        return desk, call

    def _desk(self, talk: Talk) -> tuple[ConsoleOperator, str]:
        assert talk.call is not None
        return self._ground.at.desks[talk.call.operator or ""], talk.call.id


class Theirs:
    """The time of a click is that of the phone's request."""

    name = THEIRS

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    async def talk(self, number: str) -> Talk:
        return await _answered(self._ground, number, THEIRS_NUMBER)

    async def hand_over(self, talk: Talk, extension: str) -> int:
        return await self._refer(talk, f"sip:{extension}@{self._ground.server[0]}")

    async def consult(self, talk: Talk, extension: str) -> int:
        """The caller hears music, and the phone calls once more; it is asked for its password first."""
        offer = sdp(*talk.phone.audio.address)
        talk.phone.dialog.ask("INVITE", offer.replace("sendrecv", "sendonly"))
        await talk.phone.dialog.answered("INVITE")
        agent, own = talk.phone.agent, talk.phone.extension
        stranger = agent.dialog(own, extension)
        stranger.ask("INVITE", offer)
        asked = (await stranger.final("INVITE"))["www-authenticate"]
        agent.forget(stranger)
        target = f"sip:{extension}@{self._ground.server[0]}"
        proof = authorization(asked, "INVITE", target, own, self._ground.secret(own))
        talk.second, talk.asked = agent.dialog(own, extension), extension
        return talk.second.ask("INVITE", offer, Authorization=proof)

    async def asked(self, talk: Talk) -> None:
        assert talk.second is not None
        answer = await talk.second.answered("INVITE")
        talk.phone.audio.talk_to(answer.media, answer.event_payload)

    async def complete(self, talk: Talk) -> int:
        assert talk.second is not None
        ours, theirs = talk.second.tags
        replaces = quote(f"{talk.second.id};to-tag={theirs};from-tag={ours}", safe="")
        return await self._refer(talk, f"sip:{talk.asked}@{self._ground.server[0]}?Replaces={replaces}")

    async def leave(self, talk: Talk) -> None:
        """The phone hangs up, which Asterisk waits for."""
        for dialog in (talk.phone.dialog, talk.second):
            if dialog and not dialog.ended.done():
                dialog.ask("BYE")
                await dialog.final("BYE")
        if talk.second:
            talk.phone.agent.forget(talk.second)

    async def _refer(self, talk: Talk, target: str) -> int:
        at = talk.phone.dialog.ask("REFER", **{"Refer-To": f"<{target}>"})
        await talk.phone.dialog.answered("REFER")
        return at


async def _answered(ground: Ground, number: str, dials: str) -> Talk:
    stack, rung = AsyncExitStack(), ground.phones.rung_by(number)
    line = await stack.enter_async_context(citizen(ground.carrier, number, dials))
    line.rings()
    await line.is_taken()
    phone = await within(rung, "the operator's phone rings")
    phone.answer()
    return Talk(line, phone, stack)


async def _stored(at: Installation, number: str) -> Call | None:
    calls = await at.store.calls.unfinished()
    mine = (one for one in calls if one.caller and one.caller.digits == number and one.stage is Stage.TALK)
    return next(mine, None)
