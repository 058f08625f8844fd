"""A console over real TLS on a real store in SQLite, with the in-process bus."""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from agent_console.access_log import AccessLog
from agent_console.app import build_app
from agent_console.console import Console
from agent_console.phone.exchange import PhoneExchange
from crm.store import Store
from crm.users import Role
from ivr.seed_file import load
from kernel.bus.memory import MemoryBus
from kernel.call import Call, Stage
from kernel.commands import Command, CommandKind, command
from kernel.events import Event, EventKind
from kernel.operator import OperatorState, OperatorStatus
from kernel.phone_number import PhoneNumber
from kernel.ports import Storable
from kernel.settings import SmsSettings
from tests.support.console_client import PASSWORD, Browser
from tests.support.store import fresh_store

ROOT = Path(__file__).parents[2]
SEED = ROOT / "ivr/seeds/fujisawa.yaml"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Real, but it does not take 64 MiB and a tenth of a second for each of the many log-ins of the tests."""

NUMBER = PhoneNumber("0466998877")
USERS = (
    ("sato", "佐藤", Role.OPERATOR),
    ("suzuki", "鈴木", Role.OPERATOR),
    ("mori", "森", Role.SUPERVISOR),
    ("kimura", "木村", Role.STAFF),
    ("ueda", "上田", Role.ADMINISTRATOR),
)
USER_OF = {role: id for id, _, role in reversed(USERS)}


class Clock:
    """Real time, moved forward at will."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def certificate(folder: Path) -> ssl.SSLContext:
    """TLS for 127.0.0.1, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "console.test")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "tls.pem"
    plain = serialization.NoEncryption()
    pem.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    return context


class AsInProduction(TestServer):
    """aiohttp's cancels a handler whose browser has left. The product's does not: what it writes is written."""

    async def _make_runner(self, **kwargs: Any) -> web.AppRunner:
        return web.AppRunner(self.app, **{**kwargs, "handler_cancellation": False})


@dataclass
class Desk:
    """What a test holds: the running console and the store beneath it, written as the controller would."""

    store: Store
    bus: MemoryBus
    clock: Clock
    app: web.Application
    server: TestServer
    calls: dict[str, Call] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return str(self.server.make_url("")).rstrip("/")

    async def tell(self, *things: Storable) -> None:
        """Store and publish."""
        self.store.journal.write(*things)
        await self.store.journal.flushed()

    async def operator(self, id: str, state: OperatorState, call: str | None = None, **more: object) -> None:
        status = OperatorStatus(id, state, self.clock(), call=call, **more)
        changed = Event(EventKind.OPERATOR_CHANGED, self.clock(), call, id, data={"state": state.value})
        await self.tell(status, changed)

    async def waits(self, id: str, queue: str = "enquiries", caller: PhoneNumber | None = NUMBER) -> Call:
        """A call comes into a queue."""
        now = self.clock()
        call = Call(id, now, "0466251111", caller=caller, menu="main", keys=("1",)).waits_in(queue, now)
        await self._save(call, EventKind.CALL_QUEUED)
        return call

    async def rings(self, call: str, operator: str) -> None:
        await self._save(self.calls[call].offered_to(operator, "leg", self.clock()), EventKind.CALL_OFFERED)
        await self.operator(operator, OperatorState.RINGING, call)

    async def talks(self, call: str, operator: str) -> None:
        await self._save(self.calls[call].talks_with(operator, "leg", self.clock()), EventKind.CALL_ANSWERED)
        await self.operator(operator, OperatorState.TALKING, call)

    async def wraps_up(self, call: str, operator: str) -> None:
        await self._save(self.calls[call].wraps_up(self.clock(), None), EventKind.TALK_ENDED)
        await self.operator(operator, OperatorState.WRAP_UP, call)

    async def is_over(self, call: str, operator: str) -> None:
        await self._save(self.calls[call].is_closed(self.clock()), EventKind.CALL_ENDED)
        await self.operator(operator, OperatorState.READY)

    async def abandons(self, call: str) -> None:
        await self._save(self.calls[call].is_closed(self.clock()), EventKind.CALL_ABANDONED)

    @asynccontextmanager
    async def commands(self) -> AsyncIterator[AsyncIterator[Command]]:
        """What is clicked from now on; the bus itself begins with what was clicked a moment ago."""
        async with self.bus.commands() as commands:
            mark = command(CommandKind.READY, "nobody", self.clock())
            await self.bus.publish_command(mark)
            while (await anext(commands)).id != mark.id:
                pass
            yield commands

    async def clicked(self, browser: Browser, path: str, **fields: str) -> Command:
        """The command that the click at ``path`` becomes."""
        async with self.commands() as commands:
            answer = await browser.post(path, fields)
            assert answer.status == 200, await answer.text()
            return await anext(commands)

    async def _save(self, call: Call, kind: EventKind) -> None:
        self.calls[call.id] = call
        assert call.stage in Stage
        await self.tell(call, Event(kind, self.clock(), call.id, call.operator, call.queue))


@asynccontextmanager
async def console(
    folder: Path,
    users: Iterable[tuple[str, str, Role]] = USERS,
    phones: PhoneExchange | None = None,
    sms: SmsSettings | None = None,
) -> AsyncIterator[Desk]:
    """A console with the centre of the seed file and a user of each role."""
    bus, clock = MemoryBus(), Clock()
    async with fresh_store(folder, bus) as store:
        store.users._passwords._hasher = CHEAP
        await store.centres.save(load(SEED), by="ueda", now=clock(), expected_version=0)
        for id, name, role in users:
            await store.users.create(id, name, role, PASSWORD, clock())
        async with served(store, bus, clock, folder, phones=phones, sms=sms) as desk:
            yield desk
    await bus.close()


@asynccontextmanager
async def served(
    store: Store,
    bus: MemoryBus,
    clock: Clock,
    folder: Path,
    port: int | None = None,
    *,
    phones: PhoneExchange | None = None,
    sms: SmsSettings | None = None,
) -> AsyncIterator[Desk]:
    """One process of the console on ``store``."""
    app = build_app(Console(store, bus, clock, ROOT / "node_modules", folder, phones, sms or SmsSettings()))
    server = AsInProduction(app, scheme="https", host="127.0.0.1", port=port)
    await server.start_server(ssl=certificate(folder), access_log_class=AccessLog)
    try:
        yield Desk(store, bus, clock, app, server)
    finally:
        await server.close()
