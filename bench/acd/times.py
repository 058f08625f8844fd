"""What the packets say of calls: when each caller rang, when whose phone was rung, when the operator hung up. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field

from bench.acd.capture import Packet
from bench.figures import ms

USER = re.compile(r"sip:([^@;>]+)@")


@dataclass(frozen=True, slots=True)
class Ends:
    """Where the callers and the phones are."""

    callers: str
    phones: str


@dataclass(slots=True)
class Seen:
    """Times are nanoseconds since the epoch. ``rang`` and ``offered`` are by the caller's number."""

    rang: dict[str, int] = field(default_factory=dict[str, int])
    offered: dict[str, int] = field(default_factory=dict[str, int])
    rung: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    freed: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    repeated: int = 0
    """INVITEs that were sent again: nobody had reacted in half a second."""

    @property
    def lost(self) -> int:
        """Callers whom no phone was rung for."""
        return len(self.rang.keys() - self.offered.keys())

    def offers(self) -> list[float]:
        """Milliseconds from each caller's INVITE to the operator's."""
        return [ms(self.offered[number] - at) for number, at in self.rang.items() if number in self.offered]

    def next_offers(self) -> list[float]:
        """Milliseconds from an operator's BYE to the next INVITE at that phone, where somebody waited at the BYE."""
        rang, offered = sorted(self.rang.values()), sorted(self.offered.values())
        found: list[float] = []
        for at, phone in self.freed:
            waiting = bisect_right(rang, at) - bisect_right(offered, at)
            rung = self.rung[phone]
            after = bisect_left(rung, at)
            if waiting > 0 and after < len(rung):
                found.append(ms(rung[after] - at))
        return found


def seen(packets: Iterable[Packet], ends: Ends) -> Seen:
    """Gather what is asked of the capture; each thing counts at its first packet."""
    what = Seen()
    phones: dict[str, str] = {}
    ended: set[str] = set()
    for packet in packets:
        if packet.head.startswith(b"INVITE "):
            _invited(packet, ends, what, phones)
        elif packet.head.startswith(b"BYE ") and packet.source == ends.phones:
            call = packet.header(b"Call-ID")
            if call in phones and call not in ended:
                ended.add(call)
                what.freed.append((packet.at, phones[call]))
    return what


def _invited(packet: Packet, ends: Ends, what: Seen, phones: dict[str, str]) -> None:
    number, call = _user(packet.header(b"From")), packet.header(b"Call-ID")
    if packet.source == ends.callers:
        if number in what.rang:
            what.repeated += 1
        what.rang.setdefault(number, packet.at)
    elif packet.target == ends.phones:
        if call in phones:
            what.repeated += 1
            return
        phone = phones[call] = _user(packet.head.partition(b"\r\n")[0].decode())
        what.offered.setdefault(number, packet.at)
        what.rung.setdefault(phone, []).append(packet.at)


def _user(text: str) -> str:
    found = USER.search(text)
    return found[1] if found else ""
