"""A platform whose surroundings are wrong or missing: it says so, and serves when they are right."""

from __future__ import annotations

import json
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kernel.call import Stage
from tests.support.asterisk import World, make_world
from tests.support.installation import make_platform
from tests.support.platform import Platform
from tests.support.talk import in_the_menu, waiting


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
