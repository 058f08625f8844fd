"""What is measured: blind transfers and attended ones by one, and ever more blind ones at the same time."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count, islice

from bench.a_call import within
from bench.figures import ms, summary
from bench.sip import mulaw
from bench.sip.telephones import Rung
from bench.transfer.ears import Change
from bench.transfer.ground import Ground
from bench.transfer.sides import Side, Talk

CITIZEN_HERTZ, OPERATOR_HERTZ, DEPARTMENT_HERTZ = 500, 1000, 1500
RING_SECONDS, LISTEN_SECONDS = 0.4, 0.3
STEP_SECONDS = 2.0
COMING_AT_ONCE = 5
LATE_MS = 500.0
"""After which SIP sends a request once more (T1, RFC 3261): who is not rung by then is not served in time."""
EXTENSION = "9{:03}"


@dataclass
class Seen:
    """Milliseconds, of all transfers of one kind and side. ``to_caller`` and ``to_department``: whose ear it was."""

    ring: list[float] = field(default_factory=list[float])
    to_caller: list[float] = field(default_factory=list[float])
    to_department: list[float] = field(default_factory=list[float])

    def figures(self) -> dict[str, dict[str, float]]:
        found = {"ring_ms": self.ring, "gap_at_caller_ms": self.to_caller, "gap_at_department_ms": self.to_department}
        return {name: summary(samples) for name, samples in found.items() if samples}


class Round:
    """``operators`` phones, of which each new call of Asterisk's side rings the next."""

    def __init__(self, ground: Ground, operators: int) -> None:
        self._ground = ground
        self._numbers: Iterator[str] = (f"090{n // operators:05}{n % operators:03}" for n in count())
        self._extensions: Iterator[str] = (EXTENSION.format(n % 1000) for n in count())

    async def blind(self, side: Side, seen: Seen) -> None:
        """The caller hears music until the department is there."""
        talk, extension = await self._talk(side), next(self._extensions)
        rung = self._ground.departments.rung_at(extension)
        asked = await side.hand_over(talk, extension)
        department = await within(rung, "the department rings")
        seen.ring.append(ms(department.at - asked))
        await asyncio.sleep(RING_SECONDS)
        at_caller = Change(talk.line.audio, DEPARTMENT_HERTZ)
        await asyncio.sleep(LISTEN_SECONDS)
        department.audio.say(mulaw.tone(DEPARTMENT_HERTZ))
        both = asyncio.gather(at_caller.heard, department.audio.hear(mulaw.has_tone(CITIZEN_HERTZ)))
        department.answer()
        await within(both, "caller and department hear each other")
        seen.to_caller.append(at_caller.gap_ms)
        await self._over(side, talk, department)

    async def attended(self, side: Side, seen: Seen) -> None:
        """The caller hears music, the department the operator, until it is completed."""
        talk, extension = await self._talk(side), next(self._extensions)
        rung = self._ground.departments.rung_at(extension)
        asked = await side.consult(talk, extension)
        department = await within(rung, "the department rings")
        seen.ring.append(ms(department.at - asked))
        department.audio.say(mulaw.tone(DEPARTMENT_HERTZ))
        await asyncio.sleep(RING_SECONDS)
        department.answer()
        await within(side.asked(talk), "operator and department talk")
        await within(department.audio.hear(mulaw.has_tone(OPERATOR_HERTZ)), "the department hears the operator")
        at_caller = Change(talk.line.audio, DEPARTMENT_HERTZ)
        at_department = Change(department.audio, CITIZEN_HERTZ)
        await asyncio.sleep(LISTEN_SECONDS)
        await side.complete(talk)
        await within(asyncio.gather(at_caller.heard, at_department.heard), "caller and department hear each other")
        seen.to_caller.append(at_caller.gap_ms)
        seen.to_department.append(at_department.gap_ms)
        await self._over(side, talk, department)

    async def at_rate(self, side: Side, rate: int) -> bool:
        """Whether ``rate`` blind transfers a second are clean: each rings in time, once, and both hear each other."""
        talks: list[Talk] = []
        for begun in range(0, round(rate * STEP_SECONDS), COMING_AT_ONCE):
            some = min(COMING_AT_ONCE, round(rate * STEP_SECONDS) - begun)
            talks += await asyncio.gather(*(self._talk(side, sedate=True) for _ in range(some)))
        transfers: list[asyncio.Task[float]] = []
        for talk, extension in zip(talks, islice(self._extensions, len(talks)), strict=True):
            transfers.append(asyncio.create_task(self._transfer(side, talk, extension), name=extension))
            await asyncio.sleep(1 / rate)
        found = await asyncio.gather(*transfers, return_exceptions=True)
        rings = [one for one in found if not isinstance(one, BaseException)]
        clean = len(rings) == len(found) and max(rings) < LATE_MS
        slowest = round(max(rings)) if rings else None
        tell(f"{side.name}: {rate} a second, {len(found) - len(rings)} went wrong, the slowest rang after {slowest} ms")
        return clean

    async def _transfer(self, side: Side, talk: Talk, extension: str) -> float:
        rung = self._ground.departments.rung_at(extension)
        asked = await side.hand_over(talk, extension)
        department = await within(rung, "the department rings")
        heard = talk.line.audio.hear(mulaw.has_tone(DEPARTMENT_HERTZ))
        department.answer()
        department.audio.only_lives(mulaw.tone(DEPARTMENT_HERTZ))
        await within(heard, "the caller hears the department")
        repeated = department.dialog.repeated
        await self._over(side, talk, department)
        return ms(department.at - asked) if not repeated else LATE_MS

    async def _talk(self, side: Side, *, sedate: bool = False) -> Talk:
        talk = await side.talk(next(self._numbers))
        if sedate:
            talk.line.audio.only_lives()
            talk.phone.audio.only_lives()
            return talk
        talk.line.audio.say(mulaw.tone(CITIZEN_HERTZ))
        talk.phone.audio.say(mulaw.tone(OPERATOR_HERTZ))
        heard = [
            talk.line.audio.hear(mulaw.has_tone(OPERATOR_HERTZ)),
            talk.phone.audio.hear(mulaw.has_tone(CITIZEN_HERTZ)),
        ]
        await within(asyncio.gather(*heard), "citizen and operator hear each other")
        return talk

    async def _over(self, side: Side, talk: Talk, department: Rung) -> None:
        await side.leave(talk)
        await talk.over()
        await department.is_over()
        department.close()


def tell(line: str) -> None:
    """Progress goes to standard error: the last line of standard output is the result."""
    print(line, file=sys.stderr, flush=True)
