"""The page of a waiting call follows it in a real browser."""

from __future__ import annotations

from playwright.async_api import expect

from kernel.events import Event, EventKind
from tests.browser.conftest import log_in


async def explained(desk, because: str) -> None:
    data = {"because": because, "outlook": "", "position": 1, "expected_seconds": None}
    await desk.tell(Event(EventKind.WAIT_EXPLAINED, desk.clock(), "c1", queue="enquiries", data=data))


async def test_why_a_call_waits_is_opened_at_the_wall_and_follows_the_call_to_its_end(desk, profile):
    page = await log_in(profile, "mori")
    await page.goto("/wall")
    await desk.waits("c1")
    await explained(desk, "全員が通話中です")
    await page.get_by_role("link", name="なぜ待っているか").click()
    await expect(page.locator("#why")).to_contain_text("全員が通話中です")
    await explained(desk, "必要なスキルがありません")
    await expect(page.locator("#why")).to_contain_text("必要なスキルがありません")
    await desk.abandons("c1")
    await expect(page.locator("ol.journey")).to_contain_text("待っている間に電話が切れました")
    await expect(page.locator("#why")).to_have_count(0)
    await expect(page.locator("#journey[hx-get]")).to_have_count(0)
