"""The call comes in: is the centre open?"""

from __future__ import annotations

from dialplan.scene import Scene
from dialplan.stages.lead import follow
from ivr.hours import is_open
from kernel.call import Call, Outcome


async def greet(call: Call, scene: Scene) -> Call:
    """Take the call and lead it where the dialled number leads, the first menu as a rule.

    Out of hours it hears the guidance and a goodbye (T2).
    """
    centre = scene.centre()
    lead = centre.number_leads.get(call.dialled) if is_open(centre.hours, scene.now()) else None
    if lead and lead.queue:  # where a phone may ring before the caller is taken
        return await follow(call, scene, lead, Outcome.LEFT_MENU)
    await scene.line.answer()
    if lead:
        return await follow(call, scene, lead, Outcome.LEFT_MENU)
    if is_open(centre.hours, scene.now()):
        return call.at_menu(centre.entry)
    await scene.line.play(centre.texts(call.language)["closed"])
    return call.is_over(scene.now(), Outcome.CLOSED)
