"""A platform whose surroundings are wrong or missing: it says so, and serves when they are right."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

from kernel.call import Outcome, Stage
from kernel.operator import OperatorState
from tests.support.asterisk import World, make_world
from tests.support.installation import make_platform
from tests.support.platform import Platform
from tests.support.talk import CITIZEN_HERTZ, answered, beside, in_the_menu, says, talking, waiting


@pytest.fixture
async def half_world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """The world outside runs; the centre's Asterisk does not yet."""
    both = make_world(tmp_path_factory.mktemp("half"))
    await both.outside.start()
    yield both
    await both.outside.stop()


async def unready(platform: Platform) -> str:
    """Why /readyz says that no call can be carried."""
    status, text = await platform.health("/readyz")
    assert status == 503, text
    parts = json.loads(text)["parts"]
    assert parts["store"] is None
    return parts["asterisk"]


async def test_a_platform_started_before_asterisk_says_so_and_serves_when_it_comes(half_world: World, tmp_path: Path):
    await half_world.centre.start()  # the store is made around running Asterisks
    async with make_platform(half_world, tmp_path) as platform:
        await half_world.centre.stop()
        await platform.start(ready=False)
        await platform.says("not connected to Asterisk")
        assert platform.settings.ari.url in platform.said()
        assert await unready(platform) == "not connected to Asterisk"
        await half_world.centre.start()
        await platform.ready()
        await in_the_menu(platform)
        assert await platform.stop() == 0
    await half_world.centre.stop()


async def test_a_wrong_ari_password_is_told_with_its_file_and_never_written(platform: Platform, tmp_path: Path):
    secrets = tmp_path / "secrets"
    shutil.copytree(platform.settings.secrets, secrets)
    (secrets / "ari_password").write_text("not-the-password")
    await platform.start(ready=False, secrets_dir=str(secrets))
    await platform.says("the secret ari_password differs")
    assert await unready(platform) == "not connected to Asterisk"
    assert await platform.stop() == 0
    assert "not-the-password" not in platform.said()


async def test_a_second_platform_on_the_same_installation_ends_and_the_first_one_s_calls_go_on(platform: Platform):
    await platform.start()
    call, citizen = await waiting(platform)
    second = platform.spawn()
    try:
        await platform.says("Address already in use; end the program that does (another platform?)")
        assert second.wait(60) == 1
    finally:
        second.kill()
        second.wait()
    assert "Traceback" not in platform.said()
    await citizen.hears_music()
    assert "call_adopted" not in await platform.kinds(call.id)
    assert (await platform.health("/readyz"))[0] == 200
    await citizen.hang_up()
    await platform.at(call.id, Stage.ENDED)


async def test_when_asterisk_dies_under_calls_they_are_closed_once_and_the_next_ones_are_served(
    own_platform: Platform, own_world: World
):
    platform = own_platform
    await platform.ready_operators("sato", "suzuki")
    await platform.start()
    talk = await talking(platform)
    ringing, citizen = await beside(platform, talk.call.id)
    await citizen.presses("1")
    await platform.world.rung("phone", "7002")
    await platform.ringing(ringing)
    await own_world.centre.kill()
    await platform.says("not connected to Asterisk")
    await own_world.centre.start()
    await platform.ready()
    lost = await platform.at(ringing, Stage.ENDED)
    assert lost.ended is not None
    assert lost.outcome is Outcome.ABANDONED
    over = await platform.at(talk.call.id, Stage.WRAP_UP)
    async with platform.at_desk() as desk:
        await desk.finish_wrap_up(talk.call.id)
        over = await platform.at(talk.call.id, Stage.ENDED)
    assert over.ended is not None
    for call in (ringing, talk.call.id):
        assert (await platform.kinds(call)).count("call_ended") == 1
    assert (await platform.kinds(talk.call.id)).count("talk_ended") == 1
    assert (await platform.operator("sato")).state is OperatorState.READY
    assert (await platform.operator("suzuki")).state is OperatorState.READY
    await own_world.outside.cli("pjsip send register *all")
    await own_world.phones_registered()
    next_call, citizen = await in_the_menu(platform)
    await citizen.presses("1")
    offer = (await platform.ringing(next_call.id)).offer
    assert offer is not None
    phone = await platform.world.rung("phone", {"sato": "7001", "suzuki": "7002"}[offer.operator])
    await answered(platform, next_call, citizen, phone)


async def test_while_another_process_holds_the_database_calls_go_on_and_nothing_of_them_is_missing_afterwards(
    platform: Platform,
):
    await platform.ready_operators("sato")
    await platform.start()
    with locked(platform):
        citizen = await platform.world.rings("0466251111", "09012345678")
        await citizen.listen()
        await citizen.presses("1")
        phone = await platform.world.rung("phone", "7001")
        await platform.world.answers(phone)
        await phone.listen()
        await says(platform, citizen, CITIZEN_HERTZ)
        await phone.hears_tone(CITIZEN_HERTZ)
        assert not await platform.store.calls.unfinished()
    call = await platform.the_call()
    await citizen.hang_up()
    await platform.at(call.id, Stage.WRAP_UP)
    kinds = await platform.kinds(call.id)
    once = ["call_arrived", "menu_chosen", "call_queued", "call_offered", "call_answered", "talk_ended"]
    assert [kind for kind in kinds if kind in once] == once
    assert await platform.stop() == 0
    assert "Traceback" not in platform.said()


@contextmanager
def locked(platform: Platform):
    """Another process's write transaction, as of a backup, on the SQLite file."""
    other = sqlite3.connect(make_url(platform.settings.database).database or "", timeout=30, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.rollback()
        other.close()
