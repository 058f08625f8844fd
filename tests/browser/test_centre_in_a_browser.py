"""An administrator changes the centre in Chromium, by the keyboard where that is worth holding."""

import re
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.conftest import log_in
from tests.support.console import Desk, console

TEXT = "ただいま、工事のため、電話交換は、5番を押してください。"


@pytest.fixture
async def desk(tmp_path: Path):
    async with console(tmp_path) as running:
        yield running


async def hear(page: Page) -> float:
    """Write another announcement and hear it; returns its seconds."""
    await page.get_by_role("link", name="案内文", exact=False).first.click()
    await page.get_by_role("link", name="menu-main").click()
    await page.get_by_role("textbox", name="案内文").fill(TEXT)
    await page.get_by_role("button", name="この文を聞く").press("Enter")
    sound = page.locator("#heard")
    await expect(sound).to_be_visible()
    await expect(page.get_by_role("textbox", name="案内文")).to_have_value(TEXT)
    return await sound.evaluate(
        """(one) => new Promise((heard, refused) => {
            const told = () => one.duration > 0 && heard(one.duration)
            one.addEventListener("durationchange", told)
            one.addEventListener("error", () => refused(new Error("the sound does not load")))
            told()
        })"""
    )


async def test_an_administrator_adds_a_key_hears_a_prompt_saves_finds_it_in_the_log_and_undoes_it(
    desk: Desk, profile: BrowserContext
):
    page = await log_in(profile, "ueda")
    await page.get_by_role("link", name="設定", exact=True).click()
    assert await hear(page) > 2
    await page.get_by_role("textbox", name="案内文").press("Tab")
    await page.get_by_role("button", name="変更内容を確認する").click()
    await expect(page.locator("#changes")).to_contain_text("案内文「menu-main」")
    await page.get_by_role("button", name="保存する").click()
    await expect(page.get_by_role("status")).to_contain_text("保存しました")
    await page.goto("/admin/centre/menus/main")
    await page.get_by_role("button", name=re.compile("^番号を追加")).press("Enter")
    row = page.get_by_role("group", name="番号 6番目")
    await expect(row.get_by_label("番号", exact=True)).to_be_focused()
    await page.keyboard.type("5")
    await row.get_by_label("行き先").select_option("窓口 電話交換(exchange)")
    await page.get_by_role("button", name="変更内容を確認する").press("Enter")
    added = "メニュー「main」の番号「5」を追加: 窓口へ「電話交換(exchange)」"
    await expect(page.locator("#changes li")).to_have_text([added])
    await page.get_by_role("button", name="入力に戻る").click()
    await expect(page.get_by_role("group", name="番号 6番目").get_by_label("番号", exact=True)).to_have_value("5")
    await page.get_by_role("button", name="変更内容を確認する").press("Enter")
    await page.get_by_role("button", name="保存する").press("Enter")
    await expect(page.get_by_role("status")).to_contain_text("保存しました")
    await page.get_by_role("link", name="設定の一覧").click()
    await page.get_by_text("一覧で見る").click()
    await expect(page.locator("#flow")).to_contain_text("5: 窓口 電話交換")
    await page.get_by_role("link", name="変更履歴").click()
    await expect(page.locator("#log li.card").first).to_contain_text(added)
    await page.get_by_role("link", name="第2版").click()
    await page.get_by_role("button", name="この版に戻す").click()
    await expect(page.locator("#changes li")).to_have_text(
        ["メニュー「main」の番号「5」を削除(窓口へ「電話交換(exchange)」)"]
    )
    await page.get_by_role("button", name="保存する").click()
    await expect(page.get_by_role("status")).to_contain_text("保存しました")
    centre = await desk.store.centres.current()
    assert "5" not in centre.menus["main"].keys
    assert centre.announcements["menu-main"] == TEXT


async def test_enter_in_a_field_leads_to_the_confirmation_and_not_to_another_button(
    desk: Desk, profile: BrowserContext
):
    page = await log_in(profile, "ueda")
    await page.goto("/admin/centre/hours")
    await page.get_by_label("理由").first.fill("年末のお休み")
    await page.get_by_label("理由").first.press("Enter")
    await expect(page.locator("#changes")).to_contain_text("年末のお休み")


async def test_what_is_wrong_is_told_where_it_stands_and_the_text_is_still_there(desk: Desk, profile: BrowserContext):
    page = await log_in(profile, "ueda")
    await page.goto("/admin/centre/queues/exchange")
    await page.get_by_role("button", name=re.compile("^番号を追加")).click()
    row = page.get_by_role("group", name="待っている間の番号 1番目")
    await row.get_by_label("番号", exact=True).select_option("1")
    await row.get_by_label("行き先").select_option("折り返しを受け付ける")
    await page.get_by_role("textbox", name="名称").fill("電話の交換")
    await page.get_by_role("button", name="変更内容を確認する").click()
    await expect(page.get_by_role("alert")).to_contain_text("番号と、それを知らせる案内文")
    await expect(page.get_by_role("textbox", name="名称")).to_have_value("電話の交換")
    await page.get_by_label("番号を知らせる案内文").select_option(value="waiting-keys")
    await page.get_by_role("button", name="変更内容を確認する").click()
    await expect(page.locator("#changes")).to_contain_text("折り返しを受け付ける")
