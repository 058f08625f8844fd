"""The console on a store in a temporary folder, over TLS on loopback, in the invented afternoon."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

from aiohttp import web

from agent_console.access import Route
from agent_console.app import build_app
from agent_console.console import Console
from agent_console.routes import routes
from agent_console.wall.pulse import LEASE
from asterisk_conf.certificate import ensure_certificate
from bench.screenshots.afternoon import NOW, Afternoon
from bench.screenshots.people import USERS
from crm.keyring import Keyring
from crm.migrate import migrate
from crm.store import open_store
from crm.users import Role
from kernel.bus.memory import MemoryBus

ROOT = Path(__file__).parents[2]
NODE_MODULES = ROOT / "node_modules"
IDS = {
    "call": "talk-0",
    "operator": "op1",
    "number": "1",
    "queue": "enquiries",
    "name": "-",
    "user": "op1",
    "part": "queues",
    "item": "enquiries",
    "version": "1",
    "entry": "d0001",
}
"""What stands in an address for a part that names something; a new kind of part gets its example here."""
CALLS = {"/messages/": "message-1", "/wall/taken/": "taken-1"}
"""The call that it is below these."""
NO_PAGES = (
    "/static/",
    "/live/",
    "/phone",
    "/directory/find",
    "/calls/{call}/",
    "/cases/{number}/",
    "/messages/{call}/sound",
    "/login/code",
    "/admin/centre/sounds/",
)
"""How addresses begin that give a part of a page, or nothing to who has not come the right way."""
ROLE_OF = {role: id for id, _, role in reversed(USERS)}


def clock() -> datetime:
    """The afternoon goes on while it is looked at."""
    return NOW + timedelta(seconds=time.monotonic() - BEGAN)


BEGAN = time.monotonic()
LEASE_SECONDS = 2.0


@asynccontextmanager
async def site(folder: Path) -> AsyncGenerator[str]:
    """Its address."""
    bus = MemoryBus()
    url = f"sqlite+aiosqlite:///{folder / 'pictures.db'}"
    await migrate(url)
    async with open_store(url, Keyring.new(), bus) as store:
        await Afternoon(store).write()
        lease = store.lease(LEASE, LEASE_SECONDS)
        await lease.take()
        beats = asyncio.create_task(lease.lost(), name="as a controller would")
        async with served(Console(store, bus, clock, NODE_MODULES, folder), folder) as address:
            yield address
        beats.cancel()
        await asyncio.wait([beats])
    await bus.close()


@asynccontextmanager
async def served(console: Console, folder: Path) -> AsyncGenerator[str]:
    """``console`` in its application, and its address."""
    certificate, key = folder / "tls.crt", folder / "tls.key"
    ensure_certificate(certificate, key, ["127.0.0.1"])
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    runner = web.AppRunner(build_app(console), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        yield f"https://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def addresses(table: Iterable[Route] | None = None) -> list[tuple[str, Role | None]]:
    """Every address that a browser can open, from the table of routes, with a role that may; None: before the log-in.

    Raises KeyError for a part of an address that IDS does not know.
    """
    found: list[tuple[str, Role | None]] = []
    for route in table or routes(NODE_MODULES):
        if route.method == "GET" and not route.path.startswith(NO_PAGES):
            roles = sorted(route.roles, key=list(Role).index) if route.roles else [None]
            found += [(_example(route.path), role) for role in roles]
    return found


def _example(path: str) -> str:
    call = next((call for below, call in CALLS.items() if path.startswith(below)), IDS["call"])
    return path.format_map({**IDS, "call": call})
