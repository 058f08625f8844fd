"""番号案内 (T8): the caller hears the number of a related body, twice, and a goodbye; the operator is free at once."""

from __future__ import annotations

from collections.abc import Sequence

from dialplan.scene import Scene
from dialplan.stages.end_talk import end_talk
from dialplan.stages.hand_over import release_operator
from ivr.ask_number import digit_by_digit
from kernel.announcement import FOR_TELLING, Said, filled, words
from kernel.call import Call, CallerGone
from kernel.directory import Teller
from kernel.events import EventKind

TIMES = 2


async def tell(call: Call, scene: Scene) -> Call:
    """Return when it is told, or the caller has hung up. Entered again after a crash it is told from the beginning."""
    assert call.told is not None
    try:
        if call.talk_ended is None:
            said = {"entry": call.told.entry, "department": call.told.department, "how": Teller.SYSTEM.value}
            told = scene.event(EventKind.NUMBER_TOLD, call, by=call.operator, **said)
            call = await release_operator(call, scene, told)
        if texts := spoken(call, scene):
            await scene.line.play(*texts)
    except CallerGone as gone:
        return await end_talk(call, scene, gone.at)
    return await end_talk(call, scene, scene.now())


def spoken(call: Call, scene: Scene) -> Sequence[Said]:
    """What the caller hears: the name, the digits one by one, that again, and the goodbye.

    Nothing, once the document has no words for it any more.
    """
    assert call.told is not None
    texts = scene.centre().texts(call.language)
    if not texts.keys() >= FOR_TELLING:
        return []
    before = filled(texts["tell-number"], name=call.told.name)
    number = [before, *digit_by_digit(call.told.number, words(before)[1]), texts["tell-number-after"]]
    return [*number * TIMES, texts["tell-goodbye"]]
