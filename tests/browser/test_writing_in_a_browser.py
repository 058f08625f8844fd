"""What an operator types is kept, filled in, found and saved, in Chromium."""

import re

from playwright.async_api import BrowserContext, Page, expect

from kernel.case import Citizen, HistoryDraft
from kernel.operator import OperatorState
from tests.browser.conftest import log_in
from tests.support.console import NUMBER, Desk


async def talking(desk: Desk, call: str = "c1") -> None:
    await desk.waits(call)
    await desk.talks(call, "sato")


async def known(desk: Desk, **citizen: str) -> int:
    """A case of another citizen's call."""
    draft = HistoryDraft("c0", "suzuki", Citizen(**citizen, phone=NUMBER), "粗大ごみ", "案内", "回答済み", False)
    return (await desk.store.cases.save_history(draft, desk.clock())).case.number


async def kept(page: Page, text: str) -> None:
    await expect(page.locator("[data-draft-said]").first).to_contain_text(text)


async def test_who_calls_is_shown_while_it_rings_before_anybody_has_answered(desk: Desk, profile: BrowserContext):
    number = await known(desk, name="山田花子")
    page = await log_in(profile, "sato")
    await desk.operator("sato", OperatorState.READY)
    await desk.waits("c1")
    await desk.rings("c1", "sato")
    call = page.locator("#call")
    await expect(call).to_contain_text("0466998877")
    for shown in ("お問い合わせ", "日本語", f"案件 {number}", "対応中 1件", "山田花子 様", "粗大ごみ"):
        await expect(call).to_contain_text(shown)
    assert desk.calls["c1"].answered is None


async def test_what_is_typed_survives_a_reload_and_is_the_same_in_the_other_window(desk: Desk, profile: BrowserContext):
    page, other = await log_in(profile, "sato"), await profile.new_page()
    await talking(desk)
    await other.goto("/")
    await page.get_by_label("件名").fill("ごみの日")
    await page.get_by_label("内容").fill("収集日を")
    await expect(other.get_by_label("内容")).to_have_value("収集日を")
    await expect(other.get_by_label("件名")).to_have_value("ごみの日")
    await other.get_by_label("内容").fill("収集日を案内した")
    await expect(page.get_by_label("内容")).to_have_value("収集日を案内した")
    await page.reload()
    await expect(page.get_by_label("内容")).to_have_value("収集日を案内した")
    await kept(page, "の下書きを表示しています")


async def test_text_typed_a_moment_before_the_page_is_left_is_kept(desk: Desk, profile: BrowserContext):
    page, other = await log_in(profile, "sato"), await profile.new_page()
    await talking(desk)
    page.on("dialog", lambda dialog: dialog.accept())
    await page.get_by_label("内容").press_sequentially("離れる直前")
    await page.goto("about:blank")
    await other.goto("/")
    await expect(other.get_by_label("内容")).to_have_value("離れる直前")


async def test_ctrl_and_enter_saves_and_the_other_window_shows_what_was_saved(desk: Desk, profile: BrowserContext):
    page, other = await log_in(profile, "sato"), await profile.new_page()
    await talking(desk)
    await other.goto("/")
    await page.get_by_label("件名").fill("ごみの日")
    await page.get_by_label("内容").fill("案内した")
    await page.get_by_label("内容").press("Control+Enter")
    await expect(page.get_by_text("保存しました(案件 1)")).to_be_visible()
    await expect(other.get_by_text("保存済み")).to_be_visible()
    await expect(other.get_by_label("内容")).to_have_value("案内した")
    assert await desk.store.drafts.about("c1") == []


async def test_a_postal_code_fills_the_address_and_never_over_what_is_typed(desk: Desk, profile: BrowserContext):
    page = await log_in(profile, "sato")
    await talking(desk)
    address, code = page.get_by_label("住所"), page.get_by_label("郵便番号", exact=True)
    await code.press_sequentially("２５１－００５４")
    await expect(address).to_have_value("神奈川県藤沢市朝日町")
    await code.press("Tab")
    await code.fill("")
    await code.press_sequentially("498-0000")
    offered = page.get_by_role("list", name="該当する場所")
    await expect(offered.get_by_role("button")).to_have_text(["愛知県弥富市", "三重県桑名郡木曽岬町"])
    await expect(address).to_have_value("神奈川県藤沢市朝日町")
    await offered.get_by_role("button", name="三重県桑名郡木曽岬町").press("Enter")
    await expect(address).to_have_value("三重県桑名郡木曽岬町")
    await expect(address).to_be_focused()


async def test_the_same_citizens_case_is_listed_while_typing_and_joined_by_a_button(
    desk: Desk, profile: BrowserContext
):
    number = await known(desk, name="髙橋 さくら", address="藤沢市辻堂1-2-3")
    page = await log_in(profile, "sato")
    await desk.waits("c1", caller=None)
    await desk.talks("c1", "sato")
    await page.get_by_label("氏名").press_sequentially("高橋サクラ")
    await page.get_by_role("button", name=f"案件 {number} に追加する").click()
    await expect(page.get_by_label("住所")).to_have_value("藤沢市辻堂1-2-3")
    await expect(page.get_by_role("combobox", name="案件").locator("option:checked")).to_have_text(
        re.compile(f"^案件 {number}")
    )
    await page.get_by_label("件名").fill("つづき")
    await page.get_by_label("件名").press("Control+Enter")
    await expect(page.get_by_text(f"保存しました(案件 {number})")).to_be_visible()


async def test_a_set_phrase_goes_in_where_the_caret_is_by_keyboard_alone(desk: Desk, profile: BrowserContext):
    page = await log_in(profile, "sato")
    await talking(desk)
    text = page.get_by_label("内容")
    await text.fill("前後")
    await text.evaluate("box => box.setSelectionRange(1, 1)")
    phrases = page.get_by_label("定型文")
    await phrases.focus()
    await phrases.press("ArrowDown")
    await phrases.press("Enter")
    await expect(text).to_have_value("前担当課へ内線転送した。後")
    await expect(text).to_be_focused()


async def test_access_keys_are_given_once_to_the_form_of_the_call_at_hand(desk: Desk, profile: BrowserContext):
    page = await log_in(profile, "sato")
    await talking(desk)
    await desk.is_over("c1", "sato")
    await talking(desk, "c2")
    await expect(page.locator(".history")).to_have_count(2)
    await expect(page.locator(".history").nth(1).locator("[accesskey]")).to_have_count(0)
    keys = await page.locator("[accesskey]").evaluate_all("all => all.map(one => one.accessKey)")
    assert len(keys) == len(set(keys))
    assert set("njkts") <= set(keys)


async def test_who_else_has_the_case_open_is_shown_and_an_answer_is_added_without_a_call(
    desk: Desk, profile: BrowserContext, chromium
):
    number = await known(desk, name="山田花子")
    page = await log_in(profile, "sato")
    await page.goto(f"/cases/{number}")
    await expect(page.locator("#live")).to_be_attached()
    async with await chromium.new_context(ignore_https_errors=True, base_url=desk.url) as apart:
        mori = await log_in(apart, "mori")
        await mori.goto(f"/cases/{number}")
        await expect(page.locator("#others")).to_have_text("森 さんもこの案件を開いています。")
        await mori.get_by_label("件名").fill("担当課の回答")
        await mori.get_by_label("内容").fill("来週から工事")
        await kept(mori, "下書きを保存しました")
        await mori.reload()
        await expect(mori.get_by_label("内容")).to_have_value("来週から工事")
        await mori.get_by_label("内容").press("Control+Enter")
        await expect(mori.get_by_role("heading", name="担当課の回答")).to_be_visible()
        await expect(page.locator("#changed")).to_contain_text("更新されました")
        await mori.get_by_role("button", name="案件を完了にする").click()
        await expect(mori.get_by_role("button", name="案件を再開する")).to_be_visible()
        await mori.goto("/cases")
    await expect(page.locator("#others")).to_have_count(0)
