"""A caller who chooses a language hears it from then on, and the operator sees it (T11); in virtual time."""

import pytest

from kernel.call import Outcome, Stage
from kernel.events import EventKind
from kernel.routing import Lead
from tests.support.house import House, house

pytestmark = pytest.mark.looptime
ENGLISH = "You are number 1 in line. Please stay on the line."


def changed_queue(home: House, **fields: object) -> None:
    centre = home.store.centre
    first, *rest = centre.queues
    home.store.centre = centre.model_copy(update={"queues": (first.model_copy(update=fields), *rest)})


async def test_who_presses_a_language_hears_it_in_the_menu_and_in_the_queue_and_the_call_says_so():
    async with house() as home:
        await home.controller()
        channel = home.exchange.call("c-1", keys="81")
        call = await home.at("c-1", Stage.WAIT)
        await home.until(lambda: ENGLISH in channel.heard, "the place is told in English")
        assert (call.language, call.keys, call.queue) == ("en", ("8", "1"), "enquiries")
        assert "Please choose your language." in channel.heard
        chosen = [one.event.data for one in home.store.stored if one.event.kind is EventKind.MENU_CHOSEN]
        assert [data.get("language") for data in chosen] == ["en", "en"]


async def test_a_language_survives_the_controller():
    async with house() as home:
        await home.controller()
        channel = home.exchange.call("c-1", keys="83")
        await home.at("c-1", Stage.WAIT)
        await home.kill()
        channel.heard.clear()
        await home.controller()
        await home.until(
            lambda: any("대기 순서는 1번" in text for text in channel.heard), "the place is told in Korean"
        )


async def test_what_the_queue_leads_to_is_heard_in_the_language_and_digits_as_well():
    async with house() as home:
        await home.controller()
        channel = home.exchange.call("c-1", keys="81")
        await home.at("c-1", Stage.WAIT)
        await home.until(lambda: ENGLISH in channel.heard, "the queue has begun")
        home.exchange.press("c-1", "1")
        await home.until(lambda: "We will call you back at" in channel.heard, "the number is read out")
        read_out = channel.heard[channel.heard.index("We will call you back at") + 1 :]
        assert read_out[:11] == list("09012345678")


async def test_a_queue_that_is_full_says_so_in_the_language():
    async with house() as home:
        changed_queue(home, limit=1)
        await home.controller()
        home.exchange.call("c-0", keys="1")
        await home.at("c-0", Stage.WAIT)
        channel = home.exchange.call("c-1", keys="84")
        await home.at("c-1", Stage.ENDED)
        assert home.store.calls["c-1"].outcome is Outcome.CONGESTED
        assert "Todas las líneas están ocupadas" in channel.heard[-1]


async def test_what_is_not_translated_is_heard_in_japanese_and_the_way_back_leads_to_japanese():
    async with house() as home:
        centre = home.store.centre
        home.store.centre = centre.model_copy(update={"translations": ()})
        await home.controller()
        channel = home.exchange.call("c-1", keys="891")
        call = await home.at("c-1", Stage.WAIT)
        assert call.language == "ja"
        assert centre.announcements["menu-languages"] in channel.heard


async def test_a_number_may_have_a_language_of_its_own():
    async with house() as home:
        lead = {"0466251111": Lead(queue="enquiries", language="pt")}
        home.store.centre = home.store.centre.model_copy(update={"number_leads": lead})
        await home.controller()
        home.exchange.call("c-1")
        assert (await home.at("c-1", Stage.WAIT)).language == "pt"
