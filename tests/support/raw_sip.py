"""A stranger who speaks SIP over UDP, one request at a time (RFC 3261, digest as in RFC 7616 with MD5)."""

from __future__ import annotations

import hashlib
import re
import socket
from dataclasses import dataclass

PATIENCE_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The first final or provisional answer other than 100."""

    status: int
    text: str

    def challenge(self) -> dict[str, str]:
        """What WWW-Authenticate asks."""
        header = re.search(r"^WWW-Authenticate: Digest (.*)$", self.text, re.MULTILINE | re.IGNORECASE)
        assert header, self.text
        return dict(re.findall(r'(\w+)="?([^",\r]+)"?', header[1]))


class Stranger:
    """Sends from ``host``, an address that nobody knows, to ``server``."""

    def __init__(self, host: str, server: tuple[str, int]) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self._socket.settimeout(PATIENCE_SECONDS)
        self._server = server
        self._me = "{}:{}".format(*self._socket.getsockname())
        self._count = 0

    def __enter__(self) -> Stranger:
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, method: str, user: str, to: str, *, body: str = "", **headers: str) -> Answer:
        """Send ``method`` from ``user`` to ``to`` and return the answer."""
        self._count += 1
        target = f"sip:{self._server[0]}" if method == "REGISTER" else f"sip:{to}@{self._server[0]}"
        lines = [
            f"{method} {target} SIP/2.0",
            f"Via: SIP/2.0/UDP {self._me};branch=z9hG4bK{user}{self._count};rport",
            f"From: <sip:{user}@{self._server[0]}>;tag=t{self._count}",
            f"To: <sip:{to}@{self._server[0]}>",
            f"Call-ID: {self._me}-{user}-{self._count}",
            f"CSeq: {self._count} {method}",
            f"Contact: <sip:{user}@{self._me}>",
            "Max-Forwards: 70",
            *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
            f"Content-Length: {len(body)}",
        ]
        self._socket.sendto(("\r\n".join(lines) + "\r\n\r\n" + body).encode(), self._server)
        while True:
            text = self._socket.recv(65535).decode()
            if not text.startswith("SIP/2.0 "):
                continue  # a registered phone is asked whether it is still there
            status = int(text.split(" ", 2)[1])
            if status != 100 and f"CSeq: {self._count} {method}" in text:
                return Answer(status, text)

    def register(self, extension: str, secret: str) -> Answer:
        """Try to become the phone ``extension``."""
        asked = self.ask("REGISTER", extension, extension, Expires="60").challenge()
        uri = f"sip:{self._server[0]}"
        known = _md5(f"{extension}:{asked['realm']}:{secret}")
        middle = f"{asked['nonce']}:00000001:0a4f113b:auth"
        response = _md5(f"{known}:{middle}:{_md5(f'REGISTER:{uri}')}")
        digest = (
            f'Digest username="{extension}", realm="{asked["realm"]}", nonce="{asked["nonce"]}", uri="{uri}", '
            f'response="{response}", algorithm=MD5, qop=auth, nc=00000001, cnonce="0a4f113b"'
        )
        if "opaque" in asked:
            digest += f', opaque="{asked["opaque"]}"'
        return self.ask("REGISTER", extension, extension, Expires="60", Authorization=digest)


def _md5(text: str) -> str:
    return hashlib.md5(text.encode()).hexdigest()
