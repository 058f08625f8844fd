"""検索 by keyboard alone, in a real browser."""

from __future__ import annotations

from datetime import UTC, datetime

from playwright.async_api import expect

from kernel.case import Citizen, HistoryDraft
from tests.browser.conftest import log_in

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)


async def test_the_keyboard_alone_finds_opens_and_comes_back_to_the_same_answers(desk, profile):
    for call, subject in (("c1", "住民票"), ("c2", "転入届")):
        draft = HistoryDraft(call, "sato", Citizen(), subject, "粗大ゴミの件も案内した", "回答済み", close_case=False)
        await desk.store.cases.save_history(draft, NOON)
    await desk.store.finding.load()
    page = await log_in(profile, "sato")
    await page.goto("/search")
    words = page.get_by_label("ことば")
    await expect(words).to_be_focused()
    await page.get_by_role("heading", name="検索").click()
    await page.keyboard.press("/")
    await expect(words).to_be_focused()
    await words.fill("粗大ごみ")
    await page.keyboard.press("Enter")
    await expect(page.locator("#answers mark")).to_have_text(["粗大ゴミ", "粗大ゴミ"])
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await expect(page.locator("a.hit-link").nth(1)).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/cases/2")
    await page.go_back()
    await expect(words).to_have_value("粗大ごみ")
    await expect(page.locator("#answers mark")).to_have_count(2)
    assert page.url.endswith("/search"), "what was looked for is no part of an address"
