"""SIP messages (RFC 3261), as far as two telephones need them."""

from __future__ import annotations

import re
from dataclasses import dataclass

SOME_URI = re.compile(r"<?(sips?:[^>\s]+)>?")
USER = re.compile(r"sips?:([^@;>]+)@")
TELEPHONE_EVENT = re.compile(r"^a=rtpmap:(\d+) telephone-event/8000", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Message:
    """A request or an answer that came in at ``at`` (nanoseconds since the epoch); names of headers in lower case."""

    first: str
    headers: tuple[tuple[str, str], ...]
    body: str
    at: int

    @property
    def status(self) -> int | None:
        """The status of an answer; None for a request."""
        return int(self.first.split(" ", 2)[1]) if self.first.startswith("SIP/2.0 ") else None

    @property
    def method(self) -> str:
        """What is requested, or answered."""
        return self["cseq"].split()[1]

    def __getitem__(self, name: str) -> str:
        """The first header of that name; raises KeyError."""
        found = self.all(name)
        if not found:
            raise KeyError(name)
        return found[0]

    def all(self, name: str) -> list[str]:
        return [value for header, value in self.headers if header == name]

    def uri(self, name: str) -> str:
        """The address in a header."""
        found = SOME_URI.search(self[name])
        if found is None:
            raise KeyError(name)
        return found[1]

    def user(self, name: str) -> str:
        """Who is named in a header; "" where it names only a host."""
        found = USER.search(self[name])
        return found[1] if found else ""

    @property
    def media(self) -> tuple[str, int]:
        """Where the other end wants its audio (RFC 4566)."""
        host = re.search(r"^c=IN IP4 (\S+)", self.body, re.MULTILINE)
        port = re.search(r"^m=audio (\d+)", self.body, re.MULTILINE)
        if host is None or port is None:
            raise KeyError("audio")
        return host[1], int(port[1])

    @property
    def event_payload(self) -> int:
        """The payload type of telephone events (RFC 4733)."""
        found = TELEPHONE_EVENT.search(self.body)
        if found is None:
            raise KeyError("telephone-event")
        return int(found[1])


def read(packet: bytes, at: int) -> Message:
    """What ``packet`` says."""
    head, _, body = packet.decode().partition("\r\n\r\n")
    first, *lines = head.split("\r\n")
    headers = ((name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines))
    return Message(first, tuple(headers), body, at)


def write(first: str, headers: list[tuple[str, str]], body: str = "") -> bytes:
    """The packet."""
    kind = [("Content-Type", "application/sdp")] if body else []
    lines = [f"{name}: {value}" for name, value in [*headers, *kind, ("Content-Length", str(len(body)))]]
    return "\r\n".join([first, *lines, "", body]).encode()


def sdp(host: str, port: int) -> str:
    """Audio in mu-law at ``host`` and ``port``, with telephone events."""
    lines = [
        "v=0",
        f"o=- 1 1 IN IP4 {host}",
        "s=-",
        f"c=IN IP4 {host}",
        "t=0 0",
        f"m=audio {port} RTP/AVP 0 101",
        "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:101 telephone-event/8000",
        "a=fmtp:101 0-16",
        "a=ptime:20",
        "a=sendrecv",
    ]
    return "\r\n".join(lines) + "\r\n"
