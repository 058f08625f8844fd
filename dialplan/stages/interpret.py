"""通訳 (T11): which number of an interpreting centre is rung for a caller who speaks another language."""

from __future__ import annotations

from dialplan.names import MARK, city_leg
from dialplan.scene import Scene
from dialplan.stages.held import held_until
from dialplan.stages.reach import CARRIER
from dialplan.switch import Leg
from kernel.call import Call
from kernel.events import EventKind


def begin_interpreting(call: Call, scene: Scene, language: str, click: str) -> Call:
    """The call with the caller on hold and the first interpreter for ``language`` about to be rung.

    As it is where the document has none any more.
    """
    interpreter = scene.centre().interpreter(language)
    if interpreter is None:
        return call
    return rings(call, scene, interpreter.numbers[0], city_leg(call.id, f"{language}0", click), language)


def next_interpreter(call: Call, scene: Scene) -> Call | None:
    """The call with the next number about to be rung; None where there is no further one."""
    transfer = call.transfer
    if transfer is None or transfer.language is None:
        return None
    known = scene.centre().interpreter(transfer.language)
    numbers = known.numbers if known else ()
    after = numbers.index(transfer.extension) + 1 if transfer.extension in numbers else len(numbers)
    if after >= len(numbers):
        return None
    click = transfer.leg.rpartition(MARK)[2]
    leg = city_leg(call.id, f"{transfer.language}{after}", click)
    return rings(call, scene, numbers[after], leg, transfer.language)


async def ring_interpreter(call: Call, scene: Scene) -> Leg:
    """For as long as the document says; what is left of it after a crash. Raises NotAnswered."""
    assert call.transfer is not None
    interpreter = scene.centre().interpreter(call.transfer.language or "")
    seconds = interpreter.ring_seconds if interpreter else 1
    left = seconds - (scene.now() - call.transfer.since).total_seconds()
    endpoint = f"{call.transfer.extension}@{CARRIER}"
    return await scene.switch.ring(call.transfer.leg, endpoint, scene.centre().shown_number, max(1, round(left)))


def rings(call: Call, scene: Scene, extension: str, leg: str, language: str | None = None) -> Call:
    """The call with the caller on hold and ``extension``, or an interpreter's number, about to be rung by ``leg``."""
    call = call.consults(extension, leg, scene.now(), language)
    scene.desk.holds(call.operator or "", call.id, held_until(call, scene))
    said = {"language": language} if language else {}
    return scene.save(call, scene.event(EventKind.CONSULT_STARTED, call, extension=extension, **said))
