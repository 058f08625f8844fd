"""An operator sends a link by SMS, in Chromium (T13)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, expect

from kernel.operator import OperatorState
from kernel.phone_number import PhoneNumber
from kernel.settings import SmsSettings
from kernel.sms import SmsState
from tests.browser.conftest import WHO, log_in
from tests.support.console import Desk, console


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with console(tmp_path, WHO, sms=SmsSettings(gateway="local")) as running:
        yield running


async def test_the_link_that_was_chosen_stays_while_news_arrives_and_is_sent_by_one_button(
    desk: Desk, profile: BrowserContext
):
    page = await log_in(profile, "sato")
    await desk.waits("c1", caller=PhoneNumber("09012345678"))
    await desk.talks("c1", "sato")
    chosen = page.get_by_label("SMSのリンク")
    await chosen.select_option(label="市役所の場所")
    await desk.operator("sato", OperatorState.ON_HOLD, "c1")
    await expect(page.get_by_role("button", name="保留を解除")).to_be_visible()
    await expect(chosen).to_have_value("place")
    await page.get_by_role("button", name="SMSで送る").click()
    sent = page.get_by_role("region", name="この通話で送ったSMS")
    await expect(sent).to_contain_text("「市役所の場所」 送信待ち")
    await expect(chosen).to_have_value("hours")
    claimed = await desk.store.outbox.claim(desk.clock(), 3)
    assert claimed
    assert claimed.sms.link == "place"
    await desk.store.outbox.settle(claimed, SmsState.SENT, None, desk.clock())
    await expect(sent).to_contain_text("送信済み")
