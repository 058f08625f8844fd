"""The caller says by keys what the call is about."""

from __future__ import annotations

from dialplan.scene import Scene
from dialplan.stages.lead import follow
from ivr.dialogue import run_menu
from kernel.call import Call, Outcome
from kernel.events import EventKind


async def menu(call: Call, scene: Scene) -> Call:
    """Ask the menu that the call is at and follow the lead. A menu that was removed meanwhile leads to the entry."""
    centre = scene.centre()
    asked = centre.menus.get(call.menu or "") or centre.menus[centre.entry]
    greeting = None if call.keys else centre.texts(call.language)["welcome"]
    choice = await run_menu(asked, centre, scene.line, greeting=greeting, language=call.language)
    call = call.pressed(choice.key).speaks(choice.lead.language)
    said = {"language": call.language} if choice.lead.language else {}
    call = scene.save(call, scene.event(EventKind.MENU_CHOSEN, call, menu=call.menu, key=choice.key, **said))
    return await follow(call, scene, choice.lead, Outcome.LEFT_MENU)
