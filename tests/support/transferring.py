"""A transfer to the city in a house in virtual time: who hears what, and what is left of it."""

from __future__ import annotations

from kernel.call import Call, Stage
from kernel.commands import CommandKind
from kernel.transfer import Step
from tests.support.house import House

CALL, EXTENSION = "c-1", "2301"
CITY_PHONE = f"{EXTENSION}@city-pbx"
TALK = f"{CALL}~talk"
HOLD_LIMIT_SECONDS = 60


def city(home: House, call: str = CALL) -> str:
    """The channel by which the city was rung last for ``call``, "" where it was not."""
    return next((id for id in reversed(home.exchange.channels) if id.startswith(f"{call}~city~")), "")


def operator_leg(home: House) -> str:
    """The channel of the operator who was rung first."""
    return f"{CALL}~operator~sato~1"


async def talking(home: House, *, phone: str = "desk", others: tuple[str, ...] = ()) -> Call:
    """A caller talks with sato."""
    centre = home.store.centre
    queues = tuple(queue.model_copy(update={"hold_limit_seconds": HOLD_LIMIT_SECONDS}) for queue in centre.queues)
    seats = tuple(seat.model_copy(update={"phone": phone}) if seat.id == "sato" else seat for seat in centre.operators)
    home.store.centre = centre.model_copy(update={"queues": queues, "operators": seats})
    home.ready("sato", *others)
    home.phone("7001", answers_after=1)
    home.phone("7002", answers_after=1)
    await home.controller()
    home.exchange.call(CALL, keys="1")
    call = await home.at(CALL, Stage.TALK)
    await home.until(lambda: bool(home.exchange.live_recordings), "it is recorded")
    return call


async def press(home: House, kind: CommandKind, extension: str | None = None, *, by: str = "sato") -> None:
    await home.click(kind, by, CALL, extension=extension)


async def consulting(home: House, *, answers_after: float | None = None, refuses: str | None = None) -> Call:
    """The department is rung; it has answered where it answers."""
    home.phone(CITY_PHONE, answers_after=answers_after, refuses=refuses)
    await press(home, CommandKind.CONSULT, EXTENSION)
    if refuses:
        await home.until(lambda: bool(city(home)), "the department is rung")
        return home.store.calls[CALL]
    return await at(home, Step.TALKING if answers_after is not None else Step.RINGING)


async def at(home: House, step: Step) -> Call:
    """The call once its transfer has come to ``step``, and the exchange is so."""

    def there() -> bool:
        call = home.store.calls[CALL]
        return call.transfer is not None and call.transfer.step is step and hears(home) == HEARD[step]

    await home.until(there, f"the transfer is at {step}")
    return home.store.calls[CALL]


HEARD: dict[Step, tuple[str, str, str]] = {
    Step.RINGING: ("music", "nothing", "ringing"),
    Step.TALKING: ("music", "department", "operator"),
    Step.SWAPPED: ("operator", "caller", "music"),
    Step.THREE: ("both", "both", "both"),
    Step.COMPLETED: ("department", "", "caller"),
}


def hears(home: House) -> tuple[str, str, str]:
    """What caller, operator and department hear: each other, music, ringing, nothing; "" for a line that is over."""
    parties = {"caller": CALL, "operator": operator_leg(home), "department": city(home)}
    caller, operator, department = (_hears(home, parties, one) for one in parties.values())
    return caller, operator, department


def _hears(home: House, parties: dict[str, str], channel: str) -> str:
    found = home.exchange.channels.get(channel)
    if found is None or not found.alive:
        return ""
    together = next((members for members in home.exchange.members.values() if channel in members), set[str]())
    others = [party for party, id in sorted(parties.items()) if id in together and id != channel]
    silence = "ringing" if "~city~" in channel and not found.answered.is_set() else "nothing"
    if len(others) > 1:
        return "both"
    return "".join(others) or ("music" if found.music else silence)


def recorded(home: House) -> bool:
    """Whether anything is being recorded now."""
    return bool(home.exchange.live_recordings - home.exchange.paused_recordings)


def nothing_is_left(home: House) -> None:
    live = [id for id, channel in home.exchange.channels.items() if channel.alive]
    assert not live, f"lines that nobody hung up: {live}"
    assert not home.exchange.members, "bridges that nobody took down"
    assert not home.exchange.live_recordings
