"""Callers who press a key for a link by SMS (T13), in a menu and while they wait; in virtual time."""

from __future__ import annotations

import asyncio

import pytest
from pydantic import ValidationError

from agent_console.centre.parts import BY_ID, Plain, thing_shape
from agent_console.centre.typed import lead_parts, lead_text, plain
from agent_console.desk.menu_path import menu_path
from kernel.call import Outcome, Stage
from kernel.centre import Centre
from kernel.events import EventKind
from kernel.settings import SmsSettings
from tests.support.centre_document import DOCUMENT, changed, menu, queue
from tests.support.house import house

MOBILE = "09012345678"
LINK = {"link": "hours"}
KEYS = {**DOCUMENT["menus"]["main"]["keys"], "4": LINK}
TEXTS = DOCUMENT["announcements"]


def centre() -> Centre:
    waiting = {**queue("enquiries")[0]["keys"], "4": LINK}
    return Centre.model_validate(changed(menus=menu(keys=KEYS), queues=queue("enquiries", keys=waiting)))


def a_house(**settings):
    return house(centre(), sms=SmsSettings(gateway="local").model_copy(update=settings))


def heard(home, call="c-1"):
    return home.exchange.channels[call].heard


@pytest.mark.looptime
async def test_a_key_of_a_menu_sends_the_link_and_the_call_ends_as_after_an_announcement():
    async with a_house() as home:
        await home.controller()
        home.exchange.call("c-1", shows=MOBILE, keys="4")
        call = await home.at("c-1", Stage.ENDED)
        assert call.outcome is Outcome.LEFT_MENU
        assert heard(home)[-1] == TEXTS["sms-sending"]
        (sms,) = home.store.sms.values()
        assert (sms.link, sms.number.digits, sms.by) == ("hours", MOBILE, None)
        (asked,) = [one.event for one in home.store.stored if one.event.kind is EventKind.SMS_ASKED]
        assert asked.data == {"link": "hours", "how": "key"}


@pytest.mark.looptime
@pytest.mark.parametrize(
    ("shows", "settings", "told"),
    [("anonymous", {}, "sms-mobile"), ("0466251234", {}, "sms-mobile"), (MOBILE, {"gateway": "none"}, "sms-not-now")],
    ids=["withheld", "landline", "no-gateway"],
)
async def test_who_can_be_sent_none_hears_why_and_is_asked_again(shows, settings, told):
    async with a_house(**settings) as home:
        await home.controller()
        home.exchange.call("c-1", shows=shows, keys="4")
        await home.until(lambda: TEXTS[told] in heard(home), "the reason")
        home.exchange.press("c-1", "2")
        assert (await home.at("c-1", Stage.WAIT)).queue == "exchange"
        assert not home.store.sms


@pytest.mark.looptime
async def test_a_second_one_in_a_call_is_not_sent():
    async with a_house() as home:
        await home.controller()
        home.exchange.call("c-1", shows=MOBILE, keys="1")
        await home.at("c-1", Stage.WAIT)
        await asyncio.sleep(5)
        home.exchange.press("c-1", "4")
        await home.until(lambda: TEXTS["sms-sending"] in heard(home), "the first")
        await asyncio.sleep(10)
        home.exchange.press("c-1", "4")
        await home.until(lambda: TEXTS["sms-not-now"] in heard(home), "the second")
        assert len(home.store.sms) == 1


@pytest.mark.looptime
async def test_a_key_pressed_while_waiting_sends_the_link_and_the_place_stays():
    async with a_house() as home:
        await home.controller()
        home.exchange.call("c-1", shows=MOBILE, keys="1")
        before = await home.at("c-1", Stage.WAIT)
        await asyncio.sleep(5)
        home.exchange.press("c-1", "4")
        await home.until(lambda: TEXTS["sms-sending"] in heard(home), "that it is sent")
        await asyncio.sleep(20)
        call = home.store.calls["c-1"]
        assert (call.stage, call.queue, call.waiting_since) == (Stage.WAIT, "enquiries", before.waiting_since)
        assert len(home.store.sms) == 1
        assert "queue_left" not in home.store.kinds("c-1")


def without(*ids):
    return {"announcements": {id: text for id, text in TEXTS.items() if id not in ids}}


@pytest.mark.parametrize(
    ("parts", "at"),
    [
        ({"menus": menu(no_key=LINK)}, ("menus", "main", "no_key")),
        ({"menus": {**menu(), "keys": {**menu()["main"], "no_key": LINK}}}, ("menus", "keys", "no_key")),
        ({"number_leads": {"0466251111": LINK}}, ("number_leads", "0466251111")),
        (
            {"queues": queue("enquiries", overflow=[{"when": "full", "to": LINK}])},
            ("queues", 0, "overflow", 0, "to"),
        ),
        ({"menus": menu(keys={"4": {"link": "no-such"}})}, ("menus", "main", "keys", "4", "link")),
        ({"menus": menu(keys={"4": LINK}), **without("sms-not-now")}, ("announcements", "sms-not-now")),
        (without("sms-offer"), ("announcements", "sms-offer")),
        ({"links": [*DOCUMENT["links"], DOCUMENT["links"][0]]}, ("links", 2, "id")),
        ({"links": [{"id": "x", "label": "x", "text": "アドレスのない文"}]}, ("links", 0, "text")),
    ],
    ids=lambda one: "-".join(map(str, one)) if isinstance(one, tuple) else "",
)
def test_a_document_that_would_send_unasked_or_without_words_is_refused(parts, at):
    with pytest.raises(ValidationError) as refused:
        Centre.model_validate({**DOCUMENT, **parts})
    assert at in [error["loc"] for error in refused.value.errors()]


def test_forms_keep_a_link_that_a_key_leads_to_and_the_path_names_it():
    assert lead_parts(lead_text(LINK)) == ("link", "hours", "")
    keys: Plain = {"4": "link:hours"}
    shape = next(one.shape for one in thing_shape(BY_ID["menus"]).members if one.name == "keys")
    typed = plain(shape, [{"key": key, "value": value} for key, value in keys.items()])
    assert typed == {"4": LINK}
    assert [step.leads_to for step in menu_path(centre(), "4")] == ["SMSのリンク「受付時間」"]
