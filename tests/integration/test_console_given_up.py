"""Callers who gave up waiting stay findable, with how long they waited, until somebody has spoken with them."""

import re
from datetime import timedelta

import pytest

from agent_console.pages import dom_key
from kernel.phone_number import PhoneNumber
from tests.support.console_client import Browser


@pytest.fixture
async def sato(desk):
    async with Browser(desk.url) as browser:
        await browser.log_in("sato")
        yield browser


async def gives_up(desk, call: str, seconds: float, **more) -> None:
    await desk.waits(call, **more)
    desk.clock.ahead += timedelta(seconds=seconds)
    await desk.abandons(call)


async def row(browser, call: str) -> str:
    page = await browser.page("/given-up")
    found = re.search(rf'id="given-up-{dom_key(call)}">(.*?)</tr>', page, re.DOTALL)
    assert found, page
    return found[1]


async def test_an_abandoned_call_is_listed_with_its_number_and_the_time_it_waited(desk, sato):
    """Hard case 16."""
    await gives_up(desk, "c1", 95)
    await gives_up(desk, "c2", 12, caller=None)
    first, second = await row(sato, "c1"), await row(sato, "c2")
    assert "95秒" in first
    assert "0466998877" in first
    assert "お問い合わせ" in first
    assert "未対応" in first
    assert "12秒" in second
    assert "非通知" in second
    page = await sato.page("/given-up")
    assert page.index(dom_key("c2")) < page.index(dom_key("c1")), "the newest first"


async def test_who_is_called_back_is_marked_with_the_name_and_a_second_press_changes_nothing(desk, sato):
    await gives_up(desk, "c1", 30)
    async with Browser(desk.url) as other:
        await other.log_in("mori")
        await other.post("/given-up/c1/settle", {})
        await sato.post("/given-up/c1/settle", {})
    settled = await row(sato, "c1")
    assert "折り返し済み" in settled
    assert "森" in settled
    assert "佐藤" not in settled
    assert "<button" not in settled


async def test_a_caller_who_rings_again_and_is_answered_needs_no_call_back_and_others_still_do(desk, sato):
    await gives_up(desk, "c1", 30)
    await gives_up(desk, "c2", 30, caller=PhoneNumber("0466000000"))
    desk.clock.ahead += timedelta(minutes=5)
    await desk.waits("c3")
    assert "未対応" in await row(sato, "c1")
    await desk.talks("c3", "sato")
    assert "応対済み" in await row(sato, "c1")
    assert "未対応" in await row(sato, "c2")


async def test_a_call_that_was_answered_or_does_not_exist_cannot_be_settled(desk, sato):
    await desk.waits("c1")
    await desk.talks("c1", "sato")
    for call in ("c1", "nobody"):
        await sato.post(f"/given-up/{call}/settle", {})
        assert not await desk.store.given_up.settle(call, "sato", desk.clock())
    assert "放棄呼はありません" in await sato.page("/given-up")


async def test_city_staff_do_not_see_who_gave_up(desk):
    async with Browser(desk.url) as browser:
        await browser.log_in("kimura")
        assert "/given-up" not in await browser.page("/cases")
