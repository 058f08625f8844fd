"""The softphone in the operator's page, on a real Asterisk and in a real Chromium, with sound."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from denwa.parts import utc_now
from denwa.world.hearing import RATE, level
from denwa.world.leg import OutsideLeg
from ivr.seed_file import load
from kernel.call import Call, Stage
from kernel.centre import Centre
from kernel.operator import OperatorState
from tests.support.asterisk import SEED, World, make_world
from tests.support.browser_phone import chromium_in, hears_tone, profile_of, registered, sits_down
from tests.support.installation import make_platform
from tests.support.platform import PATIENCE_SECONDS, Platform
from tests.support.room import Room, room
from tests.support.talk import CITIZEN_HERTZ, CITY_HERTZ, OPERATOR_HERTZ, in_the_menu, says


@pytest.fixture
def browsers_room() -> Iterator[Room]:
    with room() as one:
        yield one


def with_browser(centre: Centre, *operators: str) -> Centre:
    """The centre whose ``operators`` use their page as telephone."""
    seats = tuple(
        seat.model_copy(update={"phone": "browser" if seat.id in operators else "desk"}) for seat in centre.operators
    )
    return centre.model_copy(update={"operators": seats})


@pytest.fixture
async def softphone_world(tmp_path_factory: pytest.TempPathFactory, browsers_room: Room) -> AsyncIterator[World]:
    """Sato's telephone is the page; the others have desk phones. The centre listens on the browser's cable."""
    document = with_browser(load(SEED), "sato")
    both = make_world(
        tmp_path_factory.mktemp("softphone"), document=document, sip={"bind": IPv4Address(browsers_room.here)}
    )
    await both.start()
    await both.reachable(*(seat.extension for seat in document.operators if seat.phone == "desk"))
    yield both
    await both.stop()


@pytest.fixture
async def platform(softphone_world: World, browsers_room: Room, tmp_path: Path) -> AsyncIterator[Platform]:
    async with make_platform(softphone_world, tmp_path) as one:
        web = one.settings.web.model_copy(update={"host": browsers_room.here})
        one.settings = one.settings.model_copy(update={"web": web})
        version = await one.store.centres.current_version()
        assert version is not None
        centre = with_browser(version.centre, "sato")
        await one.store.centres.save(centre, by="test", now=utc_now(), expected_version=version.version)
        await one.ready_operators("sato")
        await one.start()
        yield one


@pytest.fixture
async def chromium(browsers_room: Room, tmp_path: Path) -> AsyncIterator[Browser]:
    async with chromium_in(browsers_room, tmp_path) as browser:
        yield browser


@pytest.fixture
async def profile(chromium: Browser, platform: Platform) -> AsyncIterator[BrowserContext]:
    async with profile_of(chromium, platform) as context:
        yield context


async def test_a_call_is_answered_in_the_page_and_both_hear_each_other_unless_muted(
    platform: Platform, profile: BrowserContext
):
    page = await sits_down(profile, platform)
    _, citizen = await talking(platform, page)
    await expect(page.locator("[data-part=quality]")).to_have_text("回線 良好")
    await page.get_by_text("番号ボタン").click()
    await page.get_by_role("button", name="7", exact=True).click()
    async with asyncio.timeout(PATIENCE_SECONDS):
        assert await citizen.end.keys.get() == "7"
    await page.get_by_role("button", name="ミュート").click()
    await citizen.hears(lambda sound: len(sound) > RATE and level(sound[-RATE:]) < 0.001, "silence")
    await page.get_by_role("button", name="ミュート中").click()
    await citizen.hears_tone(OPERATOR_HERTZ)


async def talking(platform: Platform, page: Page) -> tuple[Call, OutsideLeg]:
    """Sato has answered in the page, and both hear each other."""
    call, citizen = await in_the_menu(platform)
    await citizen.presses("1")
    await page.get_by_role("button", name="応答").click()
    await says(platform, citizen, CITIZEN_HERTZ)
    call = await platform.at(call.id, Stage.TALK)
    await both_hear_each_other(page, citizen)
    return call, citizen


async def both_hear_each_other(page: Page, citizen: OutsideLeg) -> None:
    await hears_tone(page, CITIZEN_HERTZ)
    await citizen.hears_tone(OPERATOR_HERTZ)


async def is_lost(platform: Platform, call: Call) -> None:
    async def look() -> bool:
        return "operator_lost" in await platform.kinds(call.id)

    await platform.until(look, "the page is missed")


async def test_a_page_that_is_reloaded_in_mid_talk_is_back_in_the_same_talk(
    platform: Platform, profile: BrowserContext
):
    """Hard case 28."""
    page = await sits_down(profile, platform)
    call, citizen = await talking(platform, page)
    await page.reload()
    await registered(page)
    await is_lost(platform, call)
    await both_hear_each_other(page, citizen)
    kinds = await platform.kinds(call.id)
    assert (kinds.count("operator_lost"), kinds.count("operator_back")) == (1, 1)
    assert "talk_ended" not in kinds
    await expect(page.locator("#state")).to_contain_text("通話中")


async def test_a_network_that_is_lost_gives_the_caller_music_and_its_return_the_operator(
    platform: Platform, profile: BrowserContext, browsers_room: Room
):
    page = await sits_down(profile, platform)
    call, citizen = await talking(platform, page)
    browsers_room.pull_the_plug()
    await citizen.hears_music()
    await is_lost(platform, call)
    await expect(page.locator("[data-part=state]")).to_have_text("電話の接続が切れました。再接続しています…")
    browsers_room.plug_in()
    await registered(page)
    await both_hear_each_other(page, citizen)
    assert "talk_ended" not in await platform.kinds(call.id)


async def test_of_two_windows_one_has_the_phone_and_the_other_can_take_it_in_mid_talk(
    platform: Platform, profile: BrowserContext
):
    """Hard case 29."""
    page = await sits_down(profile, platform)
    other = await profile.new_page()
    await other.goto("/")
    await expect(other.locator("[data-part=state]")).to_have_text("電話は、ほかの画面で使用中です。")
    call, citizen = await talking(platform, page)
    await expect(other.locator("#state")).to_contain_text("通話中")
    await other.get_by_role("button", name="この画面で使う").click()
    await registered(other)
    await both_hear_each_other(other, citizen)
    await expect(page.locator("[data-part=state]")).to_have_text("電話は、ほかの画面で使用中です。")
    assert "talk_ended" not in await platform.kinds(call.id)
    await other.close()
    await registered(page)
    await both_hear_each_other(page, citizen)


async def test_who_hangs_up_in_the_page_ends_the_talk(platform: Platform, profile: BrowserContext):
    page = await sits_down(profile, platform)
    call, citizen = await talking(platform, page)
    await page.get_by_role("button", name="電話を切る").click()
    await citizen.is_over()
    await platform.at(call.id, Stage.WRAP_UP)
    assert "operator_lost" not in await platform.kinds(call.id)


async def test_a_platform_that_is_killed_leaves_the_talk_and_finds_the_page_again(
    platform: Platform, profile: BrowserContext
):
    page = await sits_down(profile, platform)
    call, citizen = await talking(platform, page)
    platform.kill()
    await expect(page.locator("[data-part=state]")).to_have_text("電話の接続が切れました。再接続しています…")
    await platform.start()
    await registered(page)
    await both_hear_each_other(page, citizen)
    assert "talk_ended" not in await platform.kinds(call.id)


async def test_a_phone_on_a_desk_works_beside_a_page(platform: Platform, profile: BrowserContext):
    page = await sits_down(profile, platform)
    await talking(platform, page)

    async def seated() -> bool:
        status = await platform.store.operators.find("suzuki")
        return status is not None and status.state is OperatorState.PAUSED

    async with platform.at_desk("suzuki") as suzuki:
        await platform.until(seated, "Suzuki's log-in is known")
        await suzuki.ready()
        citizen = await platform.world.rings("0466251111", "08011112222")
        await citizen.presses("1")
        phone = await platform.world.rung("phone", "7002")
        await platform.world.answers(phone)
        await phone.listen()
        await says(platform, citizen, CITIZEN_HERTZ)
        await says(platform, phone, CITY_HERTZ)
        await citizen.hears_tone(CITY_HERTZ)
        await phone.hears_tone(CITIZEN_HERTZ)
