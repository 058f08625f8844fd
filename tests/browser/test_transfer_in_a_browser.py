"""相談転送 at the desk, in Chromium: asked for, followed without a reload, and ended by its buttons."""

from playwright.async_api import BrowserContext, Page, expect

from kernel.commands import CommandKind
from kernel.events import Event, EventKind
from kernel.operator import OperatorState
from kernel.transfer import Step
from tests.browser.conftest import log_in
from tests.support.console import Desk

BUTTONS = (
    ("お客様に切り替え", CommandKind.SWAP),
    ("三者通話", CommandKind.THREE),
    ("転送する", CommandKind.COMPLETE),
    ("取り消してお客様に戻る", CommandKind.CANCEL_CONSULT),
)


async def comes_to(desk: Desk, step: Step, kind: EventKind) -> None:
    call = desk.calls["c1"].consults("2301", "c1~city~2301~click", desk.clock()).transfers(step)
    await desk.tell(call, Event(kind, desk.clock(), "c1", "sato", data={"extension": "2301"}))


async def ask(page: Page) -> None:
    await page.get_by_role("combobox", name="内線").fill("2301")
    await expect(page.locator("input[name=extension]").first).to_have_value("2301")
    await page.get_by_role("button", name="相談転送").click()


async def test_a_department_is_asked_and_each_button_reaches_the_controller(desk: Desk, profile: BrowserContext):
    page = await log_in(profile, "sato")
    await desk.waits("c1")
    await desk.talks("c1", "sato")
    async with desk.commands() as commands:
        await ask(page)
        asked = await anext(commands)
        assert (asked.kind, asked.call, asked.extension) == (CommandKind.CONSULT, "c1", "2301")
        await comes_to(desk, Step.RINGING, EventKind.CONSULT_STARTED)
        await desk.operator("sato", OperatorState.ON_HOLD, "c1")
        await expect(page.locator(".transfer")).to_contain_text("内線2301: 呼出中")
        await expect(page.get_by_role("button", name="切断")).to_have_count(0)
        await comes_to(desk, Step.TALKING, EventKind.CONSULT_ANSWERED)
        await expect(page.locator(".transfer")).to_contain_text("転送先と通話中")
        for name, kind in BUTTONS:
            await page.get_by_role("button", name=name, exact=True).click()
            click = await anext(commands)
            assert (click.kind, click.call) == (kind, "c1")
    data = {"extension": "2301", "why": "busy"}
    await desk.tell(desk.calls["c1"], Event(EventKind.CONSULT_ENDED, desk.clock(), "c1", "sato", data=data))
    await expect(page.locator("#notice")).to_contain_text("内線2301: 話中")
    await expect(page.locator(".transfer")).to_have_count(0)
