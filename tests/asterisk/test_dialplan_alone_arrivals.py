"""What the centre's Asterisk tells a controller of a caller, and what the world outside sees of the centre."""

import time

import pytest

from tests.support.telephones import connected, ring_up

MAIN = "0466251111@centre-carrier"
CALLER = "0312345678"
NO_SUCH_NUMBER = 1
PROHIBITED = {"CONNECTEDLINE(pres,i)": "prohib"}


@pytest.mark.parametrize("dialled", ["0466251111", "+81466251111"])
async def test_a_caller_reaches_the_controller_with_number_and_dialled_number(world, dialled):
    async with connected(world.centre) as centre, connected(world.outside) as outside:
        await ring_up(outside, f"{dialled}@centre-carrier", CALLER)
        arrived = await centre.arrival("inbound")
        assert arrived.id.startswith("centre-")
        assert arrived.channel["caller"]["number"] == CALLER
        assert arrived.channel["dialplan"]["exten"] == "0466251111"
        assert arrived.channel["state"] == "Ring"


async def test_a_caller_who_withholds_the_number_has_none_here_even_where_the_carrier_tells_it(world):
    async with connected(world.centre) as centre, connected(world.outside) as outside:
        await ring_up(outside, MAIN, CALLER, **PROHIBITED)
        arrived = await centre.arrival("inbound")
        assert arrived.channel["caller"] == {"name": "anonymous", "number": "anonymous"}
        known = [await arrived.variable(f"CALLERID({what})") for what in ("all", "ANI-all", "RDNIS", "dnid")]
        assert CALLER not in str([arrived.channel, *known])


@pytest.mark.parametrize("number", ["0466259999", "04662511", "8000", "7001", "s", "apology"])
async def test_a_number_that_is_not_ours_is_refused(world, number):
    async with connected(world.centre) as centre, connected(world.outside) as outside:
        call = await ring_up(outside, f"{number}@centre-carrier", CALLER)
        assert (await call.gone())["cause"] == NO_SUCH_NUMBER
        assert not [event for event in centre.seen if event["type"] == "StasisStart"]


async def test_a_controller_that_was_away_can_read_when_the_caller_hung_up(world):
    async with connected(world.outside) as outside:
        async with connected(world.centre, hang_up_at_end=False) as centre:
            call = await ring_up(outside, MAIN, CALLER)
            arrived = await centre.arrival("inbound")
            await arrived.answer()
            await call.up()
        before = int(time.time())
        await call.hang_up()
        await call.gone()
    async with connected(world.centre) as centre:
        await centre.instance.until_gone(arrived.id)
        variable = f"HUNGUP_{arrived.id}"
        at = await world.centre.ari("GET", "/asterisk/variable", variable=variable)
        assert before <= int(at["value"]) <= int(time.time())
        await world.centre.ari("POST", "/asterisk/variable", variable=variable, value="")
        assert (await world.centre.ari("GET", "/asterisk/variable", variable=variable))["value"] == ""


async def test_a_city_phone_shows_the_centres_extension_whoever_the_caller_is(world):
    async with connected(world.centre) as centre, connected(world.outside) as outside:
        own = world.centre.settings.sip.own_extension
        await ring_up(centre, "2001@city-pbx", own)
        rung = await outside.arrival("pbx", "2001")
        assert rung.channel["caller"]["number"] == own
        shown = [await rung.variable(f"PJSIP_HEADER(read,{name})") for name in ("From", "P-Asserted-Identity")]
        assert all(f"sip:{own}@centre.invalid" in header for header in shown), shown


async def test_a_call_to_the_public_network_shows_the_number_that_we_give(world):
    async with connected(world.centre) as centre, connected(world.outside) as outside:
        await ring_up(centre, "09012345678@carrier", "0466251111")
        rung = await outside.arrival("carrier", "09012345678")
        shown = [await rung.variable(f"PJSIP_HEADER(read,{name})") for name in ("From", "P-Asserted-Identity")]
        assert all("sip:0466251111@centre.invalid" in header for header in shown), shown


async def test_a_phone_is_rung_over_tls_with_encrypted_audio(world):
    async with connected(world.centre) as centre, connected(world.outside) as outside:
        await ring_up(centre, "7001", "0466251111")
        rung = await outside.arrival("phone", "7001")
        assert rung.channel["caller"]["number"] == "0466251111"
        await rung.answer()
        leg = await centre.instance.ari("GET", "/channels")
        assert (await centre.instance.ari("GET", f"/channels/{leg[0]['id']}/variable", variable="CHANNEL(rtp,secure)"))[
            "value"
        ] == "1"
    assert "transport=TLS" in await world.centre.cli("pjsip show aor 7001")
