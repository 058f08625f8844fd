"""A centre whose carrier is a line of Hikari Denwa, with the stand-in for that line or with nobody at its address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from ipaddress import IPv4Address
from pathlib import Path

from denwa.parts import utc_now
from dialplan.ari.exchange import AriSwitch
from dialplan.ari.reconnect import connections
from dialplan.ari.trunks import Trunks
from kernel.trunk import Registration, Trunk
from tests.support.asterisk import Instance, World, free_network, make_world

MAIN, CALLER, CITIZEN = "0466251111", "0312345678", "09012345678"
CONTACT = "0466250000"
"""The user that is registered: another than the number that citizens dial, as behind a line with several numbers."""
PASSWORD = "of-the-contract"
LEG = "c-1~citizen~1"


def hikari(net: str, **changed: object) -> Trunk:
    usual = {"profile": "hikari_denwa", "domain": "line.example", "host": IPv4Address(f"{net}.2")}
    return Trunk.model_validate({**usual, **changed})


def line_world(folder: Path, net: str, carrier: Trunk, **sip: object) -> World:
    secrets = folder / "var/secrets"
    secrets.mkdir(parents=True, mode=0o700)
    (secrets / "carrier_password").write_text(PASSWORD)
    (secrets / "carrier_password").chmod(0o600)
    return make_world(folder, net=net, sip={"carrier": carrier, **sip})


async def is_registered(world: World) -> None:
    async with asyncio.timeout(30):
        while "Registered" not in await world.centre.cli("pjsip show registrations"):
            await asyncio.sleep(0.05)


@asynccontextmanager
async def switch_of(centre: Instance) -> AsyncIterator[AriSwitch]:
    """The controller's way to ring somebody; it connects as the controller does, again where Asterisk was not ready."""
    async with aclosing(connections(centre.settings.ari, centre.ari_password)) as tries:
        yield AriSwitch(await anext(tries), Silent(), utc_now, Trunks(centre.settings.sip))


class Silent:
    """Nothing is spoken where somebody is only rung."""

    async def media(self, text: str, language: str = "ja") -> str:
        raise AssertionError(f"nobody is to hear {text!r}")


def server(centre: Instance) -> tuple[str, int]:
    return str(centre.settings.sip.bind), centre.settings.sip.port


async def registered_world(folder: Path) -> World:
    """Running: a line that is registered with a password, and carries two calls."""
    net = free_network()
    proof = Registration(user=CONTACT, auth_user="0003")
    world = line_world(folder, net, hikari(net, registration=proof, max_calls=2))
    await world.outside.start()
    await world.centre.start()
    await is_registered(world)
    return world


def lonely_world(folder: Path) -> World:
    """Not started: the centre is known to its trunks by address, and SIPp takes the place of who is there."""
    net = free_network()
    pbx = Trunk(host=IPv4Address(f"{net}.3"), qualify_seconds=0)
    return line_world(folder, net, hikari(net, identity="ppi", qualify_seconds=0), city_pbx=pbx)
