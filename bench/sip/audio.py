"""One telephone's audio: mu-law in RTP (RFC 3550, RFC 3551), keys as telephone events (RFC 4733)."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from secrets import randbits

from bench.sip import mulaw
from bench.sip.wire import Address, Wire

PACKET_SECONDS = 0.02
SEDATE_SECONDS = 1.0
SAMPLES = 160
HEADER = struct.Struct("!BBHII")
EVENT = struct.Struct("!BBH")
VERSION, MARKER, END = 0x80, 0x80, 0x80
PCMU = 0
KEY_PACKETS = 5
END_PACKETS = 3
"""A key is pressed for 100 ms; its end is said three times, as the RFC wants it."""
KEYS = "0123456789*#ABCD"

Test = Callable[[bytes], bool]
Note = Callable[[bytes, int], None]


class Audio:
    """A stream in both directions. It sends silence until something is said, like a telephone."""

    def __init__(self, host: str) -> None:
        self._wire = Wire(host, 0, self._take)
        self.address = self._wire.address
        self._to: Address | None = None
        self._event_payload = 101
        self._source = randbits(32)
        self._sequence = 0
        self._clock = 0
        self._saying = mulaw.SILENCE
        self._every = PACKET_SECONDS
        self._speech: list[bytes] = []
        self._spoken: asyncio.Future[tuple[int, int]] | None = None
        self._spoke = 0, 0
        self._keys: list[tuple[int, int, asyncio.Future[int]]] = []
        self._awaited: list[tuple[Test, asyncio.Future[int]]] = []
        self._note: Note | None = None
        self._ticks: asyncio.TimerHandle | None = None

    def talk_to(self, media: Address, event_payload: int) -> None:
        """Begin to send, a packet each 20 ms."""
        self._to, self._event_payload = media, event_payload
        if self._ticks is None:
            self._tick(asyncio.get_running_loop().time())

    def say(self, sound: bytes) -> None:
        """Send ``sound``, one packet's worth, over and over from the next packet on."""
        self._saying = sound
        self._every = PACKET_SECONDS

    def only_lives(self, sound: bytes = mulaw.SILENCE) -> None:
        """Send a packet a second: as much as shows that the line lives, for a crowd of telephones."""
        self._saying = sound
        self._every = SEDATE_SECONDS

    def speak(self, sound: bytes) -> asyncio.Future[tuple[int, int]]:
        """Say ``sound`` once, then silence; when its first and its last packet with a sound were sent.

        Raises ValueError for a sound in which nothing is heard.
        """
        packets = [sound[at : at + SAMPLES].ljust(SAMPLES, mulaw.SILENCE[:1]) for at in range(0, len(sound), SAMPLES)]
        if not any(map(mulaw.has_sound, packets)):
            raise ValueError("nothing is heard in it")
        self.say(mulaw.SILENCE)
        self._speech, self._spoke = packets[::-1], (0, 0)
        self._spoken = asyncio.get_running_loop().create_future()
        return self._spoken

    async def press(self, key: str) -> int:
        """Press a key for 100 ms; the time at which its end was sent first."""
        ended = asyncio.get_running_loop().create_future()
        code = KEYS.index(key)
        self._keys += [(code, place, ended) for place in range(1, KEY_PACKETS + END_PACKETS + 1)]
        return await ended

    def hear(self, test: Test) -> asyncio.Future[int]:
        """When the first packet came in, from now on, of which ``test`` holds."""
        heard = asyncio.get_running_loop().create_future()
        self._awaited.append((test, heard))
        return heard

    def listen(self, note: Note | None) -> None:
        """Tell ``note`` of the sound of each packet that comes in, and of its time; None: nobody any more."""
        self._note = note

    def fall_silent(self) -> None:
        """Send nothing more, as a telephone that has lost its network."""
        if self._ticks:
            self._ticks.cancel()

    def close(self) -> None:
        self.fall_silent()
        self._wire.close()

    def _take(self, packet: bytes, at: int) -> None:
        if len(packet) != HEADER.size + SAMPLES or packet[1] & ~MARKER != PCMU:
            return
        if self._note:
            self._note(packet[HEADER.size :], at)
        for one in list(self._awaited):
            test, heard = one
            if test(packet[HEADER.size :]):
                self._awaited.remove(one)
                if not heard.done():
                    heard.set_result(at)

    def _tick(self, due: float) -> None:
        if self._keys:
            self._send_key(*self._keys.pop(0))
        elif self._speech:
            self._send_speech(self._speech.pop())
        else:
            self._send(PCMU, self._clock, self._saying)
        self._clock += SAMPLES
        loop = asyncio.get_running_loop()
        every = PACKET_SECONDS if self._keys else self._every
        self._ticks = loop.call_at(due + every, self._tick, due + every)

    def _send_speech(self, packet: bytes) -> None:
        at = self._send(PCMU, self._clock, packet)
        if mulaw.has_sound(packet):
            self._spoke = self._spoke[0] or at, at
        if not self._speech and self._spoken and not self._spoken.done():
            self._spoken.set_result(self._spoke)

    def _send_key(self, code: int, place: int, ended: asyncio.Future[int]) -> None:
        """All packets of one key carry the timestamp of its beginning."""
        lasted = min(place, KEY_PACKETS)
        over = place > KEY_PACKETS
        event = EVENT.pack(code, (END if over else 0) | 10, lasted * SAMPLES)
        marker = MARKER if place == 1 else 0
        at = self._send(self._event_payload | marker, self._clock - (place - 1) * SAMPLES, event)
        if over and not ended.done():
            ended.set_result(at)

    def _send(self, payload: int, clock: int, content: bytes) -> int:
        if self._to is None:
            raise RuntimeError("nobody to talk to")
        header = HEADER.pack(VERSION, payload, self._sequence & 0xFFFF, clock & 0xFFFFFFFF, self._source)
        self._sequence += 1
        return self._wire.send(header + content, self._to)
