"""Asterisk's events, read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from dialplan.ari import decode, events
from dialplan.ari.decode import parse
from dialplan.ari.fields import Fields
from tests.support.fake_asterisk import MOMENT, channel

NUMBER = "0466500000"
BRIDGE = {"id": "b1", "technology": "simple_bridge", "bridge_type": "mixing", "name": "", "channels": ["c1"]}
PLAYBACK = {"id": "p1", "state": "done", "media_uri": "sound:x", "target_uri": "channel:c1"}
RECORDING = {"name": "r1", "format": "wav", "state": "done", "target_uri": "bridge:b1", "duration": 7}
ENDPOINT = {"technology": "PJSIP", "resource": "7001", "state": "offline", "channel_ids": []}
C1 = channel("c1")

MESSAGES = {
    "ApplicationReplaced": ({}, ()),
    "StasisStart": ({"channel": C1, "args": ["inbound"], "replace_channel": channel("c2")}, ("c1", "c2")),
    "StasisEnd": ({"channel": C1}, ("c1",)),
    "ChannelStateChange": ({"channel": C1}, ("c1",)),
    "ChannelHangupRequest": ({"channel": C1, "soft": True, "cause": 32}, ("c1",)),
    "ChannelDestroyed": ({"channel": C1, "cause": 16, "cause_txt": "Normal Clearing"}, ("c1",)),
    "ChannelDtmfReceived": ({"channel": C1, "digit": "5", "duration_ms": 100}, ("c1",)),
    "ChannelTalkingStarted": ({"channel": C1}, ("c1",)),
    "ChannelTalkingFinished": ({"channel": C1, "duration": 1200}, ("c1",)),
    "ChannelHold": ({"channel": C1}, ("c1",)),
    "ChannelUnhold": ({"channel": C1}, ("c1",)),
    "ChannelTransfer": (
        {
            "refer_to": {"requested_destination": {"destination": NUMBER}},
            "referred_by": {"source_channel": C1, "connected_channel": channel("c2")},
        },
        ("c1",),
    ),
    "Dial": ({"peer": C1, "caller": channel("c2"), "dialstatus": "RINGING", "dialstring": NUMBER}, ("c1", "c2")),
    "BridgeDestroyed": ({"bridge": BRIDGE}, ("b1",)),
    "ChannelEnteredBridge": ({"bridge": BRIDGE, "channel": C1}, ("b1", "c1")),
    "ChannelLeftBridge": ({"bridge": BRIDGE, "channel": C1}, ("b1", "c1")),
    "PlaybackStarted": ({"playback": PLAYBACK}, ("p1", "c1")),
    "PlaybackFinished": ({"playback": PLAYBACK}, ("p1", "c1")),
    "RecordingStarted": ({"recording": RECORDING}, ("r1", "b1")),
    "RecordingFinished": ({"recording": RECORDING}, ("r1", "b1")),
    "RecordingFailed": ({"recording": RECORDING | {"cause": "no such format"}}, ("r1", "b1")),
    "ChannelUserevent": ({"eventname": "hears", "userevent": {}}, ()),
    "EndpointStateChange": ({"endpoint": ENDPOINT}, ()),
    "ContactStatusChange": ({"endpoint": ENDPOINT, "contact_info": {"contact_status": "Reachable"}}, ()),
    "PeerStatusChange": ({"endpoint": ENDPOINT, "peer": {"peer_status": "Registered"}}, ()),
}


def message(kind: str, **changed: object) -> Fields:
    return Fields.of({"type": kind, "timestamp": MOMENT, "application": "denwa"} | MESSAGES[kind][0] | changed)


def malformed(kind: str) -> float:
    return REGISTRY.get_sample_value("denwa_ari_malformed_events_total", {"type": kind}) or 0


def test_every_event_that_is_asked_for_is_an_example_here():
    assert set(MESSAGES) | {"RESTResponse"} == set(decode.USED)


@pytest.mark.parametrize("kind", MESSAGES)
def test_an_event_knows_its_kind_its_time_in_utc_and_what_it_concerns(kind):
    event = parse(message(kind))
    assert type(event) is getattr(events, kind)
    assert event.at == datetime(2026, 11, 24, 12, 29, 17, 350000, UTC)
    assert event.at.tzinfo is UTC
    assert event.ids == MESSAGES[kind][1]


@pytest.mark.parametrize("kind", MESSAGES)
def test_no_event_shows_the_callers_number_or_the_key_that_was_pressed(kind):
    shown = repr(parse(message(kind)))
    assert NUMBER not in shown
    assert "digit" not in shown


@pytest.mark.parametrize("kind", [kind for kind, (fields, _) in MESSAGES.items() if fields])
def test_an_event_that_lacks_a_field_is_ignored_counted_and_told_by_its_type_alone(kind):
    field = next(iter(MESSAGES[kind][0]))
    before = malformed(kind)
    with capture_logs() as logs:
        assert parse(message(kind, **{field: {"caller": {"number": NUMBER}}})) is None
    assert malformed(kind) == before + 1
    assert [(log["log_level"], log["type"]) for log in logs] == [("error", kind)]
    assert field in logs[0]["why"]
    assert NUMBER not in str(logs)


def test_a_phone_that_wants_the_other_end_of_its_own_call_names_no_destination():
    asked = {"destination": NUMBER, "protocol_id": "another-call"}
    assert parse(message("ChannelTransfer")).destination == NUMBER
    assert parse(message("ChannelTransfer", refer_to={"requested_destination": asked})).destination is None


@pytest.mark.parametrize("moment", ["yesterday", "2026-11-24T21:29:17.350", 1732450000, None])
def test_an_event_whose_time_is_no_moment_is_ignored(moment):
    assert parse(message("StasisEnd", timestamp=moment)) is None


def test_an_event_that_is_not_used_is_told_once():
    with capture_logs() as logs:
        for _ in range(3):
            assert parse(Fields.of({"type": "ChannelVarset", "value": NUMBER})) is None
    assert [log["type"] for log in logs] == ["ChannelVarset"]
    assert NUMBER not in str(logs)


def test_a_withheld_number_is_none():
    event = parse(message("StasisStart", channel=channel("c1", number="")))
    assert isinstance(event, events.StasisStart)
    assert event.channel.caller_number is None


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
names = st.sampled_from(sorted({"type", "timestamp"}.union(*(fields for fields, _ in MESSAGES.values()))))


@given(st.sampled_from(sorted(MESSAGES)), names, json)
def test_whatever_asterisk_sends_the_reader_goes_on(kind, name, value):
    event = parse(Fields.of(dict(message(kind).json) | {name: value}))
    assert event is None or isinstance(event, events.Event)
