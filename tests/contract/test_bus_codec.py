from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.bus.codec import Undecodable, decode_command, decode_event, encode_command, encode_event
from kernel.commands import Command, CommandKind
from kernel.events import Event, EventKind, StoredEvent

text = st.text(st.characters(codec="utf-8"), max_size=20)
maybe = st.none() | text
moments = st.datetimes(timezones=st.just(UTC))
plain = (
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | text | st.floats(allow_nan=False, allow_infinity=False)
)
events = st.builds(
    Event,
    st.sampled_from(EventKind),
    moments,
    call=maybe,
    operator=maybe,
    queue=maybe,
    data=st.dictionaries(text, plain, max_size=4),
)
stored_events = st.builds(StoredEvent, st.integers(0, 2**63 - 1), events)
commands = st.builds(
    Command, text, st.sampled_from(CommandKind), text, text, moments, call=maybe, reason=maybe, extension=maybe
)


@given(stored_events)
def test_any_event_reads_as_it_was_written(stored):
    read = decode_event(encode_event(stored))
    assert read == stored
    assert [type(value) for value in read.event.data.values()] == [type(value) for value in stored.event.data.values()]


@given(commands)
def test_any_command_reads_as_it_was_written(command):
    assert decode_command(encode_command(command)) == command


@given(st.binary(max_size=200))
def test_whatever_else_is_sent_is_refused_and_nothing_else_goes_wrong(message):
    for decode in (decode_event, decode_command):
        with pytest.raises(Undecodable):
            decode(message)


def test_what_a_later_version_adds_is_passed_over():
    message = b'{"id":1,"event":{"kind":"call_queued","at":"2026-11-24T03:00:00Z","weather":"fine"},"hop":3}'
    assert decode_event(message).event.kind is EventKind.CALL_QUEUED


def test_the_refusal_names_the_field_and_repeats_no_value():
    message = b'{"id":1,"event":{"kind":"call_queued","at":"noon 0466251111"}}'
    with pytest.raises(Undecodable, match=r"event\.at") as refused:
        decode_event(message)
    assert "0466251111" not in str(refused.value)
