"""The trunk as Hikari Denwa wants it, on a real Asterisk and real SIP (T6, T7, T10; docs/hikari-denwa.md)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kernel.trunk import Registration
from tests.support.asterisk import Instance, free_network
from tests.support.hikari_denwa import (
    CALLER,
    CITIZEN,
    CONTACT,
    LEG,
    MAIN,
    PASSWORD,
    hikari,
    is_registered,
    line_world,
    server,
    switch_of,
)
from tests.support.line import LinePeer, line_peer
from tests.support.telephones import connected, ring_up


@asynccontextmanager
async def arriving(centre: Instance, folder: Path, **keys: str) -> AsyncIterator[LinePeer]:
    """A call that the line brings to the registered contact."""
    usual = {
        "contact": CONTACT,
        "caller": f"<sip:{CALLER}@line.example>",
        "dialled": f"<sip:{MAIN}@line.example;user=phone>",
        "more": f"P-Asserted-Identity: <sip:{CALLER}@line.example>",
    }
    at = str(centre.settings.sip.carrier.host)
    async with line_peer("arrives", folder, at, 5066, server(centre), **{**usual, **keys}) as peer:
        yield peer


async def test_the_line_is_registered_with_the_password_of_its_file_and_nobody_else_reads_it(registered):
    assert CONTACT in await registered.outside.cli(f"pjsip show aor {CONTACT}")
    contacts = await registered.outside.cli("pjsip show contacts")
    assert f"sip:{CONTACT}@{registered.centre.settings.sip.bind}" in contacts
    assert PASSWORD not in registered.centre.log
    assert PASSWORD not in repr(registered.centre.settings)


async def test_a_line_that_refuses_the_password_is_told_in_the_log(tmp_path_factory):
    net, folder = free_network(), tmp_path_factory.mktemp("wrong")
    proof = Registration(user=CONTACT, auth_user="0003")
    world = line_world(folder, net, hikari(net, registration=proof))
    conf = world.outside.rendered.folders.etc / "pjsip.conf"
    conf.write_text(conf.read_text().replace(PASSWORD, "another"))
    await world.outside.start()
    await world.centre.start()
    try:
        await world.centre.logged("'401' received from 'sip:line.example' on registration attempt")
        assert PASSWORD not in world.centre.log
    finally:
        await world.stop()


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"dialled": f'"Fujisawa: city" <sip:{MAIN}@line.example:5060>'},
        {"dialled": f"sip:{MAIN}@line.example"},
        {"dialled": f"<tel:{MAIN};phone-context=line.example>"},
        {"dialled": "<sip:line.example>", "more": f"P-Called-Party-ID: <sip:{MAIN}@line.example>"},
        {"dialled": "<sip:+81466251111@line.example>"},
    ],
)
async def test_the_number_that_was_dialled_is_read_where_the_line_says_it(alone, tmp_path, told):
    async with connected(alone) as centre, arriving(alone, tmp_path, **told) as peer:
        arrived = await centre.arrival("inbound")
        assert arrived.channel["dialplan"]["exten"] == MAIN
        assert arrived.channel["dialplan"]["context"] == "from-carrier"
        assert arrived.channel["caller"]["number"] == CALLER
        await arrived.answer()
        await arrived.up()
        await arrived.hang_up()
        await peer.done()
        assert "Session-Expires: 300" in peer.received("SIP/2.0 200")


@pytest.mark.parametrize("dialled", ["<sip:0466999999@line.example>", "<sip:line.example>", "<sip:s@line.example>"])
async def test_a_number_that_is_not_ours_does_not_exist_though_it_came_to_our_contact(alone, tmp_path, dialled):
    async with connected(alone) as centre, arriving(alone, tmp_path, dialled=dialled) as peer:
        await peer.done()
        assert peer.received("SIP/2.0 404")
        assert not [event for event in centre.seen if event["type"] == "StasisStart"]


@pytest.mark.parametrize(
    ("caller", "known"),
    [
        ('"Anonymous" <sip:anonymous@anonymous.invalid>', "anonymous"),
        (f"<sip:{CALLER}@line.example>", "anonymous"),
        ('"Coin line/payphone" <sip:anonymous@anonymous.invalid>', "payphone"),
        ('"Unavailable" <sip:anonymous@anonymous.invalid>', "unavailable"),
        ('"Interaction with other service" <sip:anonymous@anonymous.invalid>', "unavailable"),
    ],
)
@pytest.mark.parametrize("asserted", [True, False])
async def test_a_caller_who_withholds_the_number_is_nobody_to_us(alone, tmp_path, caller, known, asserted):
    more = f"P-Asserted-Identity: <sip:{CALLER}@line.example>\r\nPrivacy: id" if asserted else "Privacy: id"
    async with connected(alone) as centre, arriving(alone, tmp_path, caller=caller, more=more):
        arrived = await centre.arrival("inbound")
        assert CALLER not in str(arrived.channel)
        assert arrived.channel["caller"]["number"] == known


async def test_a_call_out_says_on_the_wire_what_the_line_asks_for(alone, tmp_path):
    at = str(alone.settings.sip.carrier.host)
    async with switch_of(alone) as switch, line_peer("answers_with_100rel", tmp_path, at, 5060, server(alone)) as peer:
        leg = await switch.ring(LEG, f"{CITIZEN}@carrier", MAIN, 30)
        await leg.answered()
        await leg.hang_up()
        await peer.done()
    invite = peer.received("INVITE")
    assert invite.startswith(f"INVITE sip:{CITIZEN}@{at}:5060;user=phone SIP/2.0")
    assert f"<sip:{MAIN}@line.example;user=phone>" in header(invite, "From")
    assert header(invite, "P-Preferred-Identity") == f"<sip:{MAIN}@line.example;user=phone>"
    assert "P-Asserted-Identity" not in invite
    assert "Privacy" not in invite
    assert {"100rel", "timer"} <= set(header(invite, "Supported").replace(" ", "").split(","))
    assert header(invite, "Session-Expires").startswith("300")
    assert "a=ptime:20" in invite
    assert "m=audio" in invite
    assert "PCMA" not in invite
    assert header(peer.received("PRACK"), "RAck").endswith("INVITE")


def header(message: str, name: str) -> str:
    return next(line.partition(": ")[2].strip() for line in message.splitlines() if line.startswith(f"{name}:"))


async def test_from_says_who_the_line_is_and_the_asserted_identity_which_number_is_shown(registered):
    async with switch_of(registered.centre) as switch, connected(registered.outside) as outside:
        ringing = await switch.ring(LEG, f"{CITIZEN}@carrier", MAIN, 30)
        rung = await outside.arrival("carrier", CITIZEN)
        assert f"sip:{CONTACT}@line.example" in await rung.variable("PJSIP_HEADER(read,From)")
        assert rung.channel["caller"]["number"] == MAIN
        await ringing.hang_up()
        await registered.centre.until_gone(LEG)


async def test_a_line_that_falls_silent_in_mid_call_ends_the_call(tmp_path_factory):
    net = free_network()
    line = hikari(net, registration=Registration(user=CONTACT))
    world = line_world(tmp_path_factory.mktemp("silent"), net, line, rtp_timeout_seconds=2)
    await world.outside.start()
    await world.centre.start()
    try:
        await is_registered(world)
        async with connected(world.centre) as centre:
            async with connected(world.outside, hang_up_at_end=False) as outside:
                call = await ring_up(outside, f"{MAIN}@centre-carrier", CALLER)
                arrived = await centre.arrival("inbound")
                await arrived.answer()
                await call.up()
                await world.outside.kill()
            await arrived.gone()
    finally:
        await world.stop()
