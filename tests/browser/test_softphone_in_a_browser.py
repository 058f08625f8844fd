"""The softphone's page without a call: what it says of a microphone that can't be used, and what it weighs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import BrowserContext, Page, async_playwright, expect

from agent_console.phone.exchange import PhoneExchange
from agent_console.phone.line import PROTOCOL
from asterisk_conf.secrets import ensure_secret, phone_file
from tests.browser.conftest import ARGUMENTS, CHROMIUM, WHO, log_in
from tests.support.console import Desk, console

MOST_BYTES = 300_000
QUALITY = """
async ([now, before]) => (await import("/static/phone-quality.js")).qualityOf(new Map(now), new Map(before))
"""


async def silence(request: web.Request) -> web.WebSocketResponse:
    """Stands for an Asterisk that takes what it is told and says nothing; counts who comes."""
    socket = web.WebSocketResponse(protocols=(PROTOCOL,))
    await socket.prepare(request)
    request.app[CAME].append("a page")
    async for _ in socket:
        pass
    return socket


CAME = web.AppKey("came", list[str])


@pytest.fixture
async def exchange() -> AsyncIterator[TestServer]:
    app = web.Application()
    app[CAME] = []
    app.router.add_get("/ws", silence)
    async with TestServer(app) as server:
        yield server


@pytest.fixture
async def phone_desk(tmp_path: Path, exchange: TestServer) -> AsyncIterator[Desk]:
    """A console whose operator Sato uses the page as telephone."""
    ensure_secret(tmp_path / phone_file("7001"))
    phones = PhoneExchange(str(exchange.make_url("/ws")), "centre.invalid", tmp_path)
    async with console(tmp_path, WHO, phones) as desk:
        version = await desk.store.centres.current_version()
        assert version is not None
        seats = tuple(seat.model_copy(update={"phone": "browser"}) for seat in version.centre.operators)
        centre = version.centre.model_copy(update={"operators": seats})
        await desk.store.centres.save(centre, by="ueda", now=desk.clock(), expected_version=version.version)
        yield desk


@pytest.fixture
async def page(phone_desk: Desk) -> AsyncIterator[Page]:
    """Sato's desk, with a microphone that asks before it is used."""
    async with async_playwright() as playwright:
        arguments = [*ARGUMENTS, "--use-fake-device-for-media-stream"]
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        context: BrowserContext = await browser.new_context(ignore_https_errors=True, base_url=phone_desk.url)
        context.set_default_timeout(30_000)
        yield await log_in(context, "sato")
        await browser.close()


async def test_a_microphone_that_is_not_allowed_is_explained_and_nothing_is_registered_until_it_is(
    page: Page, exchange: TestServer
):
    await expect(page.locator("[data-part=trouble]")).to_contain_text("マイクの使用が許可されていません")
    await expect(page.locator("[data-part=state]")).to_have_text("マイクを使えないため、着信を受けられません。")
    assert exchange.app[CAME] == []
    await page.context.grant_permissions(["microphone"])
    await page.get_by_role("button", name="もう一度試す").click()
    await expect(page.locator("[data-part=state]")).to_have_text("接続しています…")
    await expect(page.locator("[data-part=trouble]")).to_be_hidden()


async def test_devices_and_volumes_that_were_chosen_are_remembered_and_the_level_is_shown(page: Page):
    await page.context.grant_permissions(["microphone"])
    await page.reload()
    await page.get_by_text("マイク・スピーカー").click()
    microphone = page.locator("[data-device=microphone]")
    await microphone.select_option(index=1)
    chosen = await microphone.input_value()
    await page.locator("[data-volume=ringer]").fill("0.4")
    await expect(page.locator("[data-part=level]")).not_to_have_js_property("value", 0)
    await page.reload()
    await expect(microphone).to_have_value(chosen)
    await expect(page.locator("[data-volume=ringer]")).to_have_value("0.4")


async def test_the_first_page_with_its_phone_stays_small(page: Page):
    sizes: list[float] = []
    tools = await page.context.new_cdp_session(page)
    await tools.send("Network.enable")
    await tools.send("Network.setCacheDisabled", {"cacheDisabled": True})
    tools.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    await page.context.grant_permissions(["microphone"])
    await page.goto("/")
    await expect(page.locator("[data-part=state]")).to_have_text("接続しています…")
    assert len(sizes) > 15, "the page's files were counted"
    assert sum(sizes) < MOST_BYTES


@pytest.mark.parametrize(
    ("lost", "jitter", "round_trip", "word"),
    [
        (0, 0.005, 0.03, "良好"),
        (3, 0.005, 0.03, "やや不安定"),
        (0, 0.04, 0.03, "やや不安定"),
        (0, 0.005, 0.5, "不安定"),
    ],
)
async def test_the_quality_of_the_line_is_put_into_a_word(
    page: Page, lost: int, jitter: float, round_trip: float, word: str
):
    def report(received: int, lost: int) -> list[tuple[str, dict[str, object]]]:
        heard = {"type": "inbound-rtp", "kind": "audio", "id": "in", "packetsReceived": received, "packetsLost": lost}
        there = {"type": "remote-inbound-rtp", "kind": "audio", "id": "there", "roundTripTime": round_trip}
        return [("in", {**heard, "jitter": jitter}), ("there", there)]

    said = await page.evaluate(QUALITY, [report(200, lost), report(100, 0)])
    assert said["word"] == word
    silent = await page.evaluate(QUALITY, [report(100, 0), report(100, 0)])
    assert silent["word"] == "不安定"
