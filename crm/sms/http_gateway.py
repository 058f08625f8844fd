"""A gateway over HTTP, as docs/sms-gateway.md says; the centre puts its provider behind it (T13)."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from http import HTTPStatus

import aiohttp

from kernel.phone_number import international
from kernel.sms import Doubtful, NotTaken, Refused, Sms, SmsAnswer, Taken

LARGEST_ANSWER_BYTES = 64 * 1024
NOT_NOW = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})


class HttpGateway:
    """One POST for each message. Nothing of an answer is kept or logged but what it means."""

    def __init__(self, session: aiohttp.ClientSession, url: str, sender: str) -> None:
        self._session = session
        self._url = url
        self._sender = sender

    async def send(self, sms: Sms) -> SmsAnswer:
        """Hand ``sms`` over, once."""
        said = {"to": international(sms.number), "sender": self._sender, "text": sms.text}
        try:
            async with self._session.post(
                self._url, json=said, headers={"Idempotency-Key": sms.id}, allow_redirects=False
            ) as answer:
                return await _meaning(answer)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            return NotTaken("unreachable")
        except TimeoutError:
            return Doubtful("timeout")
        except (aiohttp.ClientError, OSError):
            return Doubtful("broken_off")


async def _meaning(answer: aiohttp.ClientResponse) -> SmsAnswer:
    match answer.status:
        case HTTPStatus.OK | HTTPStatus.CREATED | HTTPStatus.ACCEPTED:
            return _accepted(await _body(answer))
        case HTTPStatus.CONFLICT:
            return Taken()
        case status if status in NOT_NOW:
            return NotTaken(f"http_{status}")
        case status if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
            return Refused(f"http_{status}")
        case status:
            return Doubtful(f"http_{status}")


async def _body(answer: aiohttp.ClientResponse) -> bytes:
    """Its beginning, where it is a longer one than any of a gateway."""
    body = b""
    async for chunk in answer.content.iter_chunked(LARGEST_ANSWER_BYTES):
        body += chunk
        if len(body) > LARGEST_ANSWER_BYTES:
            break
    return body


def _accepted(body: bytes) -> SmsAnswer:
    """What it says; the page of something in between says nothing."""
    try:
        said: object = json.loads(body)
    except ValueError:
        return Doubtful("not_understood")
    match said:
        case {"accepted": True}:
            return Taken()
        case {"accepted": False}:
            return Refused("not_accepted")
        case _:
            return Doubtful("not_understood")


@asynccontextmanager
async def http_gateway(url: str, sender: str, token: str, timeout_seconds: float) -> AsyncGenerator[HttpGateway]:
    """Open as long as the context lasts; ``timeout_seconds`` is for one message, from connecting to the answer's end.

    Each has a connection of its own: of one that was kept and closed by the other end it would be in doubt whether it
    took the message.
    """
    headers, timeout = {"Authorization": f"Bearer {token}"}, aiohttp.ClientTimeout(total=timeout_seconds)
    alone = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(headers=headers, timeout=timeout, connector=alone) as session:
        yield HttpGateway(session, url, sender)
