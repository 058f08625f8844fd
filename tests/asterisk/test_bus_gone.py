"""Redis, which carries clicks and news between processes, is gone: calls go on, pages catch up, clicks say so."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bench.servers.redis import RunningRedis, running_redis
from crm.users import Role
from denwa.world.operator import ClickFailed, ConsoleOperator
from kernel.call import Stage
from kernel.commands import CLICK_LIFETIME
from kernel.operator import OperatorState
from tests.support.platform import Platform
from tests.support.talk import beside, talking

PRESSED_AGAIN = 3


@pytest.fixture
async def redis(tmp_path: Path) -> AsyncIterator[RunningRedis]:
    folder = tmp_path / "redis"
    folder.mkdir()
    async with running_redis(folder) as server:
        yield server


async def started(platform: Platform, redis: RunningRedis) -> None:
    address = redis.folder / "url"
    address.touch(mode=0o600)
    address.write_text(redis.url)
    await platform.start(redis_url_file=str(address))


async def test_calls_go_on_without_the_bus_pages_catch_up_and_clicks_are_refused_with_a_word(
    platform: Platform, redis: RunningRedis
):
    await platform.ready_operators("sato", "suzuki")
    await started(platform, redis)
    async with platform.at_desk() as desk, platform.at_desk("mori", Role.SUPERVISOR) as supervisor:
        talk = await talking(platform)
        await redis.kill()
        await talk.both_hear_each_other()
        with pytest.raises(ClickFailed, match="操作を送れませんでした"):
            await desk.hang_up(talk.call.id)
        await talk.both_hear_each_other()
        second, citizen = await beside(platform, talk.call.id)
        await citizen.presses("1")
        phone = await platform.world.rung("phone", "7002")
        await shows(platform, supervisor, "suzuki", "着信中")
        await platform.world.answers(phone)
        await platform.at(second, Stage.TALK)
        await talk.citizen.hang_up()
        await platform.at(talk.call.id, Stage.WRAP_UP)
        await shows(platform, supervisor, "sato", "後処理")
        assert "後処理を終了する" in await desk.desk()
        await redis.start()
        await finishes(platform, desk, talk.call.id)
        assert (await platform.operator("sato")).state is OperatorState.READY
        for call in (talk.call.id, second):
            kinds = await platform.kinds(call)
            assert [kinds.count(kind) for kind in ("call_arrived", "call_offered", "call_answered")] == [1, 1, 1]


async def test_a_click_that_lay_on_the_bus_while_nobody_listened_is_not_done_to_the_talk_of_later(
    platform: Platform, redis: RunningRedis
):
    """The controller is away, not the bus: what was pressed a minute ago must not act on the call of now."""
    await platform.ready_operators("sato")
    await started(platform, redis)
    async with platform.at_desk() as desk:
        talk = await talking(platform)
        redis.freeze()
        with pytest.raises(ClickFailed, match="操作を送れませんでした"):
            await desk.hang_up(talk.call.id)
        await asyncio.sleep(CLICK_LIFETIME.total_seconds())  # the life of a click itself
        redis.thaw()
        await desk.pause("休憩")

        async def heard_again() -> bool:
            return (await platform.operator("sato")).then is OperatorState.PAUSED

        await platform.until(heard_again, "clicks are heard again")
        await talk.both_hear_each_other()
        assert (await platform.at(talk.call.id, Stage.TALK)).operator == "sato"


async def shows(platform: Platform, supervisor: ConsoleOperator, operator: str, state: str) -> None:
    """Return when the wall, as it is loaded, shows ``operator`` in ``state``."""

    async def look() -> bool:
        wall = await supervisor.page("/wall")
        found = re.search(rf'id="operator-{operator}">(.*?)</li>', wall, re.DOTALL)
        return found is not None and state in found[1]

    await platform.until(look, f"the wall shows {operator} as {state}")


async def finishes(platform: Platform, desk: ConsoleOperator, call: str) -> None:
    """As the desk asks: what brings no answer is pressed again."""
    for _ in range(PRESSED_AGAIN):
        await desk.finish_wrap_up(call)
        try:
            async with asyncio.timeout(CLICK_LIFETIME.total_seconds()):
                await platform.at(call, Stage.ENDED)
        except TimeoutError:
            continue
        return
    raise AssertionError("no click is heard though Redis is back")
