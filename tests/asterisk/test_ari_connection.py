"""Losing Asterisk, finding it again, being replaced, falling behind."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import aclosing
from itertools import count, islice

import pytest
from structlog.testing import capture_logs

from dialplan.ari.client import Ari, connect
from dialplan.ari.errors import ConnectionLost, Replaced, Why
from dialplan.ari.events import ChannelDestroyed
from dialplan.ari.reconnect import connections
from tests.support.asterisk import Instance, World

ECHO = "Local/*43@from-phones"
CUT_OFF = "WebSocket read error"
"""What Asterisk logs when it has closed the socket of a reader that is too slow."""


def tries(instance: Instance):
    return aclosing(connections(instance.settings.ari, instance.ari_password))


async def test_a_listener_does_not_end_in_silence_when_asterisk_stops_and_a_new_connection_follows(
    own_world: World,
):
    centre = own_world.centre
    async with tries(centre) as connected:
        ari = await anext(connected)
        before = await ari.asterisk.info()
        with capture_logs() as logs, ari.listen("nobody") as inbox:
            waiting = asyncio.create_task(inbox.get())
            arriving = asyncio.create_task(anext(aiter(ari.arrivals())))
            await centre.stop()
            for listener in (waiting, arriving):
                with pytest.raises(ConnectionLost) as lost:
                    await listener
                assert lost.value.why in {Why.CLOSED, Why.BROKEN}
            again = asyncio.create_task(anext(connected))
            await centre.start()
            ari = await again
        assert [log for log in logs if "is lost" in log["event"]]
        assert (await ari.asterisk.info()).started > before.started
        assert await ari.channels.list() == ()


async def test_an_asterisk_that_is_killed_is_missed_at_once(own_world: World):
    async with connect(own_world.centre.settings.ari, own_world.centre.ari_password) as ari:
        asking = asyncio.create_task(ari.listen("nobody").get())
        await own_world.centre.kill()
        with pytest.raises(ConnectionLost):
            await asking


async def test_an_asterisk_that_hangs_is_given_up(own_world: World):
    centre = own_world.centre
    async with connect(centre.settings.ari, centre.ari_password) as ari:
        os.kill(centre.process.pid, signal.SIGSTOP)
        try:
            assert (await ari.closed()).why is Why.SILENT
        finally:
            os.kill(centre.process.pid, signal.SIGCONT)


async def test_channels_live_on_without_us_and_are_listed_when_we_come_back(centre: Instance):
    async with tries(centre) as connected:
        ari = await anext(connected)
        await ari.channels.create(ECHO, "lives-on")
        await ari.close()
        ari = await anext(connected)
        assert "lives-on" in (await ari.applications.get()).channel_ids
        with ari.listen("lives-on") as inbox:
            await ari.channels.hangup("lives-on")
            while not isinstance(await inbox.get(), ChannelDestroyed):
                continue


async def test_a_second_controller_gets_the_events_and_the_first_says_so_and_does_not_fight(centre: Instance):
    async with tries(centre) as connected, connect_anew(centre) as second:
        first = await anext(connected)
        assert isinstance(await second.closed(), Replaced)
        async with connect_anew(centre) as third:
            with pytest.raises(Replaced):
                await anext(connected)
            assert first.ended.why is Why.REPLACED
            await arrives(third, "replaced")


def connect_anew(centre: Instance):
    return connect(centre.settings.ari, centre.ari_password)


async def arrives(ari: Ari, id: str) -> None:
    await ari.channels.create(ECHO, id)
    assert (await anext(aiter(ari.arrivals()))).channel.id == id
    await ari.channels.hangup(id)


CONTROLLER = """
import asyncio, sys
from contextlib import aclosing
from itertools import count, islice
from dialplan.ari.reconnect import connections
from kernel.settings import Ari

async def main():
    settings = Ari.model_validate_json(sys.argv[1])
    async with aclosing(connections(settings, sys.stdin.readline().strip())) as tries:
        async for ari in tries:
            print("connected", *(channel.id for channel in await ari.channels.list()), flush=True)
            print("lost:", (await ari.closed()).why.name, flush=True)

asyncio.run(main())
"""


async def test_a_controller_that_stands_still_is_cut_off_says_so_and_finds_what_it_has_missed(own_world: World):
    centre = own_world.centre
    controller = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        CONTROLLER,
        centre.settings.ari.model_dump_json(),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        controller.stdin.write(f"{centre.ari_password}\n".encode())
        assert await said(controller, "connected") == "connected"
        controller.send_signal(signal.SIGSTOP)
        await flood(centre)
        controller.send_signal(signal.SIGCONT)
        await said(controller, "lost: ")
        assert "missed" in await said(controller, "connected")
    finally:
        controller.kill()
        await controller.wait()


async def said(controller: asyncio.subprocess.Process, begin: str) -> str:
    """The controller's next line with this beginning; its log comes on the same way."""
    while line := (await controller.stdout.readline()).decode():
        if line.startswith(begin):
            return line.strip()
    raise AssertionError(f"the controller ended and never said {begin!r}")


async def flood(centre: Instance) -> None:
    """Make events until all buffers on the way are full and Asterisk gives up, then a channel that stays."""
    app = centre.settings.ari.model_copy(update={"app": "flood"})
    async with connect(app, centre.ari_password) as ari:
        ignoring = asyncio.create_task(ignore_arrivals(ari))
        await centre.ari("POST", f"/applications/{centre.app}/subscription", eventSource="channel:")
        ids = map("flood-{}".format, count())
        while CUT_OFF not in centre.log:
            await asyncio.gather(*(come_and_go(ari, id) for id in islice(ids, 250)))
        await ari.channels.create(ECHO, "missed")
        ignoring.cancel()


async def come_and_go(ari: Ari, id: str) -> None:
    with ari.listen(id) as inbox:
        await ari.channels.create(ECHO, id)
        await ari.channels.hangup(id)
        while not isinstance(await inbox.get(), ChannelDestroyed):
            continue


async def ignore_arrivals(ari: Ari) -> None:
    async for _ in ari.arrivals():
        pass
