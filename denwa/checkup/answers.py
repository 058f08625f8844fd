"""What answers: ports, database, Redis."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy.exc import SQLAlchemyError

from asterisk_conf.secrets import ARI_PASSWORD
from crm.announcer import Announcer
from crm.centres import CentreVersions
from crm.database import Database
from crm.errors import StoreError, told
from crm.migrate import check_schema
from denwa.checkup.finding import Finding, ill, well
from denwa.parts import make_bus
from kernel.bus.errors import BusError
from kernel.centre import Centre
from kernel.settings import Settings

ANSWER_SECONDS = 3.0
SQLITE = "sqlite+aiosqlite:///"


async def ports(settings: Settings) -> AsyncIterator[Finding]:
    """Each port that the platform or its Asterisk listens on is free, or it is they who hold it."""
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_SECONDS)) as session:
        ours = {"web": await _platform_runs(session, settings)}
        ours |= {"metrics_port": ours["web"]}
        ours |= dict.fromkeys(("ari", "sip"), await _asterisk_runs(session, settings))
    for setting, kind, host, port in _listeners(settings):
        variable = "DENWA_" + setting.upper().replace(".", "__")
        if _free(kind, host, port):
            yield well(f"port {port}", "free")
        elif ours[setting.partition(".")[0]]:
            yield well(f"port {port}", "in use by us")
        else:
            yield ill(f"port {port}", f"{host}:{port} is taken or no address of this machine", f"set {variable}")


def _listeners(settings: Settings) -> list[tuple[str, int, str, int]]:
    sip = str(settings.sip.bind)
    return [
        ("web.port", socket.SOCK_STREAM, settings.web.host, settings.web.port),
        ("metrics_port", socket.SOCK_STREAM, "127.0.0.1", settings.metrics_port),
        ("ari.port", socket.SOCK_STREAM, settings.ari.host, settings.ari.port),
        ("sip.port", socket.SOCK_DGRAM, sip, settings.sip.port),
        ("sip.tls_port", socket.SOCK_STREAM, sip, settings.sip.tls_port),
    ]


def _free(kind: int, host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, kind) as one:
        if kind == socket.SOCK_STREAM:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, port))
        except OSError:
            return False
    return True


async def _platform_runs(session: aiohttp.ClientSession, settings: Settings) -> bool:
    return await _body(session, f"http://127.0.0.1:{settings.metrics_port}/healthz") == {"alive": True}


async def _asterisk_runs(session: aiohttp.ClientSession, settings: Settings) -> bool:
    """Whether an Asterisk that knows our password answers."""
    file = settings.secrets / ARI_PASSWORD
    if not file.exists():
        return False
    auth = aiohttp.BasicAuth(settings.ari.user, file.read_text(encoding="utf-8").strip())
    return await _body(session, f"{settings.ari.url}/ari/asterisk/ping", auth) is not None


async def _body(session: aiohttp.ClientSession, url: str, auth: aiohttp.BasicAuth | None = None) -> Any:
    """The JSON at ``url``; None where there is none."""
    try:
        async with session.get(url, auth=auth) as answer:
            return await answer.json() if answer.ok else None
    except (aiohttp.ClientError, TimeoutError, ValueError):
        return None


async def database(settings: Settings) -> AsyncIterator[Finding]:
    """Reachable, and with this version's tables; and what the centre's document in it says. Makes nothing."""
    migrate = "run `python -m denwa migrate`"
    if settings.database.startswith(SQLITE) and not await asyncio.to_thread(_file(settings).exists):
        yield ill("database", f"there is no {_file(settings)} yet", migrate)
        return
    try:
        async with _opened(settings.database) as store:
            await check_schema(store)
            yield well("database", str(store.url.database) if store.sqlite else f"PostgreSQL on {store.url.host}")
            version = await CentreVersions(store, Announcer(None)).current_version()
    except StoreError as error:
        yield ill("database", str(error), migrate)
    except (SQLAlchemyError, OSError) as error:
        yield ill("database", told(error), "start it, or set DENWA_DATABASE_URL to where it is")
    else:
        if version:
            yield _extension(version.centre, settings)


def _extension(centre: Centre, settings: Settings) -> Finding:
    """Whether the city's phones show the number by which its PBX reaches the centre (T6)."""
    shown, own = centre.outgoing.internal_extension or settings.sip.own_extension, settings.sip.own_extension
    if shown == own:
        return well("extension", f"{own} is shown to the city, and let in")
    wrong = f"the city's phones show {shown}, but its calls to {own} alone are let in"
    remedy = (
        f"set DENWA_SIP__OWN_EXTENSION={shown} and run `python -m denwa render`, or show {own}: /admin/centre/outgoing"
    )
    return ill("extension", wrong, remedy)


@asynccontextmanager
async def _opened(url: str) -> AsyncGenerator[Database]:
    store = Database(url)
    try:
        yield store
    finally:
        await store.close()


def _file(settings: Settings) -> Path:
    return Path(settings.database.removeprefix(SQLITE))


async def redis(settings: Settings) -> AsyncIterator[Finding]:
    """Reachable, where the settings name one."""
    if settings.redis_url_file is None:
        return
    try:
        bus = make_bus(settings)
    except OSError as error:
        yield ill("Redis", f"{settings.redis_url_file}: {error.strerror}", "write the address there, mode 0600")
        return
    except BusError as error:
        yield ill("Redis", str(error), f"correct the address in {settings.redis_url_file}")
        return
    reason = await bus.unready()
    await bus.close()
    yield ill("Redis", reason, "start it, or correct the address") if reason else well("Redis", "answers")
