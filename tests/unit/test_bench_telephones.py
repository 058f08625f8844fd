"""What the benchmarks measure with must itself be right: figures, digest, tones, keys, times of packets."""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
import pytest

from bench.deletions import Deletions
from bench.figures import ratios, summary
from bench.sip import mulaw
from bench.sip.agent import Agent
from bench.sip.audio import END_PACKETS, EVENT, HEADER, Audio
from bench.sip.dialog import Dialog, Refused
from bench.sip.digest import authorization
from bench.sip.message import Message, read, sdp, write
from bench.sip.telephones import citizen
from bench.sip.wire import Wire


def test_a_percentile_is_a_sample_that_was_measured():
    assert summary([float(one) for one in range(1, 201)]) == {"median": 100.5, "p99": 198.0, "max": 200.0}
    assert summary([3.0]) == {"median": 3.0, "p99": 3.0, "max": 3.0}


def test_a_ratio_is_a_multiple_of_the_yardstick():
    assert ratios({"answer": 3.0, "yardstick": 0.5}, 0.5) == {"answer": 6.0, "yardstick": 1.0}


def test_a_packet_of_a_tone_is_that_tone_and_no_other():
    packet = mulaw.tone(1000)
    assert mulaw.has_sound(packet)
    assert mulaw.has_tone(1000)(packet)
    assert not mulaw.has_tone(500)(packet)


def test_two_tones_at_once_are_neither():
    both = (
        mulaw.VALUES[np.frombuffer(mulaw.tone(500), np.uint8)] + mulaw.VALUES[np.frombuffer(mulaw.tone(1000), np.uint8)]
    )
    packet = bytes(int(np.argmin(np.abs(mulaw.VALUES - value))) for value in both)
    assert not mulaw.has_tone(500)(packet)
    assert not mulaw.has_tone(1000)(packet)


def test_silence_is_no_sound():
    assert not mulaw.has_sound(mulaw.SILENCE)


def test_a_tone_that_would_click_between_packets_is_refused():
    with pytest.raises(ValueError, match="440 Hz"):
        mulaw.tone(440)


def test_a_phone_proves_its_secret_without_sending_it():
    header = authorization('Digest realm="r",nonce="n",qop="auth",opaque="o"', "REGISTER", "sip:h", "7001", "secret")
    assert 'username="7001"' in header
    assert 'opaque="o"' in header
    assert "secret" not in header


def test_a_message_is_read_as_it_was_written():
    headers = [("From", '"x" <sip:7001@a>;tag=1'), ("Contact", "<sip:7002@b:5080>"), ("CSeq", "2 INVITE")]
    message = read(write("INVITE sip:7001@c SIP/2.0", headers, sdp("127.0.0.9", 4000)), at=7)
    assert (message.method, message.status, message.at) == ("INVITE", None, 7)
    assert (message.user("from"), message.uri("contact")) == ("7001", "sip:7002@b:5080")
    assert (message.media, message.event_payload) == (("127.0.0.9", 4000), 101)


class Centre:
    """The other end of a telephone's call, which answers a BYE as it is told, and may hang up itself before."""

    def __init__(self, answer: str, *, hangs_up: bool) -> None:
        self.answers: asyncio.Queue[Message] = asyncio.Queue()
        self._answer, self._hangs_up = answer, hangs_up
        self.wire = Wire("127.0.0.1", 0, self._take)
        self.telephone: tuple[str, int] = ("", 0)

    def bye(self, call: str, number: int = 7) -> None:
        names = {"Via": "SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKx", "From": "<sip:c@h>;tag=1", "To": "<sip:t@h>;tag=2"}
        headers = [*names.items(), ("Call-ID", call), ("CSeq", f"{number} BYE")]
        self.wire.send(write("BYE sip:t@h SIP/2.0", headers, ""), self.telephone)

    def _take(self, packet: bytes, at: int) -> None:
        message = read(packet, at)
        if message.status is not None:
            self.answers.put_nowait(message)
            return
        if self._hangs_up:
            self.bye(message["call-id"])
        kept = [(name.title(), message[name]) for name in ("via", "from", "to", "call-id", "cseq")]
        self.wire.send(write(f"SIP/2.0 {self._answer}", kept, ""), self.telephone)


@asynccontextmanager
async def ringing(centre: Centre):
    agent = Agent("127.0.0.1", 0, centre.wire.address)
    centre.telephone = agent.address
    try:
        async with citizen(agent, "0901234567", "0466251111") as telephone:
            yield agent, telephone
    finally:
        agent.close()
        centre.wire.close()


async def test_byes_that_cross_are_an_end_like_another():
    centre = Centre("481 Call/Transaction Does Not Exist", hangs_up=True)
    async with ringing(centre) as (_, telephone):
        assert await telephone.hang_up() > 0
        assert telephone.dialog.ended.done()
        assert (await centre.answers.get()).status == 200


async def test_a_bye_of_which_the_centre_knows_nothing_is_a_failure():
    async with ringing(Centre("481 Call/Transaction Does Not Exist", hangs_up=False)) as (_, telephone):
        with pytest.raises(Refused, match="481"):
            await telephone.hang_up()


async def test_a_bye_that_is_sent_once_more_after_the_end_is_answered_as_before_and_a_strange_one_refused():
    centre = Centre("200 OK", hangs_up=False)
    async with ringing(centre) as (agent, telephone):
        agent.forget(telephone.dialog)
        for call, status in ((telephone.dialog.id, 200), ("of nobody", 481)):
            centre.bye(call)
            assert (await centre.answers.get()).status == status


async def test_a_packet_carries_the_time_at_which_the_kernel_had_it_not_when_it_was_read():
    received: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    here, there = Wire("127.0.0.1", 0, lambda _, at: received.set_result(at)), Wire("127.0.0.1", 0, lambda *_: None)
    sent = there.send(b"x", here.address)
    while time.time_ns() - sent < 20_000_000:
        pass  # the loop is busy, as it is under load
    read_from = time.time_ns()
    assert sent <= await received < read_from
    here.close()
    there.close()


async def test_a_phone_that_is_invited_once_more_answers_as_before_and_does_not_lift_the_receiver():
    said: asyncio.Queue[str] = asyncio.Queue()
    server = Wire("127.0.0.1", 0, lambda packet, at: said.put_nowait(read(packet, at).first))
    phones = Agent("127.0.0.1", 0, server.address, lambda dialog, _: dialogs.append(dialog))
    dialogs: list[Dialog] = []
    names = {"Via": "SIP/2.0/UDP a;branch=b", "From": "<sip:1@a>;tag=1", "To": "<sip:7001@b>", "Call-ID": "c"}
    invite = write("INVITE sip:7001@b SIP/2.0", [*names.items(), ("CSeq", "1 INVITE"), ("Contact", "<sip:1@a>")], "")
    server.send(invite, phones.address)
    server.send(invite, phones.address)
    assert await said.get() == "SIP/2.0 180 Ringing"
    dialogs[0].answer("200 OK", sdp("127.0.0.1", 4000))
    assert await said.get() == "SIP/2.0 200 OK"
    server.send(invite, phones.address)
    assert await said.get() == "SIP/2.0 200 OK"
    phones.close()
    server.close()


async def test_a_key_is_said_to_end_three_times_and_its_time_is_the_first():
    packets: list[tuple[bytes, int]] = []
    over = asyncio.Event()

    def take(packet: bytes, at: int) -> None:
        if packet[1] & 0x7F == 101:
            packets.append((packet[HEADER.size :], at))
            if len([one for one, _ in packets if one[1] & 0x80]) == END_PACKETS:
                over.set()

    far, audio = Wire("127.0.0.1", 0, take), Audio("127.0.0.1")
    audio.talk_to(far.address, 101)
    ended = await audio.press("5")
    await over.wait()
    assert {EVENT.unpack(one)[0] for one, _ in packets} == {5}
    ends = [at for one, at in packets if one[1] & 0x80]
    assert EVENT.unpack(packets[-1][0])[2] == 800
    assert ended <= ends[0] < ends[1] < ends[2]
    audio.close()
    far.close()


async def test_the_kernel_tells_of_a_deleted_file(tmp_path: Path):
    file = tmp_path / "a.wav"
    file.touch()
    deletions = Deletions(tmp_path)
    before = time.time_ns()
    file.unlink()
    assert await deletions.of("a.wav") >= before
    deletions.close()
