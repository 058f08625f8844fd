"""``python -m bench.interpreting``: many talks of three (caller, operator, interpreter) at once, with audio, for long.

The platform is the real `denwa serve` on SQLite, each operator a console session; callers, phones and interpreters are
SIP telephones of this process, each of which says a tone of its own fifty times a second. Each leg is looked at every
few seconds: it must hear the two others, and the numbers of its packets say how many Asterisk has sent meanwhile.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asterisk_conf.rendered import Rendered
from asterisk_conf.secrets import phone_file, read_secret
from bench import usage
from bench.a_call import found
from bench.choir import Choir
from bench.figures import summary
from bench.installation import Installation, installed
from bench.interpreting.ends import End, Ends
from kernel.call import Call, Stage
from kernel.centre import Centre
from kernel.operator import OperatorState
from kernel.routing import Lead
from kernel.settings import Settings
from kernel.transfer import Step

PORT = 5060
NUMBER = "0901{:07}"
LANGUAGE = "en"
LOOK_SECONDS = 10.0
UNASKED = """
[carrier](+type=aor)
qualify_frequency = 0
"""
"""The carrier comes after Asterisk here, and would count as unreachable for a minute."""


@dataclass(eq=False)
class Three:
    """One talk of three; its interpreter is one of those who were rung."""

    call: str
    ends: tuple[End, End, End]


class Bench:
    """One run. ``lost`` are the legs that were ended.

    ``deaf`` counts the looks at which a leg did not hear both others, ``uneven`` those at which the first packet did
    not hold them, by talk.
    """

    def __init__(self, at: Installation, ends: Ends, choir: Choir) -> None:
        self._at = at
        self.choir = choir
        self._ends = ends
        self.threes: list[Three] = []
        self.deaf: Counter[str] = Counter()
        self.uneven: Counter[str] = Counter()
        self.looks = 0

    async def another(self, number: str) -> None:
        """One more talk, brought to three by the operator's buttons."""
        citizen = await self._ends.citizen(number, self._at.centre.numbers[0])
        call = await found(lambda: self._stored(number, None), "the call is a talk")
        desk = self._at.desks[call.operator or ""]
        await desk.interpret(call.id, LANGUAGE)
        await found(lambda: self._stored(number, Step.TALKING), "operator and interpreter talk")
        await desk.transfer(call.id, "three")
        await found(lambda: self._stored(number, Step.THREE), "all three talk")
        self.threes.append(Three(call.id, (citizen, self._ends.operators[number], self._ends.interpreters[-1])))

    async def watch(self, seconds: float) -> None:
        """Look at each leg again and again."""
        until = time.monotonic() + seconds
        while (begun := time.monotonic()) < until:
            await self._look()
            tell(f"{self.lost} legs lost; of {self.looks} looks {self.deaf.total()} deaf, {self.uneven.total()} uneven")
            await asyncio.sleep(max(0.0, min(begun + LOOK_SECONDS, until) - time.monotonic()))

    @property
    def legs(self) -> list[End]:
        return [end for three in self.threes for end in three.ends]

    @property
    def lost(self) -> int:
        return sum(not end.still_there for end in self.legs)

    async def _look(self) -> None:
        for three in self.threes:
            for place in await asyncio.gather(*(end.hears_both() for end in three.ends)):
                self.looks += 1
                self.deaf[three.call] += place is None
                self.uneven[three.call] += place != 0

    async def _stored(self, number: str, step: Step | None) -> Call | None:
        calls = await self._at.store.calls.unfinished()
        call = next((one for one in calls if one.caller and one.caller.digits == number), None)
        at = (call.transfer.step if call.transfer else None) if call else None
        return call if call and at is step and (step or call.stage is Stage.TALK) else None


@asynccontextmanager
async def bench_in(folder: Path, talks: int) -> AsyncGenerator[tuple[Bench, Installation]]:
    """All phones registered, all operators ready."""
    async with installed(folder, talks, arrange=_straight, configure=_unasked) as at:
        with ExitStack() as stack:
            choir = Choir()
            stack.callback(choir.close)
            server = (str(at.settings.sip.bind), at.settings.sip.port)
            ends = Ends(choir, (str(at.settings.sip.carrier.host), PORT), (at.phones, PORT), server)
            stack.callback(ends.close)
            secrets = at.settings.secrets
            extensions = [seat.extension for seat in at.centre.operators]
            await ends.phones.register({one: read_secret(secrets / phone_file(one)) for one in extensions})
            for desk in at.desks.values():
                await desk.ready()

            async def all_ready() -> bool:
                statuses = await at.store.operators.statuses()
                return sum(one.state is OperatorState.READY for one in statuses) == talks

            await found(all_ready, "all operators are ready")
            yield Bench(at, ends, choir), at


def _straight(centre: Centre) -> Centre:
    """The first number leads straight into a queue."""
    return centre.model_copy(update={"number_leads": {centre.numbers[0]: Lead(queue=centre.queues[0].id)}})


def _unasked(rendered: Rendered, _: Settings) -> None:
    with (rendered.folders.etc / "pjsip.conf").open("a", encoding="utf-8") as out:
        out.write(UNASKED)


async def measure(talks: int, minutes: float) -> dict[str, Any]:
    """The result, as it is printed."""
    with tempfile.TemporaryDirectory(prefix="denwa-interpreting-") as folder:
        async with bench_in(Path(folder), talks) as (bench, at):
            for place in range(talks):
                await bench.another(NUMBER.format(place))
                tell(f"{place + 1} talks of three")
            begun, before = time.monotonic(), _used(at)
            await bench.watch(minutes * 60)
            seconds, after = time.monotonic() - begun, _used(at)
            return _result(bench, minutes, {who: (after[who] - before[who]) / seconds / 1000 for who in before})


def _used(at: Installation) -> dict[str, float]:
    """Milliseconds of processor time."""
    pids = {"asterisk": at.asterisk.pid, "platform": at.platform.pid, "telephones": os.getpid()}
    return {who: usage.cpu_ms(pid) for who, pid in pids.items()}


def _result(bench: Bench, minutes: float, cpu: dict[str, float]) -> dict[str, Any]:
    received = [end.received for end in bench.legs if len(end.packets) > 1]
    return {
        "talks": len(bench.threes),
        "minutes": minutes,
        "load": round(os.getloadavg()[0], 1),
        "legs_lost": bench.lost,
        "looks": bench.looks,
        "looks_deaf": bench.deaf.total(),
        "looks_uneven": bench.uneven.total(),
        "telephones_late_share": round(bench.choir.late / bench.choir.beats, 4),
        "packets_sent_share": summary(received) | {"least": round(min(received), 4)} if received else {},
        "cpu": {who: round(share, 3) for who, share in cpu.items()},
    }


def tell(line: str) -> None:
    """Progress goes to standard error: the last line of standard output is the result."""
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """1 when a leg was lost."""
    arguments = argparse.ArgumentParser(
        prog="python -m bench.interpreting", description=(__doc__ or "").partition("\n")[0]
    )
    arguments.add_argument("--talks", type=int, default=50)
    arguments.add_argument("--minutes", type=float, default=10.0)
    given = arguments.parse_args()
    result = asyncio.run(measure(given.talks, given.minutes))
    print(json.dumps(result, ensure_ascii=False))
    return 1 if result["legs_lost"] else 0


if __name__ == "__main__":
    sys.exit(main())
