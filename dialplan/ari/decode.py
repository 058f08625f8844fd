"""From Asterisk's JSON to typed events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

import structlog

from dialplan.ari import events, metrics
from dialplan.ari.events import Event
from dialplan.ari.fields import Fields, Malformed
from dialplan.ari.values import Bridge, Channel, Endpoint, LiveRecording, Playback

log = structlog.get_logger(__name__)

Decode = Callable[[datetime, Fields], Event]

_unknown: set[str] = set()


def parse(message: Fields) -> Event | None:
    """The event in ``message``; None for one that we do not know, or that lacks what the API description promises.

    An unknown type is logged once; a malformed event each time, with its type and the field, and counted.
    """
    kind = message.json.get("type")
    decode = _DECODERS.get(kind) if isinstance(kind, str) else None
    if decode is None or not isinstance(kind, str):
        _note_unknown(str(kind))
        return None
    try:
        event = decode(message.time("timestamp"), message)
    except Malformed as malformed:
        metrics.MALFORMED.labels(type=kind).inc()
        log.error("an event of Asterisk is malformed and ignored", type=kind, why=str(malformed))
        return None
    _COUNTS[kind].inc()
    return event


def _note_unknown(kind: str) -> None:
    if kind not in _unknown:
        _unknown.add(kind)
        log.info("Asterisk sends a kind of event that we do not use", type=kind)


def _channel(m: Fields) -> Channel:
    return Channel.read(m.part("channel"))


def _id_or_none(m: Fields, name: str) -> str | None:
    part = m.part_or_none(name)
    return part.text("id") if part else None


def _cause_or_none(m: Fields) -> int | None:
    return m.whole("cause") if "cause" in m.json else None


def _transfer(at: datetime, m: Fields) -> Event:
    refer_to, referred_by = m.part("refer_to"), m.part("referred_by")
    asked = refer_to.part("requested_destination")
    wanted = "" if asked.text("protocol_id", "") else asked.text("destination", "")
    channel = Channel.read(referred_by.part("source_channel"))
    peer = _id_or_none(referred_by, "connected_channel")
    return events.ChannelTransfer(at, channel, m.text("state", ""), wanted or None, peer)


def _bare(kind: Callable[[datetime], Event]) -> Decode:
    return lambda at, _: kind(at)


def _of_channel(kind: Callable[[datetime, Channel], Event]) -> Decode:
    return lambda at, m: kind(at, _channel(m))


def _of_member(kind: Callable[[datetime, Bridge, Channel], Event]) -> Decode:
    return lambda at, m: kind(at, Bridge.read(m.part("bridge")), _channel(m))


def _of_playback(kind: Callable[[datetime, Playback], Event]) -> Decode:
    return lambda at, m: kind(at, Playback.read(m.part("playback")))


def _of_recording(kind: Callable[[datetime, LiveRecording], Event]) -> Decode:
    return lambda at, m: kind(at, LiveRecording.read(m.part("recording")))


def _endpoint(m: Fields) -> Endpoint:
    return Endpoint.read(m.part("endpoint"))


_DECODERS: Mapping[str, Decode] = {
    "ApplicationReplaced": _bare(events.ApplicationReplaced),
    "StasisStart": lambda at, m: events.StasisStart(
        at, _channel(m), m.texts("args"), _id_or_none(m, "replace_channel")
    ),
    "StasisEnd": _of_channel(events.StasisEnd),
    "ChannelStateChange": _of_channel(events.ChannelStateChange),
    "ChannelHangupRequest": lambda at, m: events.ChannelHangupRequest(at, _channel(m), _cause_or_none(m)),
    "ChannelDestroyed": lambda at, m: events.ChannelDestroyed(at, _channel(m), m.whole("cause")),
    "ChannelDtmfReceived": lambda at, m: events.ChannelDtmfReceived(
        at, _channel(m), m.text("digit"), m.whole("duration_ms")
    ),
    "ChannelTalkingStarted": _of_channel(events.ChannelTalkingStarted),
    "ChannelTalkingFinished": lambda at, m: events.ChannelTalkingFinished(at, _channel(m), m.whole("duration")),
    "ChannelHold": _of_channel(events.ChannelHold),
    "ChannelUnhold": _of_channel(events.ChannelUnhold),
    "ChannelTransfer": _transfer,
    "Dial": lambda at, m: events.Dial(at, Channel.read(m.part("peer")), _id_or_none(m, "caller"), m.text("dialstatus")),
    "BridgeDestroyed": lambda at, m: events.BridgeDestroyed(at, Bridge.read(m.part("bridge"))),
    "ChannelEnteredBridge": _of_member(events.ChannelEnteredBridge),
    "ChannelLeftBridge": _of_member(events.ChannelLeftBridge),
    "PlaybackStarted": _of_playback(events.PlaybackStarted),
    "PlaybackFinished": _of_playback(events.PlaybackFinished),
    "RecordingStarted": _of_recording(events.RecordingStarted),
    "RecordingFinished": _of_recording(events.RecordingFinished),
    "RecordingFailed": _of_recording(events.RecordingFailed),
    "ChannelUserevent": lambda at, m: events.ChannelUserevent(at, m.text("eventname")),
    "EndpointStateChange": lambda at, m: events.EndpointStateChange(at, _endpoint(m)),
    "ContactStatusChange": lambda at, m: events.ContactStatusChange(
        at, _endpoint(m), m.part("contact_info").text("contact_status")
    ),
    "PeerStatusChange": lambda at, m: events.PeerStatusChange(at, _endpoint(m), m.part("peer").text("peer_status")),
}

_COUNTS = {kind: metrics.EVENTS.labels(type=kind) for kind in _DECODERS}

USED = ("RESTResponse", *_DECODERS)
"""The types of message that we use; Asterisk is asked to send no others. Its answers too must pass its filter."""
