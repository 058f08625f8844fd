"""One citizen's call from INVITE to the recording's end, with the time of each step."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from bench.deletions import Deletions
from bench.figures import ms
from bench.installation import Installation
from bench.sip import mulaw
from bench.sip.agent import Agent
from bench.sip.telephones import Citizen, Phones, Rung, citizen
from kernel.call import Call, Stage
from kernel.events import EventKind
from kernel.operator import OperatorState
from kernel.recording import recording_name

T = TypeVar("T")

CITIZEN_HERTZ, OPERATOR_HERTZ = 500, 1000
LISTEN_SECONDS = 0.3
RING_SECONDS = 0.3
TALK_SECONDS = 1.0
PATIENCE_SECONDS = 60.0
LOOK_SECONDS = 0.02
HISTORY = {
    "case": "",
    "name": "藤沢 花子",
    "subject": "粗大ごみ",
    "text": "申込方法を案内した。",
    "outcome": "回答済み",
}


@dataclass(frozen=True, slots=True)
class Telephones:
    """What the world outside consists of."""

    carrier: Agent
    phones: Phones
    deletions: Deletions


class ACall:
    """Plays one call; ``steps`` are milliseconds by name."""

    def __init__(self, at: Installation, outside: Telephones, number: str) -> None:
        self._at = at
        self._outside = outside
        self._number = number
        self.steps: dict[str, float] = {}

    async def play(self) -> dict[str, float]:
        """All of it. Raises what goes wrong, TimeoutError for what does not happen."""
        self.steps["sip_round_trip"] = ms(await self._outside.carrier.round_trip())
        async with citizen(self._outside.carrier, self._number, self._at.centre.numbers[0]) as caller:
            await self._comes_in(caller)
            phone, pressed = await self._presses(caller)
            try:
                call = await self._talks(caller, phone)
                await self._hangs_up(caller, phone)
            finally:
                phone.close()
        await self._writes(call, pressed)
        return self.steps

    async def _comes_in(self, caller: Citizen) -> None:
        packet, sound = caller.audio.hear(_anything), caller.audio.hear(mulaw.has_sound)
        invited = caller.rings()
        self.steps["invite_to_answer"] = ms(await caller.is_taken() - invited)
        self.steps["invite_to_first_packet"] = ms(await within(packet, "the caller gets audio") - invited)
        self.steps["invite_to_prompt"] = ms(await within(sound, "the caller hears the prompt") - invited)
        await asyncio.sleep(LISTEN_SECONDS)

    async def _presses(self, caller: Citizen) -> tuple[Rung, int]:
        rung = self._outside.phones.rung_by(self._number)
        pressed = await caller.audio.press("1")
        phone = await within(rung, "a phone rings")
        self.steps["key_to_phone_rings"] = ms(phone.at - pressed)
        return phone, pressed

    async def _talks(self, caller: Citizen, phone: Rung) -> Call:
        await asyncio.sleep(RING_SECONDS)
        caller.audio.say(mulaw.tone(CITIZEN_HERTZ))
        phone.audio.say(mulaw.tone(OPERATOR_HERTZ))
        by_caller = caller.audio.hear(mulaw.has_tone(OPERATOR_HERTZ))
        by_operator = phone.audio.hear(mulaw.has_tone(CITIZEN_HERTZ))
        answered = phone.answer()
        heard = await within(asyncio.gather(by_caller, by_operator), "both hear each other")
        self.steps["answer_to_caller_hears"] = ms(heard[0] - answered)
        self.steps["answer_to_operator_hears"] = ms(heard[1] - answered)
        self.steps["answer_to_talk"] = ms(max(heard) - answered)
        await asyncio.sleep(TALK_SECONDS)
        return await found(self._stored, "the call is stored as a talk")

    async def _hangs_up(self, caller: Citizen, phone: Rung) -> None:
        at = await caller.hang_up()
        self.steps["hang_up_to_operators_bye"] = ms(await phone.is_over() - at)

    async def _writes(self, call: Call, pressed: int) -> None:
        """The history, at the console; then what the log says of the moments that no wire shows."""
        store, operator = self._at.store, call.operator or ""
        gone = self._outside.deletions.of(f"{recording_name(call.id, call.offers)}.wav")

        async def writing_up() -> bool:
            status = await store.operators.find(operator)
            return status is not None and status.state is OperatorState.WRAP_UP

        await found(writing_up, "the wrap-up begins")
        await self._at.desks[operator].write_history(call.id, HISTORY)
        deleted = await within(gone, "the recording is deleted")
        times = await found(lambda: self._log_of(call), "the call is closed")
        self.steps["history_to_recording_gone"] = ms(deleted - times[EventKind.HISTORY_SAVED])
        self.steps["key_to_queue"] = ms(times[EventKind.CALL_QUEUED] - pressed)

    async def _stored(self) -> Call | None:
        calls = await self._at.store.calls.unfinished()
        return next((one for one in calls if self._is_ours(one) and one.stage is Stage.TALK), None)

    def _is_ours(self, call: Call) -> bool:
        return call.caller is not None and call.caller.digits == self._number

    async def _log_of(self, call: Call) -> dict[EventKind, int] | None:
        events = [stored.event for stored in await self._at.store.events.of_call(call.id)]
        times = {event.kind: int(event.at.timestamp() * 1e6) * 1000 for event in events}
        return times if EventKind.CALL_ENDED in times else None


async def within(awaitable: Awaitable[T], what: str) -> T:
    """What must happen soon."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await awaitable
    except TimeoutError:
        raise TimeoutError(f"waited in vain until {what}") from None


async def found(look: Callable[[], Awaitable[T | None]], what: str) -> T:
    """The first answer that is not empty: other processes give no event."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (answer := await look()):  # noqa: ASYNC110
                await asyncio.sleep(LOOK_SECONDS)
    except TimeoutError:
        raise TimeoutError(f"waited in vain until {what}") from None
    return answer


def _anything(_: bytes) -> bool:
    return True
