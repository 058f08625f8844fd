"""The audio of many telephones at once, sent by one thread; nobody listens to what comes back."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress

from bench.sip import mulaw
from bench.sip.audio import HEADER, PACKET_SECONDS, PCMU, SAMPLES, VERSION
from bench.sip.wire import Address


class Choir:
    """``saying`` is the packet that all say over and over who have none of their own, None for nothing at all.

    Of its ``beats``, one each 20 ms, so many were ``late`` by more than another: this machine had no time for it.
    """

    def __init__(self) -> None:
        self.saying: bytes | None = mulaw.SILENCE
        self.beats = self.late = 0
        self._voices: list[tuple[socket.socket, Address, int, bytes | None]] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sing, name="choir", daemon=True)
        self._thread.start()

    def seat(self, host: str) -> socket.socket:
        """A place for one more; what is sent to it piles up until the kernel throws it away."""
        voice = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        voice.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
        voice.bind((host, 0))
        voice.setblocking(False)
        return voice

    def joins(self, voice: socket.socket, media: Address, own: bytes | None = None) -> None:
        """Let ``voice`` speak to ``media``, and say ``own`` where it is given."""
        self._voices = [*self._voices, (voice, media, len(self._voices) + 1, own)]

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        for voice, *_ in self._voices:
            voice.close()

    def _sing(self) -> None:
        beat, due = 0, time.monotonic()
        while not self._over.wait(max(0.0, due - time.monotonic())):
            self._packet(beat, self.saying)
            self.beats, self.late = beat + 1, self.late + (time.monotonic() > due + PACKET_SECONDS)
            beat, due = beat + 1, due + PACKET_SECONDS

    def _packet(self, beat: int, together: bytes | None) -> None:
        for voice, media, source, own in self._voices:
            if (sound := own or together) is None:
                continue
            header = HEADER.pack(VERSION, PCMU, beat & 0xFFFF, beat * SAMPLES & 0xFFFFFFFF, source)
            with suppress(BlockingIOError):  # a packet lost, as on any network
                voice.sendto(header + sound, media)
