"""The gateway for SMS that the settings name, and the courier who hands messages to it (T13)."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from asterisk_conf.errors import ConfError
from asterisk_conf.secrets import read_secret
from crm.sms.courier import Courier
from crm.sms.gateways import LocalGateway, NoGateway
from crm.sms.http_gateway import http_gateway
from denwa.parts import Parts, utc_now
from kernel.ports import SmsGateway
from kernel.settings import Settings

SMS_TOKEN = "sms_token"  # noqa: S105


def token(settings: Settings) -> str:
    """What the gateway knows the centre by. Raises ConfError, which says what to do."""
    file = settings.secrets / SMS_TOKEN
    if not file.exists():
        raise ConfError("secret sms_token", f"there is no {file}: write the gateway's token into it, then chmod 600 it")
    text = read_secret(file)
    if not (text.isascii() and text.isprintable()):
        raise ConfError("secret sms_token", f"{file} holds no token: it is one line of ASCII (RFC 6750, 2.1)")
    return text


@asynccontextmanager
async def open_courier(parts: Parts) -> AsyncGenerator[Courier]:
    """One who sends for as long as the context lasts. Raises ConfError."""
    async with _gateway(parts.settings) as gateway:
        store, settings = parts.store, parts.settings.sms
        yield Courier(store.outbox, gateway, store.events, parts.bus, settings=settings, clock=utc_now)


@asynccontextmanager
async def _gateway(settings: Settings) -> AsyncGenerator[SmsGateway]:
    sms = settings.sms
    match sms.gateway:
        case "http":
            async with http_gateway(str(sms.url), sms.sender, token(settings), sms.timeout_seconds) as gateway:
                yield gateway
        case "local":
            yield LocalGateway()
        case "none":
            yield NoGateway()
