"""The announced wait on a real Asterisk: callers by SIP, operators who talk for seconds, more calls than they master.

What was told and what then came is read from the stored events, as the console's figures read it.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Coroutine
from contextlib import ExitStack
from pathlib import Path
from random import Random

from asterisk_conf.secrets import phone_file, read_secret
from bench.a_call import found
from bench.installation import Installation, installed
from bench.sip.agent import Agent
from bench.sip.telephones import Citizen, Phones, Rung, citizen
from crm.figures.told import ToldFigures
from denwa.parts import utc_now
from kernel.operator import OperatorState

OPERATORS = 2
CALLS = 100
HANDLING_SECONDS = 9.0
BETWEEN_CALLS_SECONDS = 1.5
PATIENCE_SECONDS = 900.0
LISTEN_SECONDS = 0.5
PORT = 5060
NUMBER = "0801{:07}"
SHORT = {"welcome": "藤沢市です。", "menu-main": "番号を押してください。", "position": "{position}番目です。"}


async def real(calls: int) -> dict[str, float | None]:
    """Play ``calls`` calls and compare; one that fails is told of and spoils no other."""
    begun, chance = utc_now(), Random(1)
    with tempfile.TemporaryDirectory(prefix="denwa-bench-") as folder:
        async with installed(Path(folder), OPERATORS) as at:
            await _suit(at)
            with ExitStack() as stack:
                server = (str(at.settings.sip.bind), at.settings.sip.port)
                carrier = Agent(str(at.settings.sip.carrier.host), PORT, server)
                stack.callback(carrier.close)
                phones = Phones(at.phones, PORT, server)
                stack.callback(phones.close)
                await _open(at, phones)
                async with asyncio.TaskGroup() as tasks:
                    for number in range(calls):
                        call = _told_if_it_fails(
                            _call(at, carrier, phones, NUMBER.format(number), Random(f"call {number}"))
                        )
                        tasks.create_task(call)
                        await asyncio.sleep(chance.expovariate(1 / BETWEEN_CALLS_SECONDS))
            told = await at.store.figures.told(begun, utc_now())
            return _result(calls, told.get(at.centre.queues[0].id, ToldFigures()))


async def _suit(at: Installation) -> None:
    """Announcements of few words, often; no history is waited for."""
    version = await at.store.centres.current_version()
    if version is None:
        raise RuntimeError("the installation has no centre")
    centre = version.centre
    queues = tuple(
        queue.model_copy(update={"announce_every_seconds": 10.0, "wrap_up_seconds": 1, "limit": 200})
        for queue in centre.queues
    )
    suited = {"queues": queues, "announcements": {**centre.announcements, **SHORT}}
    centre = centre.model_copy(update=suited)
    await at.store.centres.save(centre, by="bench", now=utc_now(), expected_version=version.version)


async def _open(at: Installation, phones: Phones) -> None:
    """All phones registered, all operators ready."""
    extensions = [seat.extension for seat in at.centre.operators]
    await phones.register({one: read_secret(at.settings.secrets / phone_file(one)) for one in extensions})

    for desk in at.desks.values():
        await desk.ready()

    async def all_ready() -> bool:
        statuses = await at.store.operators.statuses()
        return sum(one.state is OperatorState.READY for one in statuses) == len(extensions)

    await found(all_ready, "all operators are ready")


async def _told_if_it_fails(call: Coroutine[None, None, None]) -> None:
    try:
        await call
    except Exception as failure:  # the run goes on: what was told and what came is in the store
        print(f"a call failed: {type(failure).__name__}: {failure}", file=sys.stderr, flush=True)


async def _call(at: Installation, carrier: Agent, phones: Phones, number: str, chance: Random) -> None:
    handling, patience = chance.expovariate(1 / HANDLING_SECONDS), chance.expovariate(1 / PATIENCE_SECONDS)
    rung = phones.rung_by(number)
    async with citizen(carrier, number, at.centre.numbers[0]) as caller:
        caller.rings()
        await caller.is_taken()
        await asyncio.sleep(LISTEN_SECONDS)
        await caller.audio.press("1")
        await asyncio.wait({rung}, timeout=patience)
        if not rung.done():
            print("a caller gave up", file=sys.stderr, flush=True)
            rung.add_done_callback(lambda late: late.result().close())  # a phone that rings in this very moment
            await caller.hang_up()
            return
        await _talk(caller, rung.result(), handling)


async def _talk(caller: Citizen, phone: Rung, handling: float) -> None:
    try:
        phone.answer()
        await asyncio.sleep(handling)
        await caller.hang_up()
        await phone.is_over()
    finally:
        phone.close()


def _result(calls: int, told: ToldFigures) -> dict[str, float | None]:
    waited = told.mean_waited
    return {
        "operators": OPERATORS,
        "calls": calls,
        "told": told.calls,
        "answered": told.answered,
        "mean_wait_s": round(waited.total_seconds(), 1) if waited else None,
        "relative_bias": _rounded(told.mean_bias),
        "told_bias": _rounded(told.bias),
        "coverage": _rounded(told.coverage),
    }


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 3)
