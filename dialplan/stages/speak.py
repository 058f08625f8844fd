"""The caller says in words what the call is about (T3): the voicebot asks, understands, does it or fetches a person.

Entered again after a crash it asks anew. Where nobody can listen, the menu by keys goes on by itself.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import structlog

from dialplan.names import city_leg
from dialplan.scene import Scene
from dialplan.stages.lead import begin_again, enter, follow
from dialplan.switch import ChannelGone, Detached, SwitchFailed
from dialplan.voicebot.dialogue import Dialogue, Follow, Left, Over, Person, Tell, Through
from dialplan.voicebot.ears import NoEars
from dialplan.voicebot.listener import listening
from ivr.hearing.recogniser import RecogniserError
from kernel.call import Call, Outcome
from kernel.events import EventKind
from kernel.voicebot import Voicebot

log = structlog.get_logger(__name__)


async def speak(call: Call, scene: Scene) -> Call:
    """Talk until it is known where the call goes."""
    bot = scene.centre().voicebots.get(call.voicebot or "")
    if bot is None:
        return begin_again(call, scene)
    try:
        left = await _talk(call, scene, bot)
    except Detached:
        raise
    except (RecogniserError, SwitchFailed, ChannelGone) as failed:
        await scene.line.answer()  # raises CallerGone
        return await _by_keys(call, scene, bot, failed)
    return await _leave(call, scene, bot, left)


class _NotSetUp(RecogniserError):
    """Nobody is to listen: DENWA_SPEECH__ENGINE=none."""


async def _talk(call: Call, scene: Scene, bot: Voicebot) -> Left:
    ears = scene.ears
    if isinstance(ears, NoEars):
        raise _NotSetUp("no recogniser is set up")
    if ears.choices is None:
        raise RecogniserError("the recogniser is not ready yet")
    async with scene.switch.hear(scene.channel) as frames, listening(frames, ears.detector()) as listener:
        return await Dialogue.of(call, scene, bot, ears, listener).run()


async def _by_keys(call: Call, scene: Scene, bot: Voicebot, failed: Exception) -> Call:
    why = "recogniser" if isinstance(failed, RecogniserError) else "sound"
    tell = log.info if isinstance(failed, _NotSetUp) else log.error
    tell("nobody can listen to a caller; the menu by keys goes on", why=str(failed))
    await scene.line.hush()
    call = call.at_menu(bot.menu)
    return scene.save(call, scene.event(EventKind.VOICEBOT_FAILED, call, why=why, to=bot.menu))


async def _leave(call: Call, scene: Scene, bot: Voicebot, left: Left) -> Call:
    match left:
        case Follow(lead, key):
            call = call.pressed(key) if key else call
            call = scene.save(call, scene.event(EventKind.VOICEBOT_LEFT, call, to=lead.name, why="asked", key=key))
            return await follow(call, scene, lead, Outcome.LEFT_MENU)
        case Through(extension):
            call = call.put_through(extension, city_leg(call.id, extension, uuid4().hex), bot.queue, scene.now())
            return scene.save(call, scene.event(EventKind.VOICEBOT_LEFT, call, to=extension, why="understood"))
        case Tell(told):
            left_by = scene.event(EventKind.VOICEBOT_LEFT, call, to=told.name, why="told")
            return scene.save(replace(call, queue=bot.queue).tells(told), left_by)
        case Person(why, language):
            call = call.speaks(language)
            call = scene.save(call, scene.event(EventKind.VOICEBOT_LEFT, call, to=bot.queue, why=why))
            return await enter(call, scene, bot.queue)
        case Over():
            call = scene.save(call, scene.event(EventKind.VOICEBOT_LEFT, call, to=None, why="nothing_else"))
            return call.is_over(scene.now(), Outcome.LEFT_MENU)
