"""From the outbox to the gateway (T13): once at the most, whoever is killed when; again only where it was not taken."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from crm.keyring import Keyring, create_keyring, load_keyring
from crm.sms.courier import Courier
from crm.store import open_store
from kernel.bus.memory import MemoryBus
from kernel.events import EventKind
from kernel.settings import SmsSettings
from kernel.sms import Doubtful, NotTaken, Refused, SmsState, Taken
from tests.support.recordings import written
from tests.support.sms import NOON, FakeGateway, an_sms, asked
from tests.support.store import new_sqlite, sqlite_url

ON = SmsSettings(gateway="local", timeout_seconds=5, tries=3)


class Office:
    """A store, a bus, and a clock that a test moves."""

    def __init__(self, store, bus) -> None:
        self.store, self.bus, self.now = store, bus, NOON

    def courier(self, gateway) -> Courier:
        store = self.store
        return Courier(store.outbox, gateway, store.events, self.bus, settings=ON, clock=lambda: self.now)

    async def state(self, sms):
        (found,) = [one for one in await self.store.outbox.of_call(sms.call) if one.id == sms.id]
        return found.state, found.why

    async def until(self, sms, *states):
        while (await self.state(sms))[0] not in states:
            await asyncio.sleep(0.02)


@pytest.fixture
async def office(tmp_path):
    bus = MemoryBus()
    async with open_store(await new_sqlite(tmp_path), Keyring.new(), bus) as store:
        yield Office(store, bus)
    await bus.close()


@asynccontextmanager
async def running(courier):
    task = asyncio.create_task(courier.run())
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_what_is_asked_for_is_sent_at_once_and_once(office):
    gateway, sms = FakeGateway(), an_sms()
    async with running(office.courier(gateway)):
        await written(office.store, sms, asked(sms))
        await asyncio.wait_for(office.until(sms, SmsState.SENT), 10)
    assert gateway.got == [sms]
    kinds = [one.event.kind for one in await office.store.events.since(0)]
    assert kinds == [EventKind.SMS_ASKED, EventKind.SMS_SENT]


async def test_two_couriers_never_send_the_same_message(office):
    gateway = FakeGateway()
    messages = [an_sms(f"c{number}", number=an_sms().number) for number in range(3)]
    await written(office.store, *messages)
    await asyncio.gather(office.courier(gateway).once(), office.courier(gateway).once())
    assert sorted(one.call for one in gateway.got) == ["c0", "c1", "c2"]


@pytest.mark.parametrize(
    ("answer", "state", "why"),
    [
        (Refused("http_400"), SmsState.REFUSED, "http_400"),
        (Doubtful("timeout"), SmsState.UNCERTAIN, "timeout"),
    ],
    ids=["refused", "doubtful"],
)
async def test_what_is_refused_or_in_doubt_is_not_tried_again(office, answer, state, why):
    gateway, sms = FakeGateway(answer), an_sms()
    await written(office.store, sms)
    for _ in range(3):
        await office.courier(gateway).once()
        office.now += timedelta(minutes=5)
    assert await office.state(sms) == (state, why)
    assert len(gateway.got) == 1


async def test_a_gateway_that_fails_inside_leaves_doubt(office):
    class Broken:
        async def send(self, sms):
            raise RuntimeError(f"with the number {sms.number.digits}")

    sms = an_sms()
    await written(office.store, sms)
    await office.courier(Broken()).once()
    assert await office.state(sms) == (SmsState.UNCERTAIN, "failed")


async def test_what_was_not_taken_is_tried_again_later_and_not_for_ever(office):
    gateway, sms = FakeGateway(NotTaken("http_503")), an_sms()
    await written(office.store, sms)
    await office.courier(gateway).once()
    await office.courier(gateway).once()
    assert (len(gateway.got), await office.state(sms)) == (1, (SmsState.TO_SEND, "http_503"))
    office.now += timedelta(seconds=5)
    await office.courier(gateway).once()
    office.now += timedelta(seconds=30)
    await office.courier(gateway).once()
    assert (len(gateway.got), await office.state(sms)) == (3, (SmsState.REFUSED, "http_503"))


async def test_what_is_taken_the_second_time_is_sent(office):
    gateway, sms = FakeGateway(NotTaken("unreachable"), Taken()), an_sms()
    await written(office.store, sms)
    await office.courier(gateway).once()
    office.now += timedelta(seconds=5)
    await office.courier(gateway).once()
    assert await office.state(sms) == (SmsState.SENT, None)


async def test_a_courier_that_is_stopped_finishes_what_it_has_begun(office):
    gateway, sms = FakeGateway(), an_sms()
    gateway.open.clear()
    async with running(office.courier(gateway)) as task:
        await written(office.store, sms, asked(sms))
        await asyncio.wait_for(gateway.asked.wait(), 10)
        task.cancel()
        gateway.open.set()
        await asyncio.gather(task, return_exceptions=True)
    assert await office.state(sms) == (SmsState.SENT, None)


KILLED = """
import asyncio, sys
from crm.keyring import load_keyring
from crm.sms.courier import Courier
from crm.sms.http_gateway import http_gateway
from crm.store import open_store
from kernel.bus.memory import MemoryBus
from kernel.settings import SmsSettings
from pathlib import Path
from tests.support.sms import NOON

async def run(url, keys, gateway):
    bus = MemoryBus()
    async with open_store(url, load_keyring(Path(keys)), bus) as store, http_gateway(gateway, "City", "t", 60) as to:
        settings = SmsSettings(gateway="local", timeout_seconds=60)
        await Courier(store.outbox, to, store.events, bus, settings=settings, clock=lambda: NOON).run()

asyncio.run(run(*sys.argv[1:]))
"""


async def test_what_a_killed_process_was_sending_is_uncertain_and_never_sent_again(tmp_path):
    url, keys = await new_sqlite(tmp_path), tmp_path / "keys"
    create_keyring(keys)
    arrived, keyring, sms = asyncio.Queue(), load_keyring(keys), an_sms()

    async def never(request):
        arrived.put_nowait((await request.json())["to"])
        await asyncio.Event().wait()

    app = web.Application()
    app.router.add_post("/", never)
    async with TestServer(app, shutdown_timeout=0.1) as server:
        async with open_store(url, keyring) as store:
            await written(store, sms, an_sms("c2", at=NOON + timedelta(days=1)))
        command = (
            sys.executable,
            "-c",
            KILLED,
            sqlite_url(tmp_path / "denwa.db"),
            str(keys),
            str(server.make_url("/")),
        )
        killed = await asyncio.create_subprocess_exec(*command)
        assert await asyncio.wait_for(arrived.get(), 60) == "+819012345678"
        os.kill(killed.pid, signal.SIGKILL)
        await killed.wait()
    gateway, bus = FakeGateway(), MemoryBus()
    async with open_store(url, keyring, bus) as store:
        office = Office(store, bus)
        await office.courier(gateway).once()
        assert (await office.state(sms))[0] is SmsState.SENDING
        office.now += timedelta(seconds=36)
        await office.courier(gateway).once()
        assert await office.state(sms) == (SmsState.UNCERTAIN, "died")
        office.now += timedelta(minutes=30)
        await office.courier(gateway).once()
        assert gateway.got == []
        office.now = NOON + timedelta(days=1)
        await office.courier(gateway).once()
        assert [one.call for one in gateway.got] == ["c2"], "what was not begun is sent"
    await bus.close()
