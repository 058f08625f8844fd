"""Losing Asterisk, finding it again, being replaced, falling behind."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import aclosing

import pytest
from structlog.testing import capture_logs

from dialplan.ari.client import Ari, connect
from dialplan.ari.errors import ConnectionLost, Replaced, Why
from dialplan.ari.events import ChannelDestroyed, ChannelStateChange
from dialplan.ari.reconnect import connections
from tests.support.asterisk import Instance, World

ECHO = "Local/*43@from-phones"
BATCHES = 50
"""Of a hundred channels each: some 10 MB of events, where the kernel holds 4 MB for a reader that does not read."""


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
            with third.listen("replaced") as inbox:
                await third.channels.create(ECHO, "replaced")
                await third.channels.hangup("replaced")
                while not isinstance(await inbox.get(), ChannelDestroyed):
                    continue


def connect_anew(centre: Instance):
    return connect(centre.settings.ari, centre.ari_password)


CONTROLLER = """
import asyncio, sys
from contextlib import aclosing
from dialplan.ari.reconnect import connections
from dialplan.ari.stall import watch_for_stalls
from kernel.settings import Ari

async def main():
    settings = Ari.model_validate_json(sys.argv[1])
    watching = asyncio.create_task(watch_for_stalls())
    async with aclosing(connections(settings, sys.stdin.readline().strip())) as tries:
        async for ari in tries:
            with ari.listen("missed") as inbox:
                print("knows", *(channel.id for channel in await ari.channels.list()), flush=True)
                heard = asyncio.create_task(inbox.get())
                await asyncio.wait({heard, asyncio.create_task(ari.closed())}, return_when=asyncio.FIRST_COMPLETED)
                print("knows", *(heard.result().ids if not heard.exception() else ()), flush=True)

asyncio.run(main())
"""


async def test_a_controller_that_stands_still_says_so_and_learns_what_it_has_missed(own_world: World):
    """Asterisk either waits, and all comes late, or cuts the connection off, and the state is read anew."""
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
        assert await said(controller, "knows") == ["knows"]
        controller.send_signal(signal.SIGSTOP)
        await flood(centre)
        controller.send_signal(signal.SIGCONT)
        lines = [await said(controller, "")]
        while "missed" not in lines[-1]:
            lines.append(await said(controller, ""))
        assert "the event loop stood still" in " ".join(word for line in lines for word in line)
    finally:
        controller.kill()
        await controller.wait()


async def said(controller: asyncio.subprocess.Process, begin: str) -> list[str]:
    """The words of the controller's next line with this beginning; its log comes on the same way."""
    while line := (await controller.stdout.readline()).decode():
        if line.startswith(begin):
            return line.split()
    raise AssertionError(f"the controller ended and never said {begin!r}")


async def flood(centre: Instance) -> None:
    """Make more events than all buffers on the way to a reader hold, then a channel that stays and is answered."""
    app = centre.settings.ari.model_copy(update={"app": "flood"})
    async with connect(app, centre.ari_password) as ari:
        await centre.ari("POST", f"/applications/{centre.app}/subscription", eventSource="channel:")
        for batch in range(BATCHES):
            await asyncio.gather(*(come_and_go(ari, f"flood-{batch}-{n}") for n in range(100)))
        with ari.listen("missed") as inbox:
            await ari.channels.create(ECHO, "missed")
            await ari.channels.dial("missed", timeout=5)
            while not isinstance(await inbox.get(), ChannelStateChange):
                continue


async def come_and_go(ari: Ari, id: str) -> None:
    await ari.channels.create(ECHO, id)
    await ari.channels.hangup(id)
