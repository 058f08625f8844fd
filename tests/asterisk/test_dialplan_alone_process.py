"""Starting, losing and ending an Asterisk."""

import asyncio
import os
import pickle
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from asterisk_conf.centre import RELOADED, render_centre
from asterisk_conf.errors import NotStarted, PortInUse
from asterisk_conf.install import find_asterisk
from asterisk_conf.process import running
from kernel.centre import OperatorSeat
from tests.support.asterisk import ALWAYS_OPEN, World, make_world, tones
from tests.support.telephones import connected, ring_up

ROOT = Path(__file__).parents[2]
MAIN = "0466251111@centre-carrier"
START = """
import asyncio, os, pickle, sys
from pathlib import Path
from asterisk_conf.install import find_asterisk
from asterisk_conf.process import start
rendered, cache, die = pickle.loads(Path(sys.argv[1]).read_bytes())
asterisk = asyncio.run(start(rendered, find_asterisk(cache), die_with_parent=die))
print(asterisk.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def not_started(tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(tmp_path_factory.mktemp("off"))


async def test_an_asterisk_that_is_started_again_has_its_phones_back(own_world):
    before = own_world.centre.process.pid
    await own_world.centre.restart()
    assert own_world.centre.process.pid != before
    await own_world.outside.restart()
    await own_world.phones_registered()


async def test_stopping_twice_and_killing_what_has_ended_are_harmless(not_started):
    await not_started.centre.start()
    asterisk = not_started.centre.process
    await asterisk.stop()
    await asterisk.stop()
    await asterisk.kill()
    assert not asterisk.running
    assert await asterisk.exited() == 0


@pytest.mark.parametrize(("setting", "kind"), [("ari.port", "tcp"), ("sip.port", "udp"), ("sip.tls_port", "tcp")])
async def test_a_port_in_use_is_named_with_its_setting(not_started, setting, kind):
    centre = not_started.centre
    listener = next(one for one in centre.rendered.listeners if (one.setting, one.protocol) == (setting, kind))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM) as other:
        other.bind((listener.host, listener.port))
        if kind == "tcp":
            other.listen()
        with pytest.raises(PortInUse) as refused:
            await centre.start()
    assert f"(DENWA_{setting.upper().replace('.', '__')})" in str(refused.value)
    assert f"{listener.host}:{listener.port}" in str(refused.value)


async def test_an_asterisk_that_can_not_start_says_why_with_the_end_of_its_log(not_started):
    modules = not_started.centre.rendered.folders.etc / "modules.conf"
    modules.write_text(modules.read_text() + "require = res_of_another_version.so\n")
    with pytest.raises(NotStarted, match="res_of_another_version"):
        await not_started.centre.start()


async def test_an_asterisk_that_is_used_for_a_while_is_stopped_even_after_an_error(not_started):
    centre = not_started.centre
    with pytest.raises(LookupError):
        async with running(centre.rendered, find_asterisk(centre.settings.cache_dir)) as asterisk:
            raise LookupError
    assert not asterisk.running


@pytest.mark.parametrize("dies", [True, False])
async def test_asterisk_ends_with_the_program_that_started_it_only_if_that_is_wanted(not_started, tmp_path, dies):
    centre = not_started.centre
    (tmp_path / "what").write_bytes(pickle.dumps((centre.rendered, centre.settings.cache_dir, dies)))
    with program_that_starts(tmp_path / "what") as parent:
        assert parent.stdout
        pid = int(await asyncio.to_thread(parent.stdout.readline))
        asterisk = os.pidfd_open(pid)
        try:
            parent.kill()
            parent.wait()
            if dies:
                await _ended(asterisk)
            else:
                assert (await centre.ari("GET", "/asterisk/ping"))["ping"] == "pong"
                signal.pidfd_send_signal(asterisk, signal.SIGKILL)
                await _ended(asterisk)
        finally:
            os.close(asterisk)


def program_that_starts(what: Path) -> subprocess.Popen[bytes]:
    argv = [sys.executable, "-c", START, str(what)]
    return subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT)


async def _ended(pidfd: int) -> None:
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(pidfd, ended.set)
    try:
        async with asyncio.timeout(20):
            await ended.wait()
    finally:
        loop.remove_reader(pidfd)


async def test_a_talk_whose_other_end_vanished_without_a_word_ends(tmp_path_factory):
    world = make_world(tmp_path_factory.mktemp("lost"), sip={"rtp_timeout_seconds": 2})
    await world.start()
    try:
        async with connected(world.centre) as centre:
            async with connected(world.outside, hang_up_at_end=False) as outside:
                call = await ring_up(outside, MAIN, "0312345678")
                arrived = await centre.arrival("inbound")
                await arrived.answer()
                await call.up()
                await world.outside.kill()
            await arrived.gone()
    finally:
        await world.stop()


async def test_an_operator_who_is_new_has_a_phone_without_a_restart(own_world, tmp_path):
    centre = own_world.centre
    new = OperatorSeat(id="new", name="新人", extension="7009", queues=())
    seats = (*centre.document.operators, new)
    render_centre(centre.settings, seats, ALWAYS_OPEN, tones(tmp_path), centre.rendered.folders.root)
    async with connected(centre) as controller, connected(own_world.outside) as outside:
        await ring_up(outside, MAIN, "0312345678")
        arrived = await controller.arrival("inbound")
        for module in RELOADED:
            await centre.ari("PUT", f"/asterisk/modules/{module}.so")
        assert (await centre.ari("GET", "/endpoints/PJSIP/7009"))["state"] == "offline"
        assert (await arrived.ari("GET"))["id"] == arrived.id
