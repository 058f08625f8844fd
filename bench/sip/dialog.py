"""One end of one call's signalling."""

from __future__ import annotations

import asyncio
import re
from secrets import token_hex
from typing import TYPE_CHECKING

from bench.sip.message import Message, write

if TYPE_CHECKING:
    from bench.sip.agent import Agent

PATIENCE_SECONDS = 60.0
TAG = re.compile(r";tag=([^;>]+)")


class Refused(Exception):
    """The other end answered a request with a failure."""


class Dialog:
    """``ended`` is when the other end hung up. ``local`` and ``remote`` are From and To as this end writes them.

    ``repeated`` counts the INVITEs that came once more: the answer to the first was late. ``requests`` are what else
    the other end asked within the dialog, such as NOTIFY.
    """

    def __init__(self, agent: Agent, id: str, local: str, remote: str, target: str) -> None:
        self.id = id
        self._agent = agent
        self._local = local
        self._remote = remote
        self._target = target
        self._count = 0
        self._answers: dict[str, asyncio.Future[Message]] = {}
        self._invited: Message | None = None
        self._sdp = ""
        self._answered = "180 Ringing", ""
        self.repeated = 0
        self.requests: asyncio.Queue[Message] = asyncio.Queue()
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @property
    def tags(self) -> tuple[str, str]:
        """By which the two ends know the dialog, this one's and the other's; raises KeyError before it is answered."""
        ours, theirs = TAG.search(self._local), TAG.search(self._remote)
        if ours is None or theirs is None:
            raise KeyError("tag")
        return ours[1], theirs[1]

    def ask(self, method: str, body: str = "", **headers: str) -> int:
        """Send a request; the time of it. ``answered`` waits for the answer."""
        self._answers[method] = asyncio.get_running_loop().create_future()
        self._count += 1
        if method == "INVITE":
            self._sdp = body
        return self._send(method, body, headers)

    async def answered(self, method: str) -> Message:
        """The final answer to the request; an answered INVITE is acknowledged. Raises Refused from 300 on."""
        answer = await self.final(method)
        if (answer.status or 0) >= 300:
            raise Refused(f"{method}: {answer.first}")
        return answer

    async def final(self, method: str) -> Message:
        """As ``answered``, and a failure is an answer too."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self._answers[method]

    def answer(self, status: str, body: str = "") -> int:
        """Answer the INVITE that made this dialog; the time of it."""
        if self._invited is None:
            raise RuntimeError("nobody has called here")
        self._sdp = body or self._sdp
        self._answered = status, body
        return self._reply(self._invited, status, body)

    def invited_by(self, invite: Message) -> None:
        """This is the called end."""
        self._invited = invite

    def take(self, message: Message) -> None:
        """A message of this dialog has come in."""
        if message.status is not None:
            self._take_answer(message)
        elif message.method in {"BYE", "CANCEL"}:
            self._reply(message, "200 OK")
            if message.method == "CANCEL" and self._invited and not self.ended.done():
                self.answer("487 Request Terminated")
            if not self.ended.done():
                self.ended.set_result(message.at)
        elif message.method == "INVITE" and self._invited and message["cseq"] == self._invited["cseq"]:
            self.repeated += 1
            self._reply(self._invited, *self._answered)  # sent again by a server to whom our answer came late
        elif message.method != "ACK":
            self.requests.put_nowait(message)
            self._reply(message, "200 OK", self._sdp if message.method == "INVITE" else "")

    def _take_answer(self, answer: Message) -> None:
        if (answer.status or 0) < 200:
            return
        if answer.method == "INVITE":
            self._remote = answer["to"]
            if answer.all("contact"):
                self._target = answer.uri("contact")
            self._send("ACK", "", {})
        waiting = self._answers.get(answer.method)
        if waiting and not waiting.done():
            waiting.set_result(answer)

    def _send(self, method: str, body: str, headers: dict[str, str]) -> int:
        host, port = self._agent.address
        lines = [
            ("Via", f"SIP/2.0/UDP {host}:{port};branch=z9hG4bK{token_hex(8)};rport"),
            ("From", self._local),
            ("To", self._remote),
            ("Call-ID", self.id),
            ("CSeq", f"{self._count} {method}"),
            ("Contact", self._agent.contact(self._local)),
            ("Max-Forwards", "70"),
            *headers.items(),
        ]
        return self._agent.send(write(f"{method} {self._target} SIP/2.0", lines, body))

    def _reply(self, request: Message, status: str, body: str = "") -> int:
        return self._agent.reply(request, status, to=self._local if request is self._invited else None, body=body)
