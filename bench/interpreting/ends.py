"""The telephones of a talk of three: their signalling is asyncio's, their sound the choir's, one thread for all."""

from __future__ import annotations

import asyncio
import socket
import time
from dataclasses import dataclass, field

import numpy as np

from bench.choir import Choir
from bench.sip import mulaw
from bench.sip.agent import Agent
from bench.sip.audio import HEADER, PACKET_SECONDS, SAMPLES
from bench.sip.dialog import Dialog
from bench.sip.message import Message, sdp
from bench.sip.telephones import Phones
from bench.sip.wire import Address

CITIZEN_HERTZ, OPERATOR_HERTZ, INTERPRETER_HERTZ = 500, 1000, 1500
TONES = (CITIZEN_HERTZ, OPERATOR_HERTZ, INTERPRETER_HERTZ)
THERE = 0.05
"""How loud a tone has to be to be heard; each is said with an amplitude of 0.25."""
STALE = 64
FRESH_SECONDS = 0.1
PACKETS = 10
"""A leg that hears less than the two others for a fifth of a second is deaf."""


@dataclass(eq=False)
class End:
    """One telephone in a talk; says the tone of ``hertz``, and should hear the two others."""

    dialog: Dialog
    voice: socket.socket
    hertz: int
    packets: list[tuple[float, int]] = field(default_factory=list[tuple[float, int]])
    """When a packet was looked at (monotonic seconds), and its sequence number (RFC 3550)."""

    @property
    def still_there(self) -> bool:
        return not self.dialog.ended.done()

    async def hears_both(self) -> int | None:
        """After how many packets it has heard both others at once; None where it does not in PACKETS."""
        self._forget()
        for place in range(PACKETS):
            if await self._heard() >= {hertz for hertz in TONES if hertz != self.hertz}:
                return place
        return None

    def _forget(self) -> None:
        """What lies there is old."""
        for _ in range(STALE):
            if self._packet() is None:
                break

    async def _heard(self) -> set[int]:
        """The tones in the next packet that comes in; nothing where none comes in time."""
        until = time.monotonic() + FRESH_SECONDS
        while (packet := self._packet()) is None and time.monotonic() < until:  # noqa: ASYNC110 - a socket of the choir
            await asyncio.sleep(PACKET_SECONDS / 4)
        if packet is None:
            return set()
        self.packets.append((time.monotonic(), HEADER.unpack(packet[: HEADER.size])[2]))
        return tones_in(packet[HEADER.size :])

    @property
    def received(self) -> float:
        """Of the packets that should have been sent to it since it was first looked at, the share that was."""
        (begun, first), (ended, last) = self.packets[0], self.packets[-1]
        rounds = round(((ended - begun) / PACKET_SECONDS - (last - first) % 0x10000) / 0x10000)
        return ((last - first) % 0x10000 + rounds * 0x10000) / ((ended - begun) / PACKET_SECONDS)

    def _packet(self) -> bytes | None:
        try:
            packet = self.voice.recv(2048)
        except BlockingIOError:
            return None
        return packet if len(packet) == HEADER.size + SAMPLES else None


def tones_in(sound: bytes) -> set[int]:
    """Which of the three is said in a packet's worth of mu-law."""
    wave = mulaw.VALUES[np.frombuffer(sound, np.uint8)]
    turns = np.arange(SAMPLES) / mulaw.RATE
    return {hertz for hertz in TONES if 2 * abs(np.dot(wave, np.exp(-2j * np.pi * hertz * turns))) / SAMPLES > THERE}


class Ends:
    """Citizens, phones that answer at once, and an interpreting centre that does so too."""

    def __init__(self, choir: Choir, carrier: tuple[str, int], phones: tuple[str, int], server: Address) -> None:
        self._choir = choir
        self._carrier = Agent(*carrier, server, self._interpreter_rung)
        self.phones = _Answering(*phones, server, self)
        self._host = carrier[0]
        self._phones_host = phones[0]
        self.operators: dict[str, End] = {}
        self.interpreters: list[End] = []

    async def citizen(self, number: str, dials: str) -> End:
        """One more who rings, and is taken."""
        voice = self._choir.seat(self._host)
        dialog = self._carrier.dialog(number, dials)
        dialog.ask("INVITE", sdp(*voice.getsockname()))
        answer = await dialog.answered("INVITE")
        self._choir.joins(voice, answer.media, mulaw.tone(CITIZEN_HERTZ))
        return End(dialog, voice, CITIZEN_HERTZ)

    def operator_rung(self, dialog: Dialog, invite: Message) -> None:
        self.operators[invite.user("from")] = self._answer(dialog, invite, self._phones_host, OPERATOR_HERTZ)

    def close(self) -> None:
        self._carrier.close()
        self.phones.close()

    def _interpreter_rung(self, dialog: Dialog, invite: Message) -> None:
        self.interpreters.append(self._answer(dialog, invite, self._host, INTERPRETER_HERTZ))

    def _answer(self, dialog: Dialog, invite: Message, host: str, hertz: int) -> End:
        voice = self._choir.seat(host)
        dialog.answer("200 OK", sdp(*voice.getsockname()))
        self._choir.joins(voice, invite.media, mulaw.tone(hertz))
        return End(dialog, voice, hertz)


class _Answering(Phones):
    """The operators' phones."""

    def __init__(self, host: str, port: int, server: Address, ends: Ends) -> None:
        super().__init__(host, port, server)
        self._ends = ends

    def _invited(self, dialog: Dialog, invite: Message) -> None:
        self._ends.operator_rung(dialog, invite)
