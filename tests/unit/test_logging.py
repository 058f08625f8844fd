import io
import json
import logging
import sys
from contextlib import contextmanager

import pytest
import structlog
from hypothesis import example, given
from hypothesis import strategies as st

from denwa.logging import bind_call, configure_logging
from denwa.redaction import HIDDEN, redact, redacted
from kernel.call import Call, Stage
from kernel.case import Citizen
from kernel.phone_number import PhoneNumber
from tests.support.bus_messages import NOON

FULL_WIDTH = str.maketrans("0123456789-", "０１２３４５６７８９－")


@contextmanager
def written(format="json"):
    """Lines that are logged meanwhile."""
    lines, before = io.StringIO(), sys.stderr
    sys.stderr = lines
    handlers, level = logging.root.handlers[:], logging.root.level
    try:
        configure_logging(format)
        yield lines
    finally:
        sys.stderr = before
        logging.root.handlers[:] = handlers
        logging.root.setLevel(level)
        structlog.reset_defaults()


def as_json(lines):
    return [json.loads(line) for line in lines.getvalue().splitlines()]


numbers = st.from_regex(r"0[0-9]{8,10}", fullmatch=True)
spellings = st.sampled_from(
    [
        lambda number: number,
        lambda number: f"{number[:4]}-{number[4:6]}-{number[6:]}",
        lambda number: f"({number[:3]}) {number[3:6]} {number[6:]}",
        lambda number: f"+81{number[1:]}",
        lambda number: f"+81-{number[1:3]}-{number[3:7]}-{number[7:]}",
        lambda number: f"81{number[1:]}",
        lambda number: number.translate(FULL_WIDTH),
        lambda number: f"{number[:4]}-{number[4:6]}-{number[6:]}".translate(FULL_WIDTH),
        lambda number: f"{number[:2]}〜{number[2:]}",
    ]
)
around = st.text(st.characters(codec="utf-8", exclude_categories=["Nd"]), max_size=12)


@given(numbers, spellings, around, around)
@example("0466251111", lambda number: f"sip:{number}@10.0.0.1", "", "")
@example("0466251111", lambda number: f"PJSIP/{number}-00000001", "", "")
@example("0466251111", lambda number: f"tel{number}x", "", "")
def test_a_number_is_hidden_however_it_is_spelled_and_whatever_stands_around_it(number, spell, before, after):
    line = redact(before + spell(number) + after)
    assert HIDDEN in line
    assert number[-6:] not in line
    assert not any(character.isdecimal() for character in line.replace("10.0.0.1", ""))


@pytest.mark.parametrize(
    "text",
    [
        "centre-1732459000.12",
        "call centre-1732459000.12 failed in stage wait",
        "bridge-centre-1732459000.12-talk",
        "1732459000.12",
        "2026-11-24T03:00:00.123456Z and 2026-11-24 12:00:00+09:00",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0",
        "12345678901234567890123456789012",
        "<object at 0x7f4035455010>",
        "127.0.0.1:35387",
        "extension 7001, room 12345678",
    ],
)
def test_what_is_no_number_stays_legible(text):
    assert redact(text) == text


def test_values_of_every_shape_are_searched():
    line = redacted(
        {
            "caller": PhoneNumber("0466251111"),
            "list": ["0466251111", {"deep": ("090-1234-5678",)}],
            "0466251111": 1,
            "citizen": Citizen(name="山田", phone=PhoneNumber("0466251111")),
            "call": Call("centre-1732459000.12", NOON, "0466251111"),
            "error": ValueError("0466251111"),
            "bytes": b"0466251111",
            "stage": Stage.WAIT,
            "seconds": 1.25,
            "none": None,
        }
    )
    assert "46625" not in repr(line)
    assert "山田" not in repr(line)
    assert line["stage"] == "wait"
    assert (line["seconds"], line["none"]) == (1.25, None)
    assert line["caller"] == "PhoneNumber(…11)"


def test_every_line_of_a_call_carries_its_id_whoever_writes_it():
    with written() as lines, bind_call("centre-1732459000.12"):
        structlog.get_logger("dialplan").info("queued", queue="enquiries")
        logging.getLogger("aiohttp").warning("slow %s", "answer")
    ours, theirs = as_json(lines)
    assert ours["call"] == theirs["call"] == "centre-1732459000.12"
    assert (ours["event"], ours["queue"], ours["logger"]) == ("queued", "enquiries", "dialplan")
    assert (theirs["event"], theirs["level"]) == ("slow answer", "warning")
    assert ours["timestamp"].endswith("Z")


@pytest.mark.parametrize("format", ["json", "text"])
def test_neither_messages_nor_arguments_nor_tracebacks_show_a_number(format):
    with written(format) as lines:
        try:
            raise ValueError("no such number 0466-25-1111")
        except ValueError:
            structlog.get_logger().exception("failed", number="0466251111", more={"phone": "+81466251111"})
            logging.getLogger("x").exception("failed for %s", "０４６６２５１１１１", extra={"from": "0466251111"})
            logging.getLogger("x").error("failed for %(caller)s", {"caller": "0466251111"})
    text = lines.getvalue()
    assert text.count("ValueError") >= 2
    assert HIDDEN in text
    assert "46625" not in text
    assert "0466-25-1111" not in text
    assert "０４６６" not in text


def test_configuring_twice_writes_each_line_once():
    with written() as lines:
        configure_logging("json")
        logging.getLogger("x").warning("once")
        structlog.get_logger().warning("once")
    assert [line["event"] for line in as_json(lines)] == ["once", "once"]
