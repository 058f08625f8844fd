"""One coroutine a stage: it takes the call and returns it at its next stage."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from dialplan.scene import Scene
from dialplan.stages.call_back import call_back
from dialplan.stages.consult import consult
from dialplan.stages.dial import dial
from dialplan.stages.ending import ending
from dialplan.stages.greet import greet
from dialplan.stages.hand_over import hand_over
from dialplan.stages.menu import menu
from dialplan.stages.message import message
from dialplan.stages.speak import speak
from dialplan.stages.talk import talk
from dialplan.stages.tell import tell
from dialplan.stages.wait import wait
from dialplan.stages.wrap_up import wrap_up
from kernel.call import Call, Stage

StageStep = Callable[[Call, Scene], Awaitable[Call]]

STAGES: Mapping[Stage, StageStep] = {
    Stage.GREET: greet,
    Stage.MENU: menu,
    Stage.SPEAK: speak,
    Stage.WAIT: wait,
    Stage.CALL_BACK: call_back,
    Stage.DIAL: dial,
    Stage.MESSAGE: message,
    Stage.TALK: talk,
    Stage.CONSULT: consult,
    Stage.HAND_OVER: hand_over,
    Stage.TELL: tell,
    Stage.WRAP_UP: wrap_up,
    Stage.ENDING: ending,
}
