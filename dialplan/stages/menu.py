"""The caller says by keys what the call is about."""

from __future__ import annotations

from dialplan.scene import Scene
from ivr.dialogue import run_menu
from kernel.call import Call, Outcome
from kernel.centre import Lead
from kernel.events import EventKind


async def menu(call: Call, scene: Scene) -> Call:
    """Ask the menu that the call is at and follow the lead. A menu that was removed meanwhile leads to the entry."""
    centre = scene.centre()
    asked = centre.menus.get(call.menu or "") or centre.menus[centre.entry]
    greeting = None if call.keys else centre.announcements["welcome"]
    choice = await run_menu(asked, centre, scene.line, greeting=greeting)
    call = call.pressed(choice.key)
    call = scene.save(call, scene.event(EventKind.MENU_CHOSEN, call, menu=call.menu, key=choice.key))
    return await _follow(call, scene, choice.lead)


async def _follow(call: Call, scene: Scene, lead: Lead) -> Call:
    """Into a queue, unless it is full (電話積滞時, T2), to another menu, or to an announcement and the end."""
    if lead.queue is not None:
        if scene.desk.floor.length(lead.queue) >= scene.queue(lead.queue).limit:
            await scene.line.play(scene.centre().announcements["congested"])
            return call.is_over(scene.now(), Outcome.CONGESTED)
        call = call.waits_in(lead.queue, scene.now())
        return scene.save(call, scene.event(EventKind.CALL_QUEUED, call))
    if lead.menu is not None:
        return call.at_menu(lead.menu)
    await scene.line.play(scene.centre().announcements[lead.announcement or ""])
    return call.is_over(scene.now(), Outcome.LEFT_MENU)
