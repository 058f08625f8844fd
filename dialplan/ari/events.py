"""Asterisk's events, those that we use. ``ids`` are what an event concerns; ``at`` is Asterisk's time, aware, UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from dialplan.ari.values import Bridge, Channel, Endpoint, LiveRecording, Playback


@dataclass(frozen=True, slots=True)
class Event:
    at: datetime

    @property
    def ids(self) -> tuple[str, ...]:
        """Channels, bridges, playbacks and recordings; the last by their names."""
        return ()


@dataclass(frozen=True, slots=True)
class ApplicationReplaced(Event):
    """Another connection has taken the application; no event comes here any more."""


@dataclass(frozen=True, slots=True)
class ChannelEvent(Event):
    channel: Channel

    @property
    def ids(self) -> tuple[str, ...]:
        return (self.channel.id,)

    @property
    def state(self) -> str:
        return self.channel.state


@dataclass(frozen=True, slots=True)
class StasisStart(ChannelEvent):
    """The channel came into our hands. ``replaces`` is the id of the channel whose place it takes in a transfer."""

    args: tuple[str, ...]
    replaces: str | None

    @property
    def ids(self) -> tuple[str, ...]:
        return (self.channel.id, self.replaces) if self.replaces else (self.channel.id,)


@dataclass(frozen=True, slots=True)
class StasisEnd(ChannelEvent):
    """The channel left our hands: it hung up, or goes on in the dialplan."""


@dataclass(frozen=True, slots=True)
class ChannelStateChange(ChannelEvent): ...


@dataclass(frozen=True, slots=True)
class ChannelHangupRequest(ChannelEvent):
    """A hang-up was asked for; ChannelDestroyed follows."""

    cause: int | None


@dataclass(frozen=True, slots=True)
class ChannelDestroyed(ChannelEvent):
    """The channel is gone. ``cause`` is of ITU-T Q.850: 16 normal, 17 busy, 19 no answer, 21 rejected."""

    cause: int


@dataclass(frozen=True, slots=True)
class ChannelDtmfReceived(ChannelEvent):
    """A key was let go. The digit is not shown by ``repr``: callers type numbers."""

    digit: str = field(repr=False)
    duration_ms: int


@dataclass(frozen=True, slots=True)
class ChannelTalkingStarted(ChannelEvent): ...


@dataclass(frozen=True, slots=True)
class ChannelTalkingFinished(ChannelEvent):
    duration_ms: int


@dataclass(frozen=True, slots=True)
class ChannelHold(ChannelEvent):
    """The far end has put us on hold."""


@dataclass(frozen=True, slots=True)
class ChannelUnhold(ChannelEvent): ...


@dataclass(frozen=True, slots=True)
class ChannelTransfer(ChannelEvent):
    """The phone of ``channel`` asks for a transfer (REFER). ``destination`` is a number, not shown by ``repr``.

    It is None where the phone wants the other end of another call of its own (Replaces). ``peer`` is the id of the
    channel that it talks with. ``progress`` is what the phone was told: the event comes again for each such word.
    """

    progress: str
    destination: str | None = field(repr=False)
    peer: str | None


@dataclass(frozen=True, slots=True)
class Dial(Event):
    """How the ringing of ``peer`` goes. ``status`` is empty at its start, then RINGING, ANSWER, BUSY, NOANSWER, ..."""

    peer: Channel
    caller: str | None
    status: str

    @property
    def ids(self) -> tuple[str, ...]:
        return (self.peer.id, self.caller) if self.caller else (self.peer.id,)


@dataclass(frozen=True, slots=True)
class BridgeEvent(Event):
    bridge: Bridge

    @property
    def ids(self) -> tuple[str, ...]:
        return (self.bridge.id,)


@dataclass(frozen=True, slots=True)
class BridgeDestroyed(BridgeEvent): ...


@dataclass(frozen=True, slots=True)
class BridgeMemberEvent(BridgeEvent):
    channel: Channel

    @property
    def ids(self) -> tuple[str, ...]:
        return (self.bridge.id, self.channel.id)


@dataclass(frozen=True, slots=True)
class ChannelEnteredBridge(BridgeMemberEvent): ...


@dataclass(frozen=True, slots=True)
class ChannelLeftBridge(BridgeMemberEvent): ...


@dataclass(frozen=True, slots=True)
class PlaybackEvent(Event):
    playback: Playback

    @property
    def ids(self) -> tuple[str, ...]:
        return (self.playback.id, self.playback.target)


@dataclass(frozen=True, slots=True)
class PlaybackStarted(PlaybackEvent): ...


@dataclass(frozen=True, slots=True)
class PlaybackFinished(PlaybackEvent):
    """``playback.state`` is done, or failed when there was no such sound."""


@dataclass(frozen=True, slots=True)
class RecordingEvent(Event):
    recording: LiveRecording

    @property
    def ids(self) -> tuple[str, ...]:
        return (self.recording.name, self.recording.target)


@dataclass(frozen=True, slots=True)
class RecordingStarted(RecordingEvent): ...


@dataclass(frozen=True, slots=True)
class RecordingFinished(RecordingEvent):
    """The file is complete."""


@dataclass(frozen=True, slots=True)
class RecordingFailed(RecordingEvent): ...


@dataclass(frozen=True, slots=True)
class ChannelUserevent(Event):
    """What we have asked Asterisk to send."""

    name: str


@dataclass(frozen=True, slots=True)
class EndpointEvent(Event):
    endpoint: Endpoint

    @property
    def technology(self) -> str:
        return self.endpoint.technology

    @property
    def resource(self) -> str:
        return self.endpoint.resource

    @property
    def state(self) -> str:
        return self.endpoint.state


@dataclass(frozen=True, slots=True)
class EndpointStateChange(EndpointEvent):
    """A phone or trunk became online or offline. Comes only after ``applications.subscribe``."""


@dataclass(frozen=True, slots=True)
class ContactStatusChange(EndpointEvent):
    """One registration of a phone became Reachable, Unreachable, NonQualified, Removed."""

    contact_status: str


@dataclass(frozen=True, slots=True)
class PeerStatusChange(EndpointEvent):
    peer_status: str
