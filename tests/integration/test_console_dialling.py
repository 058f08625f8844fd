"""Operators call citizens (T10): the rules hold on the server, and no number stands where it could be read."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from kernel.bus.codec import encode_command
from kernel.call import Call, Offer, Stage
from kernel.callback import Callback
from kernel.commands import CommandKind
from kernel.events import Event, EventKind
from kernel.operator import OperatorState, OperatorStatus
from kernel.outgoing import Outgoing
from kernel.phone_number import PhoneNumber
from tests.support.console import NUMBER
from tests.support.console_client import Browser

CITIZEN = "09012345678"


@pytest.fixture
async def sato(desk):
    await desk.tell(OperatorStatus("sato", OperatorState.PAUSED, desk.clock(), reason="休憩"))
    async with Browser(desk.url) as browser:
        await browser.log_in("sato")
        yield browser


async def outgoing(desk, **rules: object) -> None:
    centre = (await desk.store.centres.current()).model_copy(update={"outgoing": Outgoing.model_validate(rules)})
    version = await desk.store.centres.current_version()
    await desk.store.centres.save(centre, by="test", now=desk.clock(), expected_version=version.version)


async def test_a_number_typed_in_any_writing_reaches_the_controller_sealed(desk, sato):
    async with desk.commands() as commands:
        answer = await sato.post("/dial", {"number": "０９０－１２３４－５６７８", "purpose": "contact"})
        assert answer.status == 303
        assert answer.headers["Location"] == "/"
        wish = await asyncio.wait_for(anext(commands), 5)
    assert (wish.kind, wish.operator, wish.purpose) == (CommandKind.DIAL, "sato", "contact")
    assert CITIZEN.encode() not in encode_command(wish)
    assert desk.store.calls.open_number(wish.number, wish.id) == PhoneNumber(CITIZEN)
    with pytest.raises(ValueError, match="not sealed for this command"):
        desk.store.calls.open_number(wish.number, "another")


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("110", "その番号には発信できません"),
        ("0990-123456", "その番号には発信できません"),
        ("+1 202 555 0123", "その番号には発信できません"),
        ("電話", "電話番号を確認してください"),
        ("", "電話番号を確認してください"),
    ],
)
async def test_a_number_that_must_not_be_rung_is_refused_with_what_was_typed(desk, sato, number, says):
    answer = await sato.post("/dial", {"number": number, "purpose": "contact"})
    assert answer.status == 422
    page = await answer.text()
    assert says in page
    assert f'value="{number}"' in page


async def test_a_purpose_that_does_not_exist_can_not_be_made_up(desk, sato):
    answer = await sato.post("/dial", {"number": CITIZEN, "purpose": "0990123456"})
    assert answer.status == 422
    assert "発信目的は使えなくなりました" in await answer.text()


async def test_the_number_that_the_citizen_sees_stands_beside_each_purpose(desk, sato):
    purposes = [
        {"id": "survey", "label": "調査", "shows": "05012345678"},
        {"id": "quiet", "label": "配慮", "withheld": True},
    ]
    await outgoing(desk, owns=["05012345678"], purposes=purposes)
    page = await sato.page("/dial")
    assert "調査(05012345678)" in page
    assert "配慮(非通知)" in page


@pytest.mark.parametrize(("rules", "mine", "refused"), [({"a_day": 2}, 1, True), ({"a_day_each": 2}, 1, False)])
async def test_no_more_calls_are_made_on_a_day_than_the_rules_say(desk, sato, rules, mine, refused):
    await outgoing(desk, **rules)
    by = ["sato"] * mine + ["suzuki"] * (2 - mine)
    await desk.tell(*(Event(EventKind.CALL_DIALLED, desk.clock(), f"out-{n}", who) for n, who in enumerate(by)))
    answer = await sato.post("/dial", {"number": CITIZEN, "purpose": "contact"})
    assert answer.status == (409 if refused else 303)
    desk.clock.ahead += timedelta(days=1)
    await sato.log_in("sato")
    answer = await sato.post("/dial", {"number": CITIZEN, "purpose": "contact"})
    assert answer.status == 303, "the next day is another"


async def test_who_has_a_call_at_hand_is_told_so_before_anything_is_sent(desk, sato):
    await desk.tell(OperatorStatus("sato", OperatorState.TALKING, desk.clock(), call="c1"))
    answer = await sato.post("/dial", {"number": CITIZEN, "purpose": "contact"})
    assert answer.status == 409
    assert "いまの状態ではその操作はできません" in await answer.text()


async def test_who_gave_up_is_called_from_the_list_with_the_number_filled_in(desk, sato):
    await desk.waits("c1")
    desk.clock.ahead += timedelta(seconds=40)
    await desk.abandons("c1")
    assert 'href="/dial?call=c1"' in await sato.page("/given-up")
    page = await sato.page("/dial?call=c1")
    assert f'value="{NUMBER.digits}"' in page
    assert "放棄呼への折り返しです" in page
    assert (await sato.get("/dial?call=nobody")).status == 404


async def test_a_supervisor_does_not_call_citizens_from_this_page(desk):
    async with Browser(desk.url) as browser:
        await browser.log_in("mori")
        assert (await browser.get("/dial")).status == 403


async def test_the_desk_shows_the_call_that_is_made_and_how_to_give_it_up(desk, sato):
    now = desk.clock()
    call = Call(
        "out-1",
        now,
        "0466251111",
        PhoneNumber(CITIZEN),
        stage=Stage.DIAL,
        queue="enquiries",
        offers=1,
        offer=Offer("sato", "out-1~operator~sato~1", now),
        callback=Callback(PhoneNumber(CITIZEN), now, now, attempts=1, ringing=True, purpose="contact"),
    )
    await desk.tell(call, OperatorStatus("sato", OperatorState.RINGING, now, call="out-1"))
    page = await sato.page("/")
    assert "発信 ・ 連絡・折り返し ・ お客様を呼び出しています" in page
    assert "発信をやめる" in page
    await desk.tell(Event(EventKind.NOT_CONNECTED, desk.clock(), "out-1", "sato", data={"reason": "busy"}))
    assert "発信はつながりませんでした(話し中)" in await sato.page("/")
