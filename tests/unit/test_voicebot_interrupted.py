"""Interrupting the voicebot, and what goes on where nobody can listen, in virtual time."""

from __future__ import annotations

import asyncio

import pytest
import structlog

from dialplan.switch import SwitchFailed
from ivr.hearing.endpoint import SpeechPaused, SpeechResumed
from kernel.call import Stage
from tests.support.house import house
from tests.support.speaking import FakeDetector
from tests.support.spoken_to import ASSETS, centre, ears, filled, heard, says, spoken_to

pytestmark = pytest.mark.looptime


async def test_a_prompt_is_silent_at_once_for_who_speaks_and_goes_on_after_a_sign_of_listening():
    async with house(centre(), ears=ears()) as home:
        await spoken_to(home)
        caller = home.exchange.channels["c-1"]
        listening = asyncio.create_task(home.exchange.microphones.say("c-1", "はい", 0.3))
        await asyncio.sleep(0.1)
        assert (caller.pauses, caller.left is None) == (1, False), "it is silent while something is said"
        await listening
        await asyncio.sleep(0.6)
        assert (caller.pauses, caller.left, caller.hushed) == (1, None, 0), "it goes on"
        await home.exchange.microphones.say("c-1", "税", 0.8)
        await home.at("c-1", Stage.HAND_OVER)
        assert (caller.pauses, caller.hushed) == (2, 1), "it is over"


async def test_a_yes_answers_a_question_before_it_is_over():
    async with house(centre(), ears=ears()) as home:
        await spoken_to(home)
        await says(home, "税かな")
        await asyncio.sleep(1)
        await home.exchange.microphones.say("c-1", "はい", 0.3)
        await home.at("c-1", Stage.HAND_OVER)


async def test_a_yes_in_the_first_moment_of_a_question_belongs_to_what_was_asked_before():
    async with house(centre(), ears=ears()) as home:
        await spoken_to(home)
        await says(home, "税かな")
        await home.until(lambda: heard(home)[-1] == filled("voicebot-confirm", name="しみんぜいか"), "the question")
        await home.exchange.microphones.say("c-1", "はい", 0.3)
        await asyncio.sleep(1)
        assert heard(home)[-1] == filled("voicebot-confirm", name="しみんぜいか"), "it is still being asked"
        await home.exchange.microphones.say("c-1", "はい", 0.3)
        await home.at("c-1", Stage.HAND_OVER)


@pytest.mark.parametrize("what", ["recogniser", "sound", "way", "no ears"])
async def test_where_nobody_can_listen_the_menu_by_keys_goes_on_by_itself(what: str):
    listens = None if what == "no ears" else ears()
    async with house(centre(), ears=listens) as home:
        if what == "way":
            home.exchange.breaks["hear"] = SwitchFailed("no way for the sound")
        await home.controller()
        home.exchange.call("c-1")
        if listens and what != "way":
            await home.until(lambda: bool(home.exchange.microphones.listened_to), "somebody who listens")
            await asyncio.sleep(3)
            listens.fails = what == "recogniser"
            if what == "sound":
                home.exchange.microphones.break_off("c-1")
            else:
                await home.exchange.microphones.say("c-1", "税")
        await home.at("c-1", Stage.MENU)
        home.exchange.press("c-1", "2")
        assert (await home.at("c-1", Stage.WAIT)).queue == "exchange"
        assert "voicebot_failed" in home.store.kinds("c-1")
        assert home.exchange.microphones.listened_to == 0


async def test_where_nobody_is_to_listen_a_call_tells_it_without_alarm():
    async with house(centre()) as home:
        with structlog.testing.capture_logs() as logs:
            await home.controller()
            home.exchange.call("c-1")
            await home.at("c-1", Stage.MENU)
        (told,) = [entry for entry in logs if entry["event"].startswith("nobody can listen")]
        assert (told["log_level"], told["why"]) == ("info", "no recogniser is set up")


async def test_a_controller_that_dies_in_the_midst_of_it_is_followed_by_one_that_asks_anew():
    async with house(centre(), ears=ears()) as home:
        await spoken_to(home)
        await says(home, "税かな")
        await asyncio.sleep(1)
        await home.kill()
        await home.controller()
        await home.until(lambda: bool(home.exchange.microphones.listened_to), "somebody who listens again")
        await says(home, "税")
        await home.at("c-1", Stage.HAND_OVER)


async def test_what_a_clerk_adds_is_known_to_the_next_caller():
    listens = ears()
    async with house(centre(), ears=listens) as home:
        await spoken_to(home)
        assert listens.choices is not None
        assert "entry:tax" in listens.choices.entries
        listens.entries = (ASSETS,)
        await home.tell(home.store.changed_directory(home.now()))
        await home.until(lambda: "entry:tax" not in listens.choices.entries, "the new directory")
        await says(home, "税", "税")
        await home.at("c-1", Stage.WAIT)


async def test_a_key_that_is_pressed_while_what_was_said_is_being_recognised_holds():
    async with house(centre(), ears=ears(takes=5)) as home:
        await spoken_to(home)
        await says(home, "税")
        await asyncio.sleep(1)
        home.exchange.press("c-1", "2")
        call = await home.at("c-1", Stage.WAIT)
        assert (call.queue, call.keys) == ("exchange", ("2",))


async def test_a_department_that_is_removed_while_it_is_asked_back_for_is_asked_about_anew():
    listens = ears()
    async with house(centre(), ears=listens) as home:
        await spoken_to(home)
        await says(home, "税かな")
        await asyncio.sleep(2)
        listens.entries = (ASSETS,)
        listens.learn(home.store.centre)
        await says(home, "はい", "資産")
        assert (await home.at("c-1", Stage.HAND_OVER)).extension == "2302"
        assert "call_failed" not in home.store.kinds("c-1")


async def test_a_detector_that_fails_is_told_in_the_log_and_the_menu_by_keys_goes_on():
    class Broken:
        def feed(self, samples: bytes) -> list:
            raise ValueError("the detector's model is broken")

    listens = ears()
    listens.detector = Broken
    async with house(centre(), ears=listens) as home:
        with structlog.testing.capture_logs() as logs:
            await spoken_to(home)
            await says(home, "税")
            await home.at("c-1", Stage.MENU)
        assert "listening to a caller failed" in [entry["event"] for entry in logs]


async def test_who_goes_on_after_a_short_beginning_hears_silence_again():
    listens = ears()
    listens.detector = Hesitating
    async with house(centre(), ears=listens) as home:
        await spoken_to(home)
        caller = home.exchange.channels["c-1"]
        for what, left in (b"begins", True), (b"pauses", False), (b"resumes", True):
            await home.exchange.microphones.hand("c-1", what)
            assert (caller.left is not None) is left, "silence while something is said"
        await home.exchange.microphones.hand("c-1", "税".encode())
        await home.at("c-1", Stage.HAND_OVER)


class Hesitating(FakeDetector):
    def feed(self, samples: bytes) -> list:
        match samples:
            case b"pauses":
                return [SpeechPaused("えーと".encode(), 0.0, 0.3)]
            case b"resumes":
                return [SpeechResumed()]
            case _:
                return super().feed(samples)
