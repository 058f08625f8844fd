"""The ids that derive from a call's id, so that a step done again after a crash finds what it made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kernel.call import Call
from kernel.monitor import MonitorMode

MARK = "~"
ANSWERING = "answering"


@dataclass(frozen=True, slots=True)
class LegName:
    """An operator's leg of a call, read back from its id; also one that was rung anew, to answer by itself."""

    call: str
    operator: str
    offer: int


def operator_leg(call: str, operator: str, offer: int) -> str:
    """The id of the channel that rings ``operator`` in the ``offer``-th offer of ``call``."""
    return f"{call}{MARK}operator{MARK}{operator}{MARK}{offer}"


def answering_leg(call: str, operator: str, offer: int) -> str:
    """The id of the channel that rings ``operator`` anew in that offer, for the phone to answer by itself."""
    return f"{operator_leg(call, operator, offer)}{MARK}{ANSWERING}"


def is_answering_leg(id: str) -> bool:
    """Whether ``answering_leg`` made ``id``."""
    return read_operator_leg(id) is not None and id.endswith(f"{MARK}{ANSWERING}")


def again_leg(call: str, operator: str, at: datetime) -> str:
    """The id of the channel that rings ``operator`` from ``at`` on for a talk of ``call`` that goes on."""
    return f"{call}{MARK}again{MARK}{operator}{MARK}{at.timestamp() * 1000:.0f}"


def city_leg(call: str, extension: str, click: str) -> str:
    """The id of the channel to the city's ``extension``, to which the command ``click`` transfers."""
    return f"{call}{MARK}city{MARK}{extension}{MARK}{click}"


def department(call: Call) -> str:
    """The id of the channel to the department that ``call`` is transferred to, "" where it is not."""
    if call.transfer:
        return call.transfer.leg
    before_an_upgrade = f"{call.id}{MARK}city{MARK}{call.extension}"
    return before_an_upgrade if call.extension else ""


def citizen_leg(call: str, attempt: int) -> str:
    """The id of the channel that rings the citizen in the ``attempt``-th try of calling back."""
    return f"{call}{MARK}citizen{MARK}{attempt}"


def citizen(call: Call) -> str:
    """The id of the citizen's channel: the call's own, or the latest by which the citizen is called back."""
    if call.callback and call.callback.attempts:
        return citizen_leg(call.id, call.callback.attempts)
    return call.id


def talk_bridge(call: str) -> str:
    """The id of the bridge in which the caller talks."""
    return f"{call}{MARK}talk"


def monitor_leg(call: str, supervisor: str, click: str) -> str:
    """The id of the channel that rings ``supervisor``, who asked by the command ``click``, for the talk of ``call``."""
    return f"{call}{MARK}monitor{MARK}{supervisor}{MARK}{click}"


def is_monitor_leg(id: str | None) -> bool:
    """Whether ``monitor_leg`` made ``id``."""
    return id is not None and id.split(MARK)[1:2] == ["monitor"]


def monitor_bridge(call: str) -> str:
    """The id of the bridge in which a supervisor hears the talk of ``call`` without being in it."""
    return f"{call}{MARK}monitor"


def spy(call: str, mode: MonitorMode) -> str:
    """The id of the channel by which a supervisor listens to the operator of ``call``, or whispers."""
    return f"{call}{MARK}spy{MARK}{mode.value}"


@dataclass(frozen=True, slots=True)
class EarNames:
    """The ids of what listens to a caller: the ``spy`` on the channel, the way out to us, the bridge between them."""

    spy: str
    way: str
    bridge: str


def ear_names(channel: str, opened: str) -> EarNames:
    """Of the ear on ``channel`` that was ``opened`` under that word: another each time, so that what a controller left
    that is no more can be ended while a new one is opened."""
    call = owner(channel) or channel
    return EarNames(*(f"{call}{MARK}ear{MARK}{opened}{MARK}{part}" for part in ("spy", "way", "bridge")))


SPYING = (MonitorMode.LISTEN, MonitorMode.WHISPER)


def monitor_channels(call: Call) -> tuple[str, ...]:
    """The ids of all channels that may be there for the supervisor at the talk of ``call``."""
    return (call.monitor.leg, *(spy(call.id, mode) for mode in SPYING)) if call.monitor else ()


def call_legs(call: Call) -> tuple[str, ...]:
    """The ids of all phones that may ring or talk for ``call`` as it is now, which is not to say that they do."""
    legs = (
        call.offer.leg if call.offer else None,
        call.operator_leg,
        department(call),
        citizen(call) if call.callback else None,
    )
    return (*(leg for leg in legs if leg), *monitor_channels(call))


def read_operator_leg(id: str) -> LegName | None:
    """What ``operator_leg`` or ``answering_leg`` put into ``id``; None for any other id."""
    match id.split(MARK):
        case [call, "operator", operator, offer, *anew] if offer.isdecimal() and anew in ([], [ANSWERING]):
            return LegName(call, operator, int(offer))
        case _:
            return None


def read_citizen_leg(id: str) -> tuple[str, int] | None:
    """The call and the attempt that ``citizen_leg`` put into ``id``; None for any other id."""
    match id.split(MARK):
        case [call, "citizen", attempt] if attempt.isdecimal():
            return call, int(attempt)
        case _:
            return None


def owner(id: str) -> str | None:
    """The call that a derived id belongs to; None for an id that is not derived."""
    call, mark, _ = id.partition(MARK)
    return call if mark else None
