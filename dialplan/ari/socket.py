"""One WebSocket to Asterisk: events come in, requests go out and their answers come back, all at the same time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from time import perf_counter

import structlog
from aiohttp import ClientError, ClientWebSocketResponse, WSMsgType

from dialplan.ari import metrics
from dialplan.ari.delays import Delays
from dialplan.ari.errors import Ended, NoReply, Why, refusal
from dialplan.ari.fields import Fields, Malformed
from dialplan.ari.request import Request

log = structlog.get_logger(__name__)

REQUEST_SECONDS = 5.0
"""How long an answer may take. Asterisk takes well under a millisecond."""

SLOW_SECONDS = 1.0
"""An answer that takes longer is told: requests behind it, and pings, wait as well."""


DONE, REFUSED, NO_REPLY, LOST = (
    metrics.REQUESTS.labels(outcome=outcome) for outcome in ("done", "refused", "no reply", "connection lost")
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A request under way since ``at``. Its answer is None when there is none in time."""

    answer: asyncio.Future[Fields | Ended | None]
    at: float


class Stop(Exception):
    """Raised by a taker of events to end the connection."""

    def __init__(self, ended: Ended) -> None:
        super().__init__(ended.why)
        self.ended = ended


class Socket:
    """Reads in a task of its own from the moment it is made; ``take`` gets each event's message and never waits."""

    def __init__(self, ws: ClientWebSocketResponse, take: Callable[[Fields], None]) -> None:
        self._ws = ws
        self._take = take
        self._ids = count(1)
        self._loop = asyncio.get_running_loop()
        self._pending: dict[str, _Asked] = {}
        self._clock: asyncio.TimerHandle | None = None
        self.delays = Delays()
        self.ended: asyncio.Future[Ended] = self._loop.create_future()
        self._reader = asyncio.create_task(self._read(), name="ARI reader")

    async def request(self, request: Request) -> object:
        """The JSON of the answer, None where it has none. Any number may be under way; answers come in any order.

        Raises Refused, NoReply after REQUEST_SECONDS, and ConnectionLost as soon as the connection ends.
        """
        id = str(next(self._ids))
        self.delays.ask(id, perf_counter())
        try:
            reply = await self._reply(id, request)
        finally:
            took = self.delays.settle(id, perf_counter())
            metrics.REQUEST_SECONDS.observe(took)
            if took > SLOW_SECONDS:
                log.warning("Asterisk took long", request=f"{request.method} /{request.route}", seconds=round(took, 2))
        status, body = reply.whole("status_code"), _body(reply)
        if 200 <= status < 300:
            DONE.inc()
            return body
        REFUSED.inc()
        raise refusal(request.method, request.route, status, _said(body) or reply.text("reason_phrase", ""))

    async def close(self, ended: Ended) -> None:
        """End for the reason given, unless it has ended before; return when the socket is closed."""
        self._end(ended)
        if self._clock:
            self._clock.cancel()
        self._reader.cancel()
        await asyncio.gather(self._reader, return_exceptions=True)
        await self._ws.close()

    async def _reply(self, id: str, request: Request) -> Fields:
        if self.ended.done():
            raise self.ended.result().error()
        self._pending[id] = asked = _Asked(self._loop.create_future(), self._loop.time())
        self._watch_the_clock()
        try:
            await self._ws.send_str(_message(id, request))
            reply = await asked.answer
        except ClientError as error:
            self._end(Ended(Why.BROKEN, str(error)))
            raise self.ended.result().error() from error
        finally:
            del self._pending[id]
        if isinstance(reply, Ended):
            raise reply.error()
        if reply is None:
            NO_REPLY.inc()
            raise NoReply(f"{request.method} /{request.route}: no answer in {REQUEST_SECONDS:.0f} s")
        return reply

    def _watch_the_clock(self) -> None:
        """One timer for all that is under way: one for each request would cost as much as sending it."""
        if self._clock is None and self._pending:
            oldest = next(iter(self._pending.values()))
            self._clock = self._loop.call_at(oldest.at + REQUEST_SECONDS, self._time_is_up)

    def _time_is_up(self) -> None:
        self._clock = None
        for asked in self._pending.values():
            if asked.at + REQUEST_SECONDS <= self._loop.time() and not asked.answer.done():
                asked.answer.set_result(None)
        if any(not asked.answer.done() for asked in self._pending.values()):
            self._clock = self._loop.call_later(REQUEST_SECONDS / 4, self._time_is_up)

    async def _read(self) -> None:
        try:
            async for frame in self._ws:
                if frame.type is WSMsgType.TEXT:
                    self._receive(frame.data)
            self._end(_how(self._ws))
        except Stop as stop:
            self._end(stop.ended)
        except Exception as error:
            log.exception("the reader of Asterisk's events failed; the connection is closed and made anew")
            self._end(Ended(Why.READER_FAILED, type(error).__name__))
        finally:
            await self._ws.close()

    def _receive(self, text: str) -> None:
        try:
            message = Fields.of(json.loads(text))
        except ValueError:
            metrics.UNREADABLE.inc()
            log.error("a message of Asterisk is no JSON object and is ignored", length=len(text))
            return
        if message.json.get("type") == "RESTResponse":
            self._answer(message)
        else:
            self._take(message)

    def _answer(self, message: Fields) -> None:
        """Wake who asked; an answer whose asker has given up wakes nobody."""
        asked = self._pending.get(str(message.json.get("request_id")))
        if asked and not asked.answer.done():
            asked.answer.set_result(message)

    def _end(self, ended: Ended) -> None:
        if self.ended.done():
            return
        self.ended.set_result(ended)
        for asked in self._pending.values():
            if not asked.answer.done():
                LOST.inc()
                asked.answer.set_result(ended)


def _message(id: str, request: Request) -> str:
    message = {"type": "RESTRequest", "request_id": id, "method": request.method, "uri": request.uri}
    if request.body is not None:
        message |= {"content_type": "application/json", "message_body": json.dumps(request.body)}
    return json.dumps(message)


def _body(reply: Fields) -> object:
    text = reply.text("message_body", "")
    try:
        return json.loads(text) if text else None
    except ValueError:
        raise Malformed("message_body is no JSON") from None


def _said(body: object) -> str:
    return Fields.of(body).text("message", "") if body else ""


def _how(ws: ClientWebSocketResponse) -> Ended:
    """Why the socket of a reader that has come to the end was closed."""
    error = ws.exception()
    if isinstance(error, TimeoutError):
        return Ended(Why.SILENT)
    if error is not None:
        return Ended(Why.BROKEN, str(error) or type(error).__name__)
    return Ended(Why.CLOSED if ws.close_code == CLOSED_CLEANLY else Why.BROKEN, f"code {ws.close_code}")


CLOSED_CLEANLY = 1000
