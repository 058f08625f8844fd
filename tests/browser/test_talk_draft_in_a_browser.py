"""The draft of a talk comes to the form of its history and goes into what is empty, in Chromium."""

from __future__ import annotations

from playwright.async_api import BrowserContext, expect

from kernel.talk_draft import DraftState
from tests.browser.conftest import log_in
from tests.support.console import ROOT, Desk
from tests.support.drafted import draft, wrapping_up

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FOUND = """async (tags) => (await axe.run(document.querySelector(".talk-draft"), { runOnly: tags })).violations
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`)"""


async def test_a_draft_appears_by_itself_and_fills_by_key_what_is_empty_and_nothing_that_was_typed(
    desk: Desk, profile: BrowserContext
):
    page = await log_in(profile, "sato")
    await wrapping_up(desk)
    await draft(desk, DraftState.WAITING)
    await expect(page.get_by_text("下書きを作っています")).to_be_visible()
    await page.get_by_label("件名").fill("たんすの出し方")
    await draft(desk)
    section = page.get_by_role("region", name="自動文字起こしの下書き")
    await expect(section).to_contain_text("必ず確かめ")
    await expect(section.get_by_role("mark").first).to_have_text("用件: 粗大ごみ")
    await page.evaluate(AXE)
    assert await page.evaluate(FOUND, STANDARD) == []
    await section.get_by_role("button", name="下書きを使う").focus()
    await page.keyboard.press("Enter")
    await expect(section.get_by_role("status")).to_have_text("内容・所管課に入れました。件名は、そのままにしました。")
    await expect(page.get_by_label("件名")).to_have_value("たんすの出し方")
    await expect(page.get_by_label("内容")).to_have_value(TEXT)
    await expect(page.locator("select[name=department]")).to_have_value("kankyo-jigyo")
    await expect(page.locator("[data-draft-said]").first).to_contain_text("下書きを保存しました")
    await desk.waits("c2")
    await expect(page.locator("#queues")).to_contain_text("1")
    await expect(section.get_by_role("status")).to_contain_text("入れました")
    await page.get_by_label("内容").press("Control+Enter")
    await expect(page.get_by_text("保存しました(案件 1)")).to_be_visible()
    history = await desk.store.cases.history_of_call("c1")
    assert (history.subject, history.text) == ("たんすの出し方", TEXT)


TEXT = """【自動文字起こし・要確認】
職員: お電話ありがとうございます。
市民: <b>粗大ごみ</b>のことで
市民: ゼロ四六六の二五
話者不明: はい"""
