"""Logging in with a second factor, and the administrator's pages, in Chromium."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect
from pyotp.totp import TOTP

from tests.browser.conftest import log_in
from tests.support.console import Desk, console
from tests.support.console_client import PASSWORD

STEP = timedelta(seconds=30)
OWN = "a passphrase of my own"


@pytest.fixture
async def desk(tmp_path: Path):
    async with console(tmp_path) as running:
        yield running


async def set_up(page: Page, desk: Desk) -> str:
    """With the keyboard alone, from the link in the header; returns the secret."""
    await page.get_by_role("link", name="木村", exact=True).press("Enter")
    await page.get_by_role("link", name="二段階認証の設定").press("Enter")
    await page.get_by_role("button", name="設定を始める").press("Enter")
    picture = page.get_by_role("img", name="QRコード")
    await expect(picture).to_be_visible()
    size = await picture.bounding_box()
    assert size is not None
    assert size["width"] > 150
    await page.get_by_text("図を読み取れないとき").click()
    secret = await page.locator("#secret").inner_text()
    await page.get_by_label("確認コード(6桁)").fill(TOTP(secret).at(desk.clock()))
    await page.keyboard.press("Enter")
    await expect(page.locator("#recovery-codes li")).to_have_count(10)
    return secret


async def test_a_second_factor_is_set_up_and_asked_for_at_the_next_login(desk: Desk, profile: BrowserContext):
    page = await log_in(profile, "kimura")
    secret = await set_up(page, desk)
    await page.get_by_role("button", name="ログアウト").click()
    await page.get_by_label("利用者ID").fill("kimura")
    await page.get_by_label("パスワード").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="確認コードの入力")).to_be_visible()
    await expect(page.get_by_label("確認コード")).to_be_focused()
    await page.keyboard.type("wrong")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_contain_text("コードが違います")
    await page.keyboard.type(TOTP(secret).at(desk.clock() + STEP))
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="案件一覧")).to_be_visible()


async def test_an_administrator_makes_a_user_who_must_choose_a_password_of_the_own(
    desk: Desk, profile: BrowserContext, chromium
):
    page = await log_in(profile, "ueda")
    await page.get_by_role("link", name="利用者", exact=True).click()
    await page.get_by_label("利用者ID(英小文字").fill("abe")
    await page.get_by_label("氏名").fill("阿部")
    await page.get_by_role("combobox", name="権限").select_option("市職員")
    await page.get_by_label("納税課").check()
    await page.get_by_label("保育課").check()
    await page.get_by_role("button", name="利用者を登録する").click()
    password = await page.locator("#initial-password").inner_text()
    other = await chromium.new_context(ignore_https_errors=True, base_url=desk.url)
    abe = await other.new_page()
    await abe.goto("/login")
    await abe.get_by_label("利用者ID").fill("abe")
    await abe.get_by_label("パスワード").fill(password)
    await abe.keyboard.press("Enter")
    await expect(abe.get_by_role("status")).to_contain_text("管理者が設定したパスワードです")
    await expect(abe.get_by_role("navigation", name="画面").get_by_role("link")).to_have_count(0)
    await abe.get_by_label("いまのパスワード").fill(password)
    await abe.get_by_label(re.compile(r"文字以上")).fill(OWN)
    await abe.get_by_label("もう一度").fill(OWN)
    await abe.keyboard.press("Enter")
    await expect(abe.get_by_role("heading", name="案件一覧")).to_be_visible()
    await page.goto("/admin/users")
    await expect(page.locator("#users")).to_contain_text("保育課、納税課")
    await page.get_by_role("link", name="abe").click()
    await page.get_by_role("button", name="利用を停止する").click()
    await expect(page.get_by_role("status")).to_contain_text("保存しました")
    await abe.reload()
    await expect(abe.get_by_role("status")).to_contain_text("もう一度ログインしてください")
    await page.get_by_role("link", name="利用者", exact=True).click()
    await page.get_by_role("link", name="権限の履歴").click()
    await expect(page.locator("#rights tbody tr")).to_have_count(5 * 2 + 5)
    await other.close()
