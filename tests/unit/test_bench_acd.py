"""What the contest with app_queue measures with: packets read from a capture, calls read from packets."""

from __future__ import annotations

import struct
from pathlib import Path

from bench.acd import contest
from bench.acd.capture import FILE, MICROSECONDS, RECORD, Packet, packets
from bench.acd.times import Ends, seen
from bench.installation import FIRST_EXTENSION
from ivr.seed_file import load
from kernel.centre import Centre, OperatorSeat

SEED = Path(__file__).parents[2] / "ivr/seeds/fujisawa.yaml"
CALLER, SERVER, PHONE = "127.1.1.2", "127.1.1.1", "127.1.1.4"
ENDS = Ends(CALLER, PHONE)
MS = 1_000_000


def sip(at_ms: float, way: tuple[str, str], first: str, number: str, call: str) -> Packet:
    text = f"{first} SIP/2.0\r\nVia: x\r\nFrom: <sip:{number}@here>;tag=1\r\nCall-ID: {call}\r\n\r\n"
    return Packet(int(at_ms * MS), *way, text.encode())


def rings(at_ms: float, number: str) -> Packet:
    return sip(at_ms, (CALLER, SERVER), "INVITE sip:0466250001@here", number, f"in-{number}")


def offered(at_ms: float, number: str, phone: str) -> Packet:
    return sip(at_ms, (SERVER, PHONE), f"INVITE sip:{phone}@there", number, f"out-{number}")


def freed(at_ms: float, number: str) -> Packet:
    return sip(at_ms, (PHONE, SERVER), "BYE sip:centre@here", "phone", f"out-{number}")


def test_an_offer_is_from_the_callers_invite_to_the_operators():
    what = seen([rings(0, "0901"), offered(3, "0901", "7001"), rings(10, "0902"), offered(14.5, "0902", "7002")], ENDS)
    assert what.offers() == [3.0, 4.5]
    assert (what.lost, what.repeated) == (0, 0)


def test_the_next_offer_counts_only_where_somebody_waited_when_the_operator_hung_up():
    what = seen(
        [
            rings(0, "0901"),
            offered(3, "0901", "7001"),
            rings(50, "0902"),
            freed(100, "0901"),
            offered(102, "0902", "7001"),
            freed(200, "0902"),
            rings(300, "0903"),
            offered(303, "0903", "7001"),
        ],
        ENDS,
    )
    assert what.next_offers() == [2.0]


def test_what_is_sent_again_counts_once_and_a_caller_whom_no_phone_rings_for_is_lost():
    what = seen([rings(0, "0901"), rings(500, "0901"), offered(600, "0901", "7001"), rings(700, "0902")], ENDS)
    assert what.offers() == [600.0]
    assert (what.lost, what.repeated) == (1, 1)


def test_a_capture_is_read_with_its_times_and_addresses(tmp_path: Path):
    message = rings(0, "0901").head
    ip = bytes([0x45]) + bytes(11) + bytes([127, 1, 1, 2]) + bytes([127, 1, 1, 1])
    frame = bytes(14) + ip + bytes(8) + message
    record = RECORD.pack(7, 250, len(frame), len(frame))
    head = FILE.pack(MICROSECONDS, 2, 4, 0, 0, 700, 1)
    file = tmp_path / "wire.pcap"
    file.write_bytes(head + record + frame + struct.pack("<I", 8))
    (packet,) = packets(file)
    assert (packet.at, packet.source, packet.target) == (7_000_250_000, CALLER, SERVER)
    assert packet.header(b"Call-ID") == "in-0901"
    assert packet.header(b"Contact") == ""


def test_the_contests_centre_has_the_members_that_app_queue_has():
    seats = tuple(
        OperatorSeat(id=f"o{place}", name="席", extension=str(FIRST_EXTENSION + place), queues=())
        for place in range(contest.WIDE.members)
    )
    centre = contest.ours(Centre.model_validate(load(SEED).model_dump() | {"operators": seats}))
    for line in contest.LINES:
        assert sum(line.name in seat.queues for seat in centre.operators) == line.members
        assert centre.number_leads[line.ours].queue == line.name
        queue = centre.queue(line.name)
        assert queue is not None
        assert queue.wrap_up_seconds == 0
