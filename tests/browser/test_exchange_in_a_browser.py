"""電話交換 in Chromium: three keys from the talk to the department, and nothing that was not on the screen."""

import asyncio

import pytest
from playwright.async_api import BrowserContext, Page, Route, expect

from crm.directory.hours_text import read_hours
from kernel.commands import CommandKind
from kernel.directory import Entry
from kernel.events import Event, EventKind
from tests.browser.conftest import log_in
from tests.support.console import Desk

ALWAYS, NEVER = read_hours("24時間"), read_hours("祝 00:00-00:01")
ENTRIES = (
    Entry("t", "税制課", reading="ぜいせいか", extension="2301", hours=ALWAYS, department="zeisei"),
    Entry("p", "保険年金課", reading="ほけんねんきんか", extension="3301", hours=ALWAYS),
    Entry("n", "納税課", reading="のうぜいか", extension="2310", hours=NEVER),
    Entry("k", "警察署", reading="けいさつしょ", outside="0466-00-1009", tellable=True, transferable=False),
)


@pytest.fixture
async def page(desk: Desk, profile: BrowserContext) -> Page:
    """An operator in a talk."""
    await desk.store.directory.replace(ENTRIES, by="ueda", now=desk.clock())
    page = await log_in(profile, "sato")
    await desk.waits("c1")
    await desk.talks("c1", "sato")
    await expect(page.get_by_role("combobox", name="内線")).to_be_visible()
    return page


async def test_three_keys_put_a_caller_through(desk: Desk, page: Page):
    async with desk.commands() as commands:
        await page.keyboard.press("F2")
        await page.keyboard.insert_text("ほ")
        await expect(page.locator(".chosen:visible")).to_contain_text("保険年金課")
        await expect(page.locator(".chosen:visible .large")).to_have_text("3301")
        await page.keyboard.press("Enter")
        sent = await anext(commands)
    assert (sent.kind, sent.call, sent.extension) == (CommandKind.HAND_OVER, "c1", "3301")


async def test_arrows_choose_and_the_finder_has_an_access_key_of_its_own(desk: Desk, page: Page):
    keys = await page.locator("[accesskey]").evaluate_all("all => all.map((one) => one.accessKey)")
    assert keys.count("x") == 1
    assert len(set(keys)) == len(keys)
    async with desk.commands() as commands:
        await page.keyboard.press("F2")
        await page.keyboard.insert_text("課")
        await expect(page.locator(".hits [role=option]")).to_have_count(3)
        await page.keyboard.press("ArrowDown")
        await expect(page.locator(".chosen:visible")).to_contain_text("保険年金課")
        await page.keyboard.press("ArrowUp")
        await expect(page.locator(".chosen:visible")).to_contain_text("税制課")
        await page.keyboard.press("Enter")
        assert (await anext(commands)).extension == "2301"


async def test_with_nothing_typed_the_last_used_are_shown_and_enter_alone_rings_nobody(desk: Desk, page: Page):
    before = Event(EventKind.HAND_OVER_STARTED, desk.clock(), "c0", "sato", data={"extension": "3301"})
    await desk.tell(before)
    async with desk.commands() as commands:
        await page.keyboard.press("F2")
        await expect(page.locator(".hits [role=option]")).to_have_count(1)
        await page.keyboard.press("Enter")
        await page.keyboard.insert_text("税")
        await expect(page.locator(".chosen:visible")).to_contain_text("税制課")
        await page.keyboard.press("Enter")
        assert (await anext(commands)).extension == "2301"


async def test_who_is_out_of_hours_is_shown_so_and_enter_rings_nobody(desk: Desk, page: Page):
    async with desk.commands() as commands:
        await page.keyboard.press("F2")
        await page.keyboard.insert_text("納")
        await expect(page.locator(".chosen:visible")).to_contain_text("受付時間外です")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="時間外でも内線 2310 を呼び出す").click()
        sent = await anext(commands)
    assert sent.extension == "2310", "the first that was sent is the one that was asked for"


async def test_a_number_to_tell_is_large_at_once_and_enter_notes_that_it_was_told(desk: Desk, page: Page):
    await page.keyboard.press("F2")
    await page.keyboard.insert_text("警")
    number = page.locator(".chosen:visible .large")
    await expect(number).to_have_text("0466-00-1009")
    assert await number.evaluate("one => parseFloat(getComputedStyle(one).fontSize)") >= 28
    await page.keyboard.press("Enter")
    await expect(page.locator(".chosen:visible")).to_contain_text("ご案内を記録しました")
    assert len(await desk.store.events.of_call("c1", {EventKind.NUMBER_TOLD})) == 1


async def test_enter_before_anything_was_found_waits_for_a_whole_number_alone(desk: Desk, page: Page):
    pressed = asyncio.Event()

    async def answer_late(route: Route) -> None:
        await pressed.wait()
        await route.continue_()

    await page.keyboard.press("F2")
    await page.locator("found-entries[data-typed='']").wait_for(state="attached")
    await page.route("**/directory/find?*", answer_late)
    async with desk.commands() as commands:
        for typed, shown in (("ほ", "保険年金課"), ("2301", "税制課")):
            await page.get_by_role("combobox", name="内線").fill(typed)
            await page.keyboard.press("Enter")  # nothing is shown yet
            pressed.set()
            await expect(page.locator(".chosen:visible")).to_contain_text(shown)
            pressed.clear()
        assert (await anext(commands)).extension == "2301"


async def test_the_department_is_given_the_case_without_anything_being_typed_again(desk: Desk, page: Page):
    await page.get_by_label("氏名").fill("山田花子")
    await page.get_by_label("件名").fill("原付の廃車")
    await page.keyboard.press("F2")
    await page.keyboard.insert_text("税制")
    await page.get_by_role("button", name="所管課へ取り次ぐ").click()
    form = page.locator(".escalation")
    await expect(form.get_by_label("取次先の所管課")).to_have_value("zeisei")
    await expect(form.get_by_label("ご連絡先")).to_have_value("0466998877")
    await expect(form.get_by_label("お名前")).to_have_value("山田花子")
    async with page.expect_response(lambda one: one.url.endswith("/calls/c1/open")):  # of the form as it is saved
        await form.get_by_role("button", name="この内容で取り次ぐ").click()
    await expect(page.get_by_text("税制課へ取り次ぎました")).to_be_visible()
    await expect(page.locator("#histories")).to_contain_text("保存済み")
    case = await desk.store.cases.by_number(1)
    assert case is not None
    assert (case.department, case.citizen.name) == ("zeisei", "山田花子")
