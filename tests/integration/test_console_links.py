"""Links by SMS at the desk (T13): what was sent in the call is there before it is answered, and a button sends one."""

from __future__ import annotations

from pathlib import Path

import pytest

from kernel.events import EventKind
from kernel.operator import OperatorState
from kernel.phone_number import PhoneNumber
from kernel.settings import SmsSettings
from kernel.sms import A_DAY, Sms, SmsState
from tests.support.console import NUMBER, console
from tests.support.console_client import Browser
from tests.support.sms import asked

MOBILE = PhoneNumber("09012345678")
ON = SmsSettings(gateway="local", a_day=2)


@pytest.fixture
async def desk(tmp_path: Path):
    async with console(tmp_path, sms=ON) as running:
        yield running


@pytest.fixture
async def sato(desk):
    async with Browser(desk.url) as browser:
        await browser.log_in("sato")
        yield browser


def an_sms(desk, call="c1", link="hours") -> Sms:
    return Sms(call, link, desk.clock(), MOBILE, "【藤沢市】 https://www.city.example/")


async def talks(desk, call="c1", caller=MOBILE):
    await desk.waits(call, caller=caller)
    await desk.talks(call, "sato")


async def refusal(sato, **fields):
    answer = await sato.post("/desk/sms", fields)
    assert answer.status == 409
    return await answer.text()


async def test_what_the_voicebot_has_sent_is_on_the_screen_while_it_rings_and_follows_its_state(desk, sato):
    await desk.waits("c1", caller=MOBILE)
    sms = an_sms(desk)
    await desk.tell(sms, asked(sms))
    await desk.rings("c1", "sato")
    async with sato.stream("/live/desk") as events:
        await events.fragment("この通話で送ったSMS", "「受付時間」", "送信待ち")
        claimed = await desk.store.outbox.claim(desk.clock(), 3)
        await desk.store.outbox.settle(claimed, SmsState.UNCERTAIN, "timeout", desk.clock())
        await events.fragment("送られたか不明(再送しません)", "返事が時間内にありませんでした")
    way = await sato.page("/calls/c1")
    assert "SMSでリンク「受付時間」を送ります" in way
    assert "音声応答で、お客様が承諾" in way
    assert "SMSのリンク「受付時間」：送られたか不明(再送しません)" in way


async def test_an_operator_sends_a_link_once_by_one_button_and_the_log_says_who(desk, sato):
    await talks(desk)
    assert "SMSで送る" in await sato.page("/")
    assert (await sato.post("/desk/sms", {"call": "c1", "link": "place"})).status == 200
    assert "すでに送っています" in await refusal(sato, call="c1", link="place")
    claimed = await desk.store.outbox.claim(desk.clock(), 3)
    assert (claimed.sms.number, claimed.sms.by, claimed.sms.call) == (MOBILE, "sato", "c1")
    assert claimed.sms.text.startswith("【藤沢市】市役所へのアクセス https://")
    assert await desk.store.outbox.claim(desk.clock(), 3) is None
    events = await desk.store.events.of_call("c1", [EventKind.SMS_ASKED])
    assert [one.event.data for one in events] == [{"link": "place", "how": "operator", "by": "sato"}]
    page = await sato.page("/")
    assert 'value="place"' not in page, "it is no choice any more"
    assert 'value="hours"' in page


async def test_in_wrap_up_it_can_still_be_sent_and_not_when_the_call_is_over(desk, sato):
    await talks(desk)
    await desk.wraps_up("c1", "sato")
    assert (await sato.post("/desk/sms", {"call": "c1", "link": "place"})).status == 200
    await desk.is_over("c1", "sato")
    assert "すでに終了しています" in await refusal(sato, call="c1", link="hours")


async def test_nobody_sends_in_anothers_call_nor_an_unknown_link(desk, sato):
    await talks(desk)
    await desk.waits("c2", caller=MOBILE)
    await desk.talks("c2", "suzuki")
    await desk.waits("c3", caller=MOBILE)
    for call in ("c2", "c3", "", "no-such-call"):
        assert "すでに終了しています" in await refusal(sato, call=call, link="hours")
    assert "使えなくなりました" in await refusal(sato, call="c1", link="no-such-link")
    assert "使えなくなりました" in await refusal(sato, call="c1")
    assert await desk.store.outbox.waiting() == 0


@pytest.mark.parametrize("caller", [None, NUMBER, PhoneNumber("+819012"), PhoneNumber("0120444444")], ids=str)
async def test_to_a_withheld_or_other_number_nothing_is_sent_and_the_desk_says_why(desk, sato, caller):
    await talks(desk, caller=caller)
    page = await sato.page("/")
    assert "SMSで送る" not in page
    assert "お客様の携帯電話の番号(070・080・090)が分からないため" in page
    assert "SMSは送れません" in await refusal(sato, call="c1", link="hours")


async def test_beyond_the_limit_of_the_day_nothing_is_sent_until_the_next(desk, sato):
    await talks(desk)
    await desk.tell(an_sms(desk, "earlier"), an_sms(desk, "earlier", "place"))
    assert "上限に達した" in await refusal(sato, call="c1", link="hours")
    desk.clock.ahead += A_DAY
    async with Browser(desk.url) as next_day:
        await next_day.log_in("sato")
        assert (await next_day.post("/desk/sms", {"call": "c1", "link": "hours"})).status == 200


async def test_where_no_gateway_is_set_up_the_desk_shows_nothing_of_it(tmp_path):
    async with console(tmp_path) as desk, Browser(desk.url) as sato:
        await sato.log_in("sato")
        await talks(desk)
        page = await sato.page("/")
        assert "SMS" not in page
        assert "設定されていません" in await refusal(sato, call="c1", link="hours")
        assert desk.calls["c1"].operator == "sato"
        assert (await desk.store.operators.find("sato")).state is OperatorState.TALKING


async def test_a_link_without_the_sessions_token_is_not_sent(desk, sato):
    await talks(desk)
    forged = await sato.post("/desk/sms", {"call": "c1", "link": "hours"}, **{"X-CSRF-Token": "made-up"})
    assert forged.status == 403
    assert await desk.store.outbox.of_call("c1") == []
