"""``python -m bench.takeover``: kill -9 of the controller, with talks up and callers waiting, again and again.

Citizens and operators' phones are telephones of this process (SIP and RTP over UDP), Asterisk is real, each controller
is a process. In each round one operator has just hung up and saves the history while nobody drives; the standby finds
it saved, and offers that operator the caller who has waited longest: the first new offer, timed at the phone. Then all
talks are listened to in both directions, and all places in the queue are compared with what they were before.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from asterisk_conf.secrets import phone_file, read_secret
from bench.a_call import found, within
from bench.controllers import Controllers
from bench.crowd import Caller, Crowd, crowd
from bench.figures import summary
from bench.installation import Ground, prepared, settings_in
from bench.losses import Losses
from bench.servers.production import production
from bench.sip.agent import Agent
from bench.sip.telephones import Phones
from denwa.parts import utc_now
from kernel.call import Call, Outcome, Stage
from kernel.case import Citizen, HistoryDraft
from kernel.centre import Centre
from kernel.events import EventKind
from kernel.operator import OperatorState
from kernel.routing import Lead

CARRIER_PORT = PHONES_PORT = 5060
QUEUE = {"limit": 1000, "ring_seconds": 60}


class Takeover:
    """One run."""

    def __init__(self, at: Ground, all: Crowd, controllers: Controllers) -> None:
        self._at = at
        self._all = all
        self._controllers = controllers
        self._owed: list[str] = []
        self.lost = Losses()

    async def begin(self, talks: int, waiting: int) -> None:
        """``talks`` pairs talk, ``waiting`` callers wait, and one operator more writes a history."""
        await self._all.come(talks + 1, answered=True)
        await self._all.come(waiting)

    async def round(self) -> None:
        """One death, and all that has to be there afterwards."""
        over = await self._one_hangs_up()
        before = await self._all.calls()
        waiting = sorted((one for one in self._all.callers if one.phone is None), key=lambda one: _since(before, one))
        await self._controllers.freeze()
        await self._write(over)
        killed = self._controllers.kill()
        await within(
            asyncio.wait([one.rung for one in waiting], return_when=asyncio.FIRST_COMPLETED), "a caller is offered"
        )
        rung = next(one for one in waiting if one.phone)
        if rung is not waiting[0]:
            self.lost.places.append(f"{rung.number} was offered before {waiting[0].number}")
        phone = await self._all.answer(rung)
        self.lost.took("first_offer", phone.at - killed)
        await self._compare(before, rung)
        self.lost.took("adopted", await self._adopted_at(before) - killed)
        await self._listen()
        await self._controllers.stand_by()
        await self._all.come(1)

    async def end(self) -> None:
        """Everybody hangs up; all that was talked about is written, and every call is closed as what it was."""
        for caller in [one for one in self._all.callers if one.phone is None]:
            await self._all.leave(caller)
        while talking := [one for one in self._all.callers if one.phone]:
            await self._write(await self._hang_up(talking[0]))
        for call in self._owed:
            if await self._at.store.cases.history_of_call(call) is None or not await self._closed(call):
                self.lost.histories.append(call)

    async def _one_hangs_up(self) -> Call:
        return await self._hang_up(next(one for one in self._all.callers if one.phone))

    async def _hang_up(self, caller: Caller) -> Call:
        """The call, whose operator is in wrap-up then."""
        call = (await self._all.calls())[caller.number]
        await self._all.leave(caller)

        async def writes() -> bool:
            status = await self._at.store.operators.find(call.operator or "")
            return status is not None and (status.state, status.call) == (OperatorState.WRAP_UP, call.id)

        await found(writes, "the operator writes up the call")
        return call

    async def _write(self, call: Call) -> None:
        """As the console stores what the operator has typed."""
        draft = HistoryDraft(
            call.id, call.operator or "", Citizen(), "粗大ごみ", "案内した。", "回答済み", close_case=True
        )
        await self._at.store.cases.save_history(draft, utc_now())
        self._owed.append(call.id)

    async def _compare(self, before: dict[str, Call], rung: Caller) -> None:
        """Talks are the same talks, places the same places, with the same time waited."""
        after = await self._all.calls()
        for caller in self._all.callers:
            old, new = before.get(caller.number), after.get(caller.number)
            if old is None or caller is rung:
                continue
            if old.stage is Stage.TALK:
                if not caller.still_there() or new is None or new.stage is not Stage.TALK:
                    self.lost.talks.append(caller.number)
            elif not caller.still_there() or new is None or _place(new) != _place(old):
                self.lost.places.append(caller.number)

    async def _listen(self) -> None:
        talking = [one for one in self._all.callers if one.phone and one.number not in self.lost.talks]
        self.lost.talks += [one.number for one in await self._all.deaf(talking)]

    async def _adopted_at(self, before: dict[str, Call]) -> int:
        """When the last of the calls was taken up, in nanoseconds since the epoch."""
        adopted = [
            stored.event.at
            for call in before.values()
            for stored in await self._at.store.events.of_call(call.id)
            if stored.event.kind is EventKind.CALL_ADOPTED
        ]
        return int(max(adopted).timestamp() * 1e6) * 1000

    async def _closed(self, id: str) -> bool:
        async def look() -> bool:
            call = await self._at.store.calls.find(id)
            return call is not None and (call.stage, call.outcome) == (Stage.ENDED, Outcome.ANSWERED)

        try:
            return await found(look, "the call is closed")
        except TimeoutError:
            return False


def _since(calls: dict[str, Call], caller: Caller) -> datetime:
    call = calls[caller.number]
    return call.waiting_since or call.arrived


def _place(call: Call) -> tuple[object, ...]:
    return call.stage, call.queue, call.waiting_since


@asynccontextmanager
async def _world(given: argparse.Namespace, folder: Path, servers: Mapping[str, object]) -> AsyncGenerator[Takeover]:
    settings = settings_in(folder).model_copy(update=servers)
    async with prepared(settings, given.talks + 1, arrange=_many_may_wait, at_console=False) as at:
        controllers = Controllers(at, folder, apart=given.apart)
        server = (str(settings.sip.bind), settings.sip.port)
        carrier, phones = (
            Agent(str(settings.sip.carrier.host), CARRIER_PORT, server),
            Phones(at.phones, PHONES_PORT, server),
        )
        try:
            extensions = [seat.extension for seat in at.centre.operators]
            await phones.register({one: read_secret(settings.secrets / phone_file(one)) for one in extensions})
            await controllers.begin()
            async with crowd(at, carrier, phones) as all:
                yield Takeover(at, all, controllers)
        finally:
            controllers.end()
            controllers.complain()
            carrier.close()
            phones.close()


@asynccontextmanager
async def _servers(given: argparse.Namespace, folder: Path) -> AsyncGenerator[Mapping[str, object]]:
    """The settings that say where store and bus are."""
    if given.production:
        async with production(folder) as servers:
            yield servers
    else:
        yield {"database_url": given.database_url, "redis_url_file": given.redis_url_file}


def _many_may_wait(centre: Centre) -> Centre:
    """Straight in the first queue, so that no key is lost on a busy machine."""
    queues = tuple(one.model_copy(update=QUEUE) for one in centre.queues)
    leads = {centre.numbers[0]: Lead(queue=queues[0].id)}
    return centre.model_copy(update={"queues": queues, "number_leads": leads})


async def measure(given: argparse.Namespace) -> dict[str, Any]:
    """The result, as it is printed."""
    with tempfile.TemporaryDirectory(prefix="denwa-bench-") as own:
        folder: Path = given.folder or Path(own)
        async with _servers(given, Path(own)) as servers, _world(given, folder, servers) as run:
            await run.begin(given.talks, given.waiting)
            for number in range(given.times):
                await run.round()
                print(f"round {number + 1}: {run.lost}", file=sys.stderr, flush=True)
            await run.end()
            return _result(given, run.lost)


def _result(given: argparse.Namespace, lost: Losses) -> dict[str, Any]:
    figures = {what: summary(samples) for what, samples in lost.seconds.items()}
    return {
        "talks": given.talks,
        "waiting": given.waiting,
        "times": given.times,
        "store": "postgresql, redis" if given.production or given.database_url else "sqlite",
        "talks_lost": len(lost.talks),
        "places_lost": len(lost.places),
        "histories_lost": len(lost.histories),
        "first_offer_s": figures["first_offer"],
        "all_adopted_s": figures["adopted"],
        "raw_s": {what: [round(one, 3) for one in samples] for what, samples in lost.seconds.items()},
    }


def main() -> int:
    """1 when anything was lost."""
    arguments = argparse.ArgumentParser(prog="python -m bench.takeover", description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--talks", type=int, default=100)
    arguments.add_argument("--waiting", type=int, default=50)
    arguments.add_argument("--times", type=int, default=20)
    arguments.add_argument("--folder", type=Path, help="where the run's files and logs are kept")
    arguments.add_argument("--apart", action="store_true", help="each controller as on a machine of its own (root)")
    arguments.add_argument("--production", action="store_true", help="on a PostgreSQL and a Redis of the run's own")
    arguments.add_argument("--database-url", help="an empty PostgreSQL in place of the embedded store")
    arguments.add_argument("--redis-url-file", type=Path, help="a file with the address of a Redis, for the bus")
    result = asyncio.run(measure(arguments.parse_args()))
    print(json.dumps(result, ensure_ascii=False))
    return 1 if any(result[lost] for lost in ("talks_lost", "places_lost", "histories_lost")) else 0


if __name__ == "__main__":
    sys.exit(main())
