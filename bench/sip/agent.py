"""One SIP address: telephones that share a UDP port."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from secrets import token_hex

from bench.sip.dialog import Dialog
from bench.sip.digest import authorization
from bench.sip.message import USER, Message, read, write
from bench.sip.wire import Address, Wire

Invited = Callable[[Dialog, Message], None]
EXPIRES = "3600"
REMEMBERED = 1000
"""Calls that are over, whose last requests may come once more."""


class Agent:
    """Speaks to ``server`` alone; ``invited`` is told of each call that comes in."""

    def __init__(self, host: str, port: int, server: Address, invited: Invited | None = None) -> None:
        self._server = server
        self._invited = invited
        self._dialogs: dict[str, Dialog] = {}
        self._over: OrderedDict[str, None] = OrderedDict()
        self._wire = Wire(host, port, self._take)
        self.address = self._wire.address

    def contact(self, who: str) -> str:
        """Where the telephone named in the address ``who`` is reached."""
        user = USER.search(who)
        return f"<sip:{user[1] if user else 'phone'}@{self.address[0]}:{self.address[1]}>"

    def dialog(self, user: str, to: str = "") -> Dialog:
        """A dialog of ``user`` with ``to`` at the server, not begun."""
        host = self._server[0]
        target = f"sip:{to}@{host}" if to else f"sip:{host}"
        local, remote = f"<sip:{user}@{host}>;tag={token_hex(6)}", f"<{target if to else f'sip:{user}@{host}'}>"
        return self._keep(Dialog(self, token_hex(12), local, remote, target))

    async def register(self, user: str, secret: str) -> None:
        """Let the server ring ``user`` here. Raises Refused."""
        dialog = self.dialog(user)
        dialog.ask("REGISTER", Expires=EXPIRES)
        asked = (await dialog.final("REGISTER"))["www-authenticate"]
        proof = authorization(asked, "REGISTER", f"sip:{self._server[0]}", user, secret)
        dialog.ask("REGISTER", Expires=EXPIRES, Authorization=proof)
        await dialog.answered("REGISTER")
        self.forget(dialog)

    async def round_trip(self) -> int:
        """Nanoseconds until the server has answered the smallest of questions."""
        dialog = self.dialog("probe")
        asked = dialog.ask("OPTIONS")
        answer = await dialog.final("OPTIONS")
        self.forget(dialog)
        return answer.at - asked

    def forget(self, dialog: Dialog) -> None:
        """Nothing more comes of it, but for what is sent once more: a lost answer is repeated (RFC 3261, 17.2.2)."""
        if self._dialogs.pop(dialog.id, None):
            self._over[dialog.id] = None
        if len(self._over) > REMEMBERED:
            self._over.popitem(last=False)

    def send(self, packet: bytes) -> int:
        """Send to the server; the time of it."""
        return self._wire.send(packet, self._server)

    def reply(self, request: Message, status: str, *, to: str | None = None, body: str = "") -> int:
        """Answer ``request``; the time of it."""
        kept = [(name.title(), value) for name in ("via", "from", "call-id", "cseq") for value in request.all(name)]
        to = to or request["to"]
        return self.send(write(f"SIP/2.0 {status}", [*kept, ("To", to), ("Contact", self.contact(to))], body))

    def close(self) -> None:
        self._wire.close()

    def _keep(self, dialog: Dialog) -> Dialog:
        self._dialogs[dialog.id] = dialog
        return dialog

    def _take(self, packet: bytes, at: int) -> None:
        if not packet.strip():
            return
        message = read(packet, at)
        if dialog := self._dialogs.get(message["call-id"]):
            dialog.take(message)
        elif message.status is None:
            self._take_stranger(message)

    def _take_stranger(self, request: Message) -> None:
        if request.method == "INVITE" and self._invited:
            local = f"{re.sub(';.*', '', request['to'])};tag={token_hex(6)}"
            dialog = Dialog(self, request["call-id"], local, request["from"], request.uri("contact"))
            dialog.invited_by(request)
            self._keep(dialog)
            self._invited(dialog, request)
        elif request.method == "OPTIONS" or (request.method in {"BYE", "CANCEL"} and request["call-id"] in self._over):
            self.reply(request, "200 OK")
        elif request.method != "ACK":
            self.reply(request, "481 Call Does Not Exist")
