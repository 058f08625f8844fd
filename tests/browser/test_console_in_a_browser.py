"""What an operator and a supervisor see and do, in Chromium."""

import re
from pathlib import Path

from playwright.async_api import BrowserContext, Dialog, Page, expect

from kernel.commands import CommandKind
from kernel.operator import OperatorState
from tests.browser.conftest import log_in
from tests.support.console import Desk, console, served


async def talking(desk: Desk, call: str = "c1") -> None:
    await desk.waits(call)
    await desk.talks(call, "sato")


async def pushed(page: Page, desk: Desk) -> None:
    """Wait until ``page`` has been pushed something of now: a call that comes into the other queue."""
    waiting = page.locator("#queue-exchange [data-measure=waiting]")
    before = int(await waiting.inner_text())
    await desk.waits(f"other {before}", queue="exchange", caller=None)
    await expect(waiting).to_have_text(str(before + 1))


async def test_a_call_that_rings_appears_without_a_reload_and_a_reload_brings_it_back(
    desk: Desk, profile: BrowserContext
):
    page, other = await log_in(profile, "sato"), await profile.new_page()
    await other.goto("/")
    await desk.operator("sato", OperatorState.READY)
    await expect(page.locator("#state")).to_contain_text("受付可")
    await desk.waits("c1")
    await desk.rings("c1", "sato")
    for window in (page, other):
        await expect(window.locator(".call .caller")).to_have_text("0466998877")
        await expect(window).to_have_title("◎ 着信中 - 応対")
    await desk.talks("c1", "sato")
    for window in (page, other):
        await expect(window.get_by_role("button", name="切断")).to_be_visible()
    before = await page.locator("#call").inner_text()
    await page.reload()
    await expect(page.locator("#state")).to_contain_text("通話中")
    assert (await page.locator("#call").inner_text()).split("通話時間")[0] == before.split("通話時間")[0]


async def test_the_buttons_reach_the_controller_by_mouse_and_by_keyboard(desk: Desk, profile: BrowserContext):
    page = await log_in(profile, "sato")
    await desk.operator("sato", OperatorState.PAUSED)
    async with desk.commands() as commands:
        await page.get_by_role("button", name="受付可にする").press("Enter")
        assert (await anext(commands)).kind is CommandKind.READY
        await desk.operator("sato", OperatorState.READY)
        await page.get_by_role("button", name="休憩").click()
        pause = await anext(commands)
        assert (pause.kind, pause.reason) == (CommandKind.PAUSE, "休憩")
        await talking(desk)
        await page.get_by_label("内線").fill("2110")
        await page.get_by_role("button", name="内線転送").click()
        over = await anext(commands)
        assert (over.kind, over.call, over.extension) == (CommandKind.HAND_OVER, "c1", "2110")


async def test_a_button_of_a_call_that_is_over_says_why(desk: Desk, profile: BrowserContext):
    page = await log_in(profile, "sato")
    await talking(desk)
    await page.get_by_role("button", name="切断").wait_for()
    await page.evaluate("document.querySelector('#live').remove()")  # this window no longer hears what happens
    await desk.is_over("c1", "sato")
    await page.get_by_role("button", name="切断").click()
    await expect(page.get_by_role("alert").get_by_text("この通話はすでに終了しています")).to_be_visible()


async def test_neither_typed_text_nor_the_place_of_typing_is_lost_when_news_arrives(
    desk: Desk, profile: BrowserContext
):
    page = await log_in(profile, "sato")
    await talking(desk)
    await page.get_by_label("氏名").fill("山田花子")
    await page.get_by_label("内線").fill("21")
    text = page.get_by_label("内容")
    await text.fill("収集日を")
    await text.evaluate("box => box.setSelectionRange(2, 2)")
    await pushed(page, desk)
    await desk.wraps_up("c1", "sato")
    await expect(page.locator("#state")).to_contain_text("後処理")
    await page.keyboard.type("(燃える)")
    await desk.is_over("c1", "sato")
    await expect(page.locator("#state")).to_contain_text("受付可")
    await page.keyboard.type("ごみの")
    await expect(text).to_have_value("収集(燃える)ごみの日を")
    await expect(text).to_be_focused()
    await expect(page.get_by_label("氏名")).to_have_value("山田花子")


async def test_an_extension_half_typed_stays_while_the_queues_change(desk: Desk, profile: BrowserContext):
    page = await log_in(profile, "sato")
    await talking(desk)
    await page.get_by_label("内線").press_sequentially("21")
    await pushed(page, desk)
    await desk.operator("sato", OperatorState.TALKING, "c1", then=OperatorState.PAUSED, reason="研修")
    await expect(page.locator("#state")).to_contain_text("この通話のあと: 離席(研修)")
    await page.keyboard.type("10")
    await expect(page.get_by_label("内線")).to_have_value("2110")


async def test_the_next_call_brings_its_own_form_and_leaves_the_unsaved_one(desk: Desk, profile: BrowserContext):
    page = await log_in(profile, "sato")
    await talking(desk)
    await page.get_by_label("内容").fill("前の通話")
    await desk.is_over("c1", "sato")
    await talking(desk, "c2")
    await expect(page.locator(".history")).to_have_count(2)
    await expect(page.get_by_label("内容").nth(0)).to_have_value("")
    await expect(page.get_by_label("内容").nth(1)).to_have_value("前の通話")


async def test_a_saved_history_is_told_in_both_windows_and_the_later_writer_keeps_the_own_text(
    desk: Desk, profile: BrowserContext
):
    await profile.route("**/draft", lambda route: route.abort())  # else the windows agree while one types
    page, other = await log_in(profile, "sato"), await profile.new_page()
    await talking(desk)
    await other.goto("/")
    for window, text in ((page, "先に書いた"), (other, "後に書いた")):
        await window.get_by_label("件名").fill("ごみ")
        await window.get_by_label("内容").fill(text)
    await page.get_by_role("button", name="履歴を保存する").click()
    await expect(page.get_by_text("保存しました(案件 1)")).to_be_visible()
    await expect(other.locator("#notice")).to_contain_text("応対履歴を保存しました")
    await other.get_by_role("button", name="履歴を保存する").click()
    await expect(other.get_by_text("佐藤 さんが")).to_be_visible()
    await expect(other.locator(".theirs")).to_contain_text("先に書いた")
    await expect(other.get_by_label("内容")).to_have_value("後に書いた")
    await other.get_by_role("button", name="履歴を保存する").click()
    await expect(other.get_by_text("保存しました(案件 1)")).to_be_visible()
    history = await desk.store.cases.history_of_call("c1")
    assert history is not None
    assert (history.text, history.version) == ("後に書いた", 2)


async def test_leaving_a_page_with_unsaved_text_is_asked_about_and_with_saved_text_is_not(
    desk: Desk, profile: BrowserContext
):
    asked: list[str] = []

    async def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.dismiss()

    await profile.route("**/draft", lambda route: route.abort())  # else it would be kept as a draft
    page = await log_in(profile, "sato")
    page.on("dialog", stay)
    await talking(desk)
    await page.get_by_label("件名").press_sequentially("ごみ")
    async with page.expect_event("dialog"):
        await page.get_by_role("link", name="待ち呼").click(no_wait_after=True)
    await page.get_by_role("button", name="履歴を保存する").click()
    await expect(page.get_by_text("保存しました(案件 1)")).to_be_visible()
    await page.get_by_role("link", name="待ち呼").click()
    await page.wait_for_url("**/wall")
    assert asked == ["beforeunload"]


async def test_choosing_an_earlier_case_fills_in_the_citizen(desk: Desk, profile: BrowserContext):
    page = await log_in(profile, "sato")
    await talking(desk)
    await page.get_by_label("氏名").fill("山田花子")
    await page.get_by_label("件名").fill("ごみ")
    await page.get_by_role("button", name="履歴を保存する").click()
    await expect(page.get_by_text("保存しました(案件 1)")).to_be_visible()
    await desk.is_over("c1", "sato")
    await expect(page.get_by_label("氏名")).to_have_count(0)
    await talking(desk, "c2")
    await expect(page.get_by_label("氏名")).to_have_value("")
    await page.get_by_label("件名").fill("つづき")
    await page.get_by_role("combobox", name="案件").select_option(index=1)
    await expect(page.get_by_label("氏名")).to_have_value("山田花子")
    await expect(page.get_by_label("件名")).to_have_value("つづき")


async def test_the_wallboard_counts_without_a_reload_and_its_clocks_run(desk: Desk, profile: BrowserContext):
    page = await log_in(profile, "mori")
    row = page.locator("#queue-enquiries")
    await desk.waits("c1")
    await expect(row.locator("[data-measure=waiting]")).to_have_text("1")
    longest = page.locator("#longest-enquiries")
    first = await longest.inner_text()
    await expect(longest).not_to_have_text(first)
    await desk.talks("c1", "sato")
    await expect(row.locator("[data-measure=waiting]")).to_have_text("0")
    await expect(row.locator("[data-measure=answered]")).to_have_text("1")
    await expect(page.locator("#operator-sato")).to_contain_text("通話中")
    await expect(page.locator("[data-count=talking]")).to_have_text("1")


async def test_a_clock_of_the_computer_that_is_wrong_does_not_spoil_the_waiting_times(
    desk: Desk, profile: BrowserContext
):
    await profile.add_init_script("const real = Date.now; Date.now = () => real() - 3600_000")
    await desk.waits("c1")
    page = await log_in(profile, "mori")
    longest = page.locator("#longest-enquiries")
    await expect(longest).to_have_text(re.compile(r"0:(0[1-9]|[1-5]\d)"))


async def test_logging_out_in_one_window_takes_the_others_to_the_log_in(desk: Desk, profile: BrowserContext):
    page, other = await log_in(profile, "sato"), await profile.new_page()
    await other.goto("/wall")
    await pushed(other, desk)
    await page.get_by_role("button", name="ログアウト").click()
    await page.wait_for_url("**/login")
    await other.wait_for_url("**/login")


async def test_a_console_that_restarts_is_told_of_and_the_page_catches_up_by_itself(tmp_path: Path, chromium):
    async with console(tmp_path) as first:
        context = await chromium.new_context(ignore_https_errors=True, base_url=first.url)
        page = await log_in(context, "sato")
        await pushed(page, first)
        port = first.server.port
        await first.server.close()
        await expect(page.get_by_text("サーバーとの接続が切れています")).to_be_visible()
        await first.waits("c1")
        await first.rings("c1", "sato")
        async with served(first.store, first.bus, first.clock, tmp_path, port):
            await expect(page.locator(".call .caller")).to_have_text("0466998877")
            await expect(page.get_by_text("サーバーとの接続が切れています")).to_be_hidden()
            await context.close()
