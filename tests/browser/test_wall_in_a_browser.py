"""The wallboard at a supervisor's desk and on a wall: keys, menus, alarms, a connection that is cut."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from playwright.async_api import BrowserContext, Page, expect

from kernel.commands import CommandKind
from kernel.operator import OperatorState
from tests.browser.conftest import log_in
from tests.support.console import Desk

COUNTING_BELL = """
window.tones = 0
const start = OscillatorNode.prototype.start
OscillatorNode.prototype.start = function (...given) { window.tones += 1; return start.apply(this, given) }
"""


async def pushed(page: Page, desk: Desk, name: str) -> None:
    """Wait until ``page`` has been pushed something of now: a call that comes into the other queue."""
    waiting = page.locator("#queue-exchange [data-measure=waiting]")
    before = int(await waiting.inner_text())
    await desk.waits(name, queue="exchange", caller=None)
    await expect(waiting).to_have_text(str(before + 1))


async def test_a_supervisor_moves_a_waiting_call_by_the_keyboard_while_others_come(desk: Desk, profile: BrowserContext):
    page = await log_in(profile, "mori")
    for operator in ("sato", "suzuki"):
        await desk.operator(operator, OperatorState.READY)
    await desk.waits("c1")
    choice = page.get_by_label("移すオペレーター").first
    await expect(choice).to_be_visible()
    await choice.focus()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    chosen = await choice.input_value()
    assert chosen == "suzuki"
    await pushed(page, desk, "c2")
    await desk.operator("takahashi", OperatorState.READY)
    await expect(page.locator("#operator-takahashi")).to_contain_text("受付可")
    await expect(choice.locator("option")).to_have_count(4)
    await expect(choice).to_be_focused()
    await expect(choice).to_have_value("suzuki")
    async with desk.commands() as commands:
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        moved = await anext(commands)
    assert (moved.kind, moved.call, moved.operator, moved.by) == (
        CommandKind.MOVE_TO_OPERATOR,
        "c1",
        "suzuki",
        "mori",
    )


async def test_an_open_menu_and_the_focus_in_it_survive_what_is_pushed(desk: Desk, profile: BrowserContext):
    page = await log_in(profile, "mori")
    await desk.operator("sato", OperatorState.READY)
    summary = page.get_by_text("オペレーターの状態変更")
    await summary.focus()
    await page.keyboard.press("Enter")
    button = page.locator("#order-pause-sato-1")
    await button.focus()
    await pushed(page, desk, "c2")
    await desk.operator("suzuki", OperatorState.READY)
    await expect(page.locator("#order-ready-suzuki")).to_be_visible()
    await expect(button).to_be_focused()
    async with desk.commands() as commands:
        await page.keyboard.press("Enter")
        assert (await anext(commands)).kind is CommandKind.PAUSE


async def test_a_talk_is_listened_to_by_the_keyboard(desk: Desk, profile: BrowserContext):
    page = await log_in(profile, "mori")
    await desk.waits("c1")
    await desk.talks("c1", "sato")
    listen = page.get_by_role("button", name="モニター", exact=True)
    await listen.focus()
    await pushed(page, desk, "c2")
    await expect(listen).to_be_focused()
    async with desk.commands() as commands:
        for kind in (CommandKind.LISTEN, CommandKind.WHISPER, CommandKind.BARGE_IN):
            await page.keyboard.press("Enter")
            assert (await anext(commands)).kind is kind
            await page.keyboard.press("Tab")


async def test_a_wait_that_is_too_long_for_the_room_is_said_and_rings_once_allowed_and_is_remembered(
    desk: Desk, profile: BrowserContext
):
    await profile.add_init_script(COUNTING_BELL)
    await desk.operator("sato", OperatorState.TALKING)
    desk.clock.ahead -= timedelta(seconds=60)
    await desk.waits("c1")
    desk.clock.ahead += timedelta(seconds=60)
    page = await log_in(profile, "mori")
    alarm = page.get_by_text("お問い合わせ: 30秒を超える待ちがあります")
    await expect(alarm).to_be_visible()
    assert await page.evaluate("tones") == 0
    await page.get_by_role("button", name="警報音を鳴らす").click()
    await page.wait_for_function("tones > 0")
    await page.get_by_role("button", name="いまの警報音を止める").click()
    await expect(page.get_by_role("button", name="いまの警報音を止める")).to_be_hidden()
    await page.get_by_text("警報音の設定").click()
    await page.get_by_label("お客様の待ちが").fill("3000")
    await expect(alarm).to_have_count(0)
    await page.reload()
    await expect(page.locator("#queue-enquiries [data-measure=waiting]")).to_have_text("1")
    await expect(page.get_by_label("お客様の待ちが")).to_have_value("3000")
    await expect(alarm).to_have_count(0)


async def test_the_wall_in_large_has_no_navigation_and_follows_what_happens(desk: Desk, profile: BrowserContext):
    page = await log_in(profile, "mori")
    await page.get_by_role("link", name="大画面表示").click()
    await expect(page.get_by_role("navigation")).to_have_count(0)
    await pushed(page, desk, "c1")
    big = page.locator("#queue-exchange [data-measure=waiting]")
    assert float((await big.evaluate("(one) => getComputedStyle(one).fontSize")).removesuffix("px")) > 60
    await page.get_by_role("link", name="通常表示に戻る").click()
    await expect(page.get_by_role("navigation")).to_be_visible()


async def test_a_wall_that_nobody_is_logged_in_at_is_pushed_to(desk: Desk, profile: BrowserContext):
    page = await log_in(profile, "mori")
    await page.get_by_role("button", name="この端末を大画面専用にする").click()
    await page.wait_for_url("**/display")
    await pushed(page, desk, "c1")
    await page.goto("/wall")
    await page.wait_for_url("**/login")


class Wire:
    """What lies between a browser and the console, and can be cut."""

    def __init__(self) -> None:
        self.up = True
        self.open: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        self.up = False
        for end in self.open:
            end.transport.abort()


@asynccontextmanager
async def wire_to(port: int) -> AsyncIterator[tuple[Wire, int]]:
    wire = Wire()

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except (ConnectionError, ssl.SSLError):
            return
        finally:
            writer.close()

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not wire.up:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", port)
        ends = {writer, far_writer}
        wire.open |= ends
        await asyncio.gather(carry(reader, far_writer), carry(far_reader, writer))
        wire.open -= ends

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield wire, server.sockets[0].getsockname()[1]
    finally:
        wire.cut()
        server.close()
        await server.wait_closed()


async def test_a_browser_whose_connection_was_cut_says_so_and_catches_up_by_itself(desk: Desk, chromium):
    assert desk.server.port
    async with wire_to(desk.server.port) as (wire, port):
        context = await chromium.new_context(ignore_https_errors=True, base_url=f"https://127.0.0.1:{port}")
        page = await log_in(context, "mori")
        await pushed(page, desk, "c1")
        wire.cut()
        await expect(page.get_by_text("サーバーとの接続が切れています")).to_be_visible()
        await desk.waits("c2")
        await desk.operator("sato", OperatorState.PAUSED, reason="研修")
        wire.up = True
        await expect(page.locator("#queue-enquiries [data-measure=waiting]")).to_have_text("1", timeout=30_000)
        await expect(page.locator("#operator-sato")).to_contain_text("研修")
        await expect(page.get_by_text("サーバーとの接続が切れています")).to_be_hidden()
        await context.close()


async def test_a_wall_shows_all_in_its_own_height_whatever_its_size(desk: Desk, profile: BrowserContext):
    page = await log_in(profile, "mori")
    for operator in ("sato", "suzuki", "takahashi"):
        await desk.operator(operator, OperatorState.READY)
    for number in range(9):
        await desk.waits(f"c{number}", queue="enquiries" if number % 2 else "exchange")
    for width, height in ((1280, 720), (1920, 1080), (2560, 1440), (3840, 2160)):
        await page.set_viewport_size({"width": width, "height": height})
        await page.goto("/wall?display=wall")
        await expect(page.locator("#operator-takahashi")).to_be_visible()
        for part in ("#queues", "#operators", "#owed", "#curves", "load-curve >> nth=-1"):
            box = await page.locator(part).bounding_box()
            assert box, part
            assert box["height"] > height / 30, (width, part)
            assert box["y"] + box["height"] <= height, (width, part)
