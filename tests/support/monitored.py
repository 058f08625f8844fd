"""A supervisor at a talk in a house in virtual time, and who is then in which bridge."""

from __future__ import annotations

from kernel.call import Call, Stage
from kernel.commands import CommandKind
from kernel.events import Event, EventKind
from tests.support.house import House

CALL = "c-1"
TALK, APART = f"{CALL}~talk", f"{CALL}~monitor"
LISTENS, WHISPERS = f"{CALL}~spy~listen", f"{CALL}~spy~whisper"


async def talking(home: House, call: str = CALL, *, supervisor_answers: float | None = 1) -> Call:
    home.ready("sato", "suzuki")
    home.phone("7001", answers_after=1)
    home.phone("7002", answers_after=1)
    home.phone("7901", answers_after=supervisor_answers)
    await home.controller()
    home.exchange.call(call, keys="1")
    return await home.at(call, Stage.TALK)


async def order(home: House, kind: CommandKind, *, by: str = "kanri", call: str = CALL) -> None:
    await home.click(kind, home.store.calls[call].operator or "", call, by=by)


def leg(home: House) -> str:
    """The channel of the supervisor's phone that rang last."""
    return [leg for leg, endpoint, _ in home.exchange.rung if endpoint == "7901"][-1]


def in_bridge(home: House, bridge: str) -> set[str]:
    return set(home.exchange.members.get(bridge, set()))


async def reaches(home: House, bridge: str, *others: str) -> None:
    """Wait until the supervisor's phone is in ``bridge``, with the ``others`` there alone."""

    def there() -> bool:
        rung = [leg for leg, endpoint, _ in home.exchange.rung if endpoint == "7901"]
        return bool(rung) and in_bridge(home, bridge) == {rung[-1], *others}

    await home.until(there, f"the supervisor in {bridge}")


async def ends(home: House) -> None:
    await home.until(lambda: home.store.calls[CALL].monitor is None, "the end of monitoring")


def both(call: Call) -> set[str]:
    return {CALL, call.operator_leg or ""}


def nothing_is_left_but(home: House, *channels: str) -> None:
    live = {id for id, channel in home.exchange.channels.items() if channel.alive}
    assert live == set(channels)
    assert APART not in home.exchange.members
    assert not home.exchange.ears


def events(home: House, kind: EventKind) -> list[Event]:
    return [stored.event for stored in home.store.stored if stored.event.kind is kind]


async def refused(home: House) -> str:
    await home.until(lambda: bool(events(home, EventKind.COMMAND_REFUSED)), "a refusal")
    return str(events(home, EventKind.COMMAND_REFUSED)[-1].data["reason"])
