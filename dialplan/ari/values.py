"""What Asterisk tells of channels, bridges, playbacks, recordings: frozen, as they were when it told."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from dialplan.ari.fields import Fields

CHANNEL, BRIDGE = "channel:", "bridge:"


@dataclass(frozen=True, slots=True)
class Channel:
    """One leg. ``state`` is Down, Ring, Ringing, Up, ...; numbers are not shown by ``repr``, and None when withheld."""

    id: str
    name: str
    state: str
    created: datetime
    language: str
    caller_number: str | None = field(repr=False)
    connected_number: str | None = field(repr=False)
    context: str
    dialled: str = field(repr=False)
    application: str
    """What it does in the dialplan: Stasis while it is in the hands of an application."""

    @classmethod
    def read(cls, json: Fields) -> Channel:
        dialplan = json.part("dialplan")
        return cls(
            id=json.text("id"),
            name=json.text("name"),
            state=json.text("state"),
            created=json.time("creationtime"),
            language=json.text("language"),
            caller_number=json.part("caller").text("number") or None,
            connected_number=json.part("connected").text("number") or None,
            context=dialplan.text("context"),
            dialled=dialplan.text("exten"),
            application=dialplan.text("app_name", ""),
        )


@dataclass(frozen=True, slots=True)
class Bridge:
    """``type`` is mixing or holding; ``technology`` is how it mixes at present; ``channels`` are ids."""

    id: str
    type: str
    technology: str
    name: str
    channels: tuple[str, ...]

    @classmethod
    def read(cls, json: Fields) -> Bridge:
        return cls(
            id=json.text("id"),
            type=json.text("bridge_type"),
            technology=json.text("technology"),
            name=json.text("name"),
            channels=json.texts("channels"),
        )


@dataclass(frozen=True, slots=True)
class Playback:
    """``state`` is queued, playing, continuing, done, failed. ``target`` is the id of the channel or bridge."""

    id: str
    state: str
    media_uri: str
    target: str

    @classmethod
    def read(cls, json: Fields) -> Playback:
        return cls(json.text("id"), json.text("state"), json.text("media_uri"), _target(json))


@dataclass(frozen=True, slots=True)
class LiveRecording:
    """``state`` is queued, recording, paused, done, failed, canceled; ``seconds`` is None until it is over."""

    name: str
    format: str
    state: str
    target: str
    seconds: int | None
    cause: str

    @classmethod
    def read(cls, json: Fields) -> LiveRecording:
        return cls(
            name=json.text("name"),
            format=json.text("format"),
            state=json.text("state"),
            target=_target(json),
            seconds=json.whole("duration") if "duration" in json.json else None,
            cause=json.text("cause", ""),
        )


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """A file in Asterisk's recording folder: ``name`` is without its ending, which is ``format``."""

    name: str
    format: str

    @classmethod
    def read(cls, json: Fields) -> StoredRecording:
        return cls(json.text("name"), json.text("format"))


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A phone or a trunk. ``state`` is online, offline or unknown."""

    technology: str
    resource: str
    state: str
    channel_ids: tuple[str, ...]

    @classmethod
    def read(cls, json: Fields) -> Endpoint:
        return cls(
            technology=json.text("technology"),
            resource=json.text("resource"),
            state=json.text("state", "unknown"),
            channel_ids=json.texts("channel_ids"),
        )


@dataclass(frozen=True, slots=True)
class Application:
    """Our side in Asterisk: the channels, bridges and endpoints whose events come to us."""

    name: str
    channel_ids: tuple[str, ...]
    bridge_ids: tuple[str, ...]
    endpoint_ids: tuple[str, ...]

    @classmethod
    def read(cls, json: Fields) -> Application:
        return cls(json.text("name"), json.texts("channel_ids"), json.texts("bridge_ids"), json.texts("endpoint_ids"))


@dataclass(frozen=True, slots=True)
class AsteriskInfo:
    """Which Asterisk this is. ``started`` changes when it was restarted, and with it every channel is gone."""

    version: str
    started: datetime

    @classmethod
    def read(cls, json: Fields) -> AsteriskInfo:
        return cls(json.part("system").text("version"), json.part("status").time("startup_time"))


def _target(json: Fields) -> str:
    return json.text("target_uri").removeprefix(CHANNEL).removeprefix(BRIDGE)
