"""The softphone in the operator's page, on a real Asterisk and in a real Chromium, with sound."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, expect

from denwa.parts import utc_now
from ivr.seed_file import load
from kernel.call import Stage
from kernel.centre import Centre
from tests.support.asterisk import SEED, World, make_world
from tests.support.browser_phone import chromium_in, hears_tone, profile_of, sits_down
from tests.support.installation import make_platform
from tests.support.platform import Platform
from tests.support.room import Room, room
from tests.support.talk import CITIZEN_HERTZ, OPERATOR_HERTZ, in_the_menu, says


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


async def test_a_call_is_answered_in_the_page_and_both_hear_each_other(platform: Platform, profile: BrowserContext):
    page = await sits_down(profile, platform)
    call, citizen = await in_the_menu(platform)
    await citizen.presses("1")
    await page.get_by_role("button", name="応答").click()
    await says(platform, citizen, CITIZEN_HERTZ)
    await platform.at(call.id, Stage.TALK)
    await hears_tone(page, CITIZEN_HERTZ)
    await citizen.hears_tone(OPERATOR_HERTZ)
    await expect(page.locator("[data-part=quality]")).to_have_text("回線 良好")
