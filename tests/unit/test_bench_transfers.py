"""What the benchmarks of transfers and of talks of three measure with: gaps, tones in a mix, packets that came."""

from __future__ import annotations

import socket
from types import SimpleNamespace

import numpy as np
import pytest

from bench.interpreting.ends import CITIZEN_HERTZ, INTERPRETER_HERTZ, OPERATOR_HERTZ, End, tones_in
from bench.sip import mulaw
from bench.transfer.ears import Change

MS = 1_000_000
BEFORE, AFTER = mulaw.tone(1000), mulaw.tone(1500)


class Ear:
    """An Audio whose packets the test brings."""

    def __init__(self) -> None:
        self.note = None

    def listen(self, note) -> None:
        self.note = note

    def hears(self, at_ms: float, sound: bytes) -> None:
        if self.note:
            self.note(sound, round((1000 + at_ms) * MS))


def mixed(*tones: int) -> bytes:
    sound = sum(mulaw.VALUES[np.frombuffer(mulaw.tone(one), np.uint8)] for one in tones)
    return bytes(int(np.argmin(np.abs(mulaw.VALUES - value))) for value in np.asarray(sound))


@pytest.mark.parametrize(
    ("packets", "gap_ms"),
    [
        ([(0, BEFORE), (20, AFTER)], 0.0),
        ([(0, BEFORE), (20, BEFORE), (70, AFTER)], 30.0),
        ([(0, BEFORE), (20, mulaw.SILENCE), (40, mulaw.SILENCE), (60, AFTER)], 40.0),
        ([(0, BEFORE), (20, AFTER), (100, AFTER)], 0.0),
    ],
)
async def test_a_gap_is_from_the_end_of_the_last_sound_to_the_first_of_who_comes(packets, gap_ms: float):
    ear = Ear()
    change = Change(ear, 1500)  # pyright: ignore[reportArgumentType]
    for at_ms, sound in packets:
        ear.hears(at_ms, sound)
    assert change.heard.done()
    assert change.gap_ms == gap_ms


async def test_an_ear_that_heard_nothing_before_has_no_gap_to_tell():
    ear = Ear()
    change = Change(ear, 1500)  # pyright: ignore[reportArgumentType]
    ear.hears(0, AFTER)
    with pytest.raises(RuntimeError, match="nothing was heard"):
        _ = change.gap_ms


@pytest.mark.parametrize("said", [(), (CITIZEN_HERTZ,), (CITIZEN_HERTZ, INTERPRETER_HERTZ), (OPERATOR_HERTZ,)])
def test_who_speaks_is_told_apart_in_a_mix(said: tuple[int, ...]):
    assert tones_in(mixed(*said) if said else mulaw.SILENCE) == set(said)


@pytest.mark.parametrize(("last", "share"), [(100 + 500, 1.0), (100 + 250, 0.5), ((100 + 500) & 0xFFFF, 1.0)])
def test_of_the_packets_that_should_have_come_their_numbers_say_how_many_did(last: int, share: float):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as voice:
        end = End(SimpleNamespace(), voice, CITIZEN_HERTZ, [(0.0, 100), (10.0, last)])  # pyright: ignore[reportArgumentType]
        assert end.received == share


def test_numbers_that_begin_anew_are_counted_on():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as voice:
        packets = [(0.0, 65000), (2000.0, (65000 + 100_000) & 0xFFFF)]
        end = End(SimpleNamespace(), voice, CITIZEN_HERTZ, packets)  # pyright: ignore[reportArgumentType]
        assert end.received == 1.0
