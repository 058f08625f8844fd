"""One citizen's call, played from both ends and checked at each step: what is heard, stored, deleted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from crm.store import Store
from denwa.demo.timeline import Timeline
from denwa.world import hearing
from denwa.world.leg import NotHeard, OutsideLeg
from denwa.world.operator import ConsoleOperator
from denwa.world.world import World
from kernel.announcement import fill
from kernel.call import Call, Stage
from kernel.centre import Centre
from kernel.phone_number import PhoneNumber
from kernel.ports import Prompts

T = TypeVar("T")

OPERATOR = "sato"
CITIZEN_HERTZ, OPERATOR_HERTZ = 440.0, 1000.0
TALK_SECONDS = 2.0
LOOK_SECONDS = 0.02
PATIENCE_SECONDS = 30.0

STEPS = (
    "call taken",
    "guidance heard",
    "key pressed",
    "place told",
    "music heard",
    "operator ready",
    "operator's phone rings",
    "operator answers",
    "both hear each other",
    "recording runs",
    "citizen hangs up",
    "history written",
    "recording gone",
    "operator ready again",
)
"""In the order in which a call must go through them."""


@dataclass(frozen=True, slots=True)
class Stagehands:
    """What the scenario works with. ``recordings`` is the centre's folder; ``folder`` takes the tones."""

    world: World
    desk: ConsoleOperator
    store: Store
    prompts: Prompts
    centre: Centre
    recordings: Path
    folder: Path


async def play(hands: Stagehands, caller: PhoneNumber | None, timeline: Timeline) -> None:
    """Play the call. The step at which it stopped and all that follow are reported as missed."""
    seen = len(timeline.steps)
    try:
        await _play(hands, caller, timeline)
    except Exception as failure:  # the report must name the step, whatever went wrong with it
        why = f"{type(failure).__name__}: {failure}"
        for name in STEPS[len(timeline.steps) - seen :]:
            timeline.missed(name, why)
            why = "not reached"


async def _play(hands: Stagehands, caller: PhoneNumber | None, timeline: Timeline) -> None:
    number = hands.centre.numbers[0]
    shown = caller.digits if caller else None
    citizen = await hands.world.rings(number, shown)
    call = await _the_call(hands.store)
    timeline.seen("call taken", f"citizen {_masked(caller)} rings {number}; the centre answers (call {call.id})")

    menu = hands.centre.menus[hands.centre.entry]
    guidance = hands.centre.announcements["welcome"]
    await citizen.hears_announcement(await _wav(hands.prompts, guidance), guidance)
    timeline.seen("guidance heard", f"「{guidance}」")

    await citizen.presses("1")
    call = await _until(hands, call.id, lambda one: one.stage in {Stage.WAIT, Stage.TALK}, "the call queues")
    label = next(queue.label for queue in hands.centre.queues if queue.id == call.queue)
    timeline.seen("key pressed", f"1 of {len(menu.keys)} keys: {label}; nobody is free")

    place = fill(hands.centre.announcements["position"], position=1)
    await citizen.hears_announcement(await _wav(hands.prompts, place), place)
    timeline.seen("place told", f"「{place}」")

    await citizen.hears_music()
    timeline.seen("music heard", "while waiting")

    await hands.desk.ready()
    seat = next(seat for seat in hands.centre.operators if seat.id == OPERATOR)
    timeline.seen("operator ready", f"{seat.name} presses 受付可 at the console")

    phone = await hands.world.rung("phone", seat.extension)
    timeline.seen("operator's phone rings", f"extension {seat.extension}")

    await hands.world.answers(phone)
    await phone.listen()
    call = await _until(hands, call.id, lambda one: one.stage is Stage.TALK, "the talk begins")
    timeline.seen("operator answers", "caller and operator are joined")

    await _talk(hands, citizen, phone)
    timeline.seen("both hear each other", f"{CITIZEN_HERTZ:.0f} Hz one way, {OPERATOR_HERTZ:.0f} Hz the other")

    files = await _recorded(hands)
    timeline.seen("recording runs", f"{len(files)} file in recordings_tmp/, mode {files[0].stat().st_mode & 0o777:04o}")

    await citizen.hang_up()
    await phone.is_over()
    await _until(hands, call.id, lambda one: one.stage is Stage.WRAP_UP, "the wrap-up begins")
    timeline.seen("citizen hangs up", "the operator's leg ends too; 後処理 begins")

    await hands.desk.write_history(call.id, _history(caller))
    history = await hands.store.cases.history_of_call(call.id)
    if history is None:
        raise NotHeard("the history that was saved at the console is not in the store")
    case = await hands.store.cases.case(history.case)
    saved = time.monotonic()
    timeline.seen("history written", f"応対履歴 of case {case.number}, encrypted at rest")

    await _gone(files)
    after = time.monotonic() - saved
    timeline.seen("recording gone", f"deleted {after * 1000:.0f} ms after the history was seen saved")

    await _until(hands, call.id, lambda one: one.stage is Stage.ENDED, "the call is closed")
    timeline.seen("operator ready again", "受付可")


async def _talk(hands: Stagehands, citizen: OutsideLeg, phone: OutsideLeg) -> None:
    for name, hertz in (("citizen", CITIZEN_HERTZ), ("operator", OPERATOR_HERTZ)):
        hearing.write(hands.folder / f"{name}.wav", hearing.tone(hertz, TALK_SECONDS))
    await citizen.says(hands.folder / "citizen")
    await phone.says(hands.folder / "operator")
    await asyncio.gather(citizen.hears_tone(OPERATOR_HERTZ), phone.hears_tone(CITIZEN_HERTZ))


def _history(caller: PhoneNumber | None) -> dict[str, str]:
    return {
        "case": "",
        "name": "藤沢 花子",
        "reading": "フジサワ ハナコ",
        "phone": caller.digits if caller else "",
        "subject": "粗大ごみの申し込み",
        "text": "粗大ごみの出し方についてのお問い合わせ。申込方法を案内した。",
        "outcome": "回答済み",
        "close_case": "1",
    }


async def _the_call(store: Store) -> Call:
    """The call that has just come in."""

    async def look() -> Call | None:
        live = [call for call in await store.calls.unfinished() if call.stage in {Stage.GREET, Stage.MENU}]
        return max(live, key=lambda call: call.arrived, default=None)

    call = await _found(look, "the call is stored")
    assert call is not None
    return call


async def _until(hands: Stagehands, call: str, holds: Callable[[Call], bool], what: str) -> Call:
    async def look() -> Call | None:
        found = await hands.store.calls.find(call)
        return found if found and holds(found) else None

    found = await _found(look, what)
    assert found is not None
    return found


async def _recorded(hands: Stagehands) -> list[Path]:
    async def look() -> list[Path]:
        return [file for file in hands.recordings.iterdir() if not file.name.startswith(".")]

    return await _found(look, "a recording is there")


async def _gone(files: list[Path]) -> None:
    async def look() -> bool:
        return not any(file.exists() for file in files)

    await _found(look, "the recording is deleted")


async def _found(look: Callable[[], Awaitable[T]], what: str) -> T:
    """The first answer of ``look`` that is not empty."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := await look()):
        if time.monotonic() > deadline:
            raise NotHeard(f"waited {PATIENCE_SECONDS:.0f} s in vain until {what}")
        await asyncio.sleep(LOOK_SECONDS)
    return found


async def _wav(prompts: Prompts, text: str) -> Path:
    return Path(f"{await prompts.media(text)}.wav")


def _masked(number: PhoneNumber | None) -> str:
    """As much of it as tells one citizen from another: ``090-****-5678``."""
    return f"{number.digits[:3]}-****-{number.digits[-4:]}" if number else "(number withheld)"
