from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.dialogue import Choice, run_menu
from ivr.seed_file import load
from kernel.announcement import Wording
from kernel.call import CallerGone
from kernel.centre import Lead
from kernel.ports import Line
from tests.support.fake_line import FakeLine

CENTRE = load(Path(__file__).parents[2] / "ivr/seeds/fujisawa.yaml")
MENU = CENTRE.menus["main"]
SPOKEN, WRONG = CENTRE.announcements["menu-main"], CENTRE.announcements["wrong-key"]
PROMPT = (SPOKEN, Wording("For English and other languages, press 8.", "en"))
WELCOME = CENTRE.announcements["welcome"]
NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)


async def choose(line: Line, greeting: str | None = None) -> Choice:
    return await run_menu(MENU, CENTRE, line, greeting=greeting)


@pytest.mark.parametrize(("key", "queue"), [("1", "enquiries"), ("2", "exchange"), ("0", "enquiries")])
async def test_a_caller_who_presses_a_key_goes_where_it_leads(key, queue):
    line = FakeLine([key])
    assert await choose(line) == Choice(Lead(queue=queue), key)
    assert line.said == [PROMPT]
    assert line.waits == [MENU.wait_seconds]


async def test_the_greeting_is_spoken_once_with_the_first_question_so_that_a_key_interrupts_it_too():
    line = FakeLine(["9", "1"])
    await choose(line, WELCOME)
    assert line.said == [(WELCOME, *PROMPT), (WRONG, *PROMPT)]
    assert line.played == []


async def test_a_caller_who_presses_a_wrong_key_is_told_so_and_asked_again():
    line = FakeLine(["9", "2"])
    assert (await choose(line)).key == "2"
    assert line.said == [PROMPT, (WRONG, *PROMPT)]


async def test_a_caller_who_presses_wrong_keys_only_comes_to_an_operator():
    line = FakeLine(["9", "*", "#"])
    assert await choose(line) == Choice(Lead(queue="enquiries"), "")
    assert len(line.asked) == MENU.tries == 2


async def test_a_silent_caller_hears_the_menu_once_more_without_reproach_and_comes_to_an_operator():
    line = FakeLine()
    assert await choose(line) == Choice(Lead(queue="enquiries"), "")
    assert line.said == [PROMPT, PROMPT]


async def test_silence_after_a_wrong_key_is_not_called_a_wrong_key():
    line = FakeLine(["9", "", "1"])
    menu = MENU.model_copy(update={"tries": 3})
    assert (await run_menu(menu, CENTRE, line)).key == "1"
    assert line.said == [PROMPT, (WRONG, *PROMPT), PROMPT]


async def test_with_one_try_the_menu_is_asked_once():
    line = FakeLine(["9", "1"])
    menu = MENU.model_copy(update={"tries": 1})
    assert (await run_menu(menu, CENTRE, line)).key == ""
    assert line.said == [PROMPT]


@pytest.mark.parametrize("after", [0, 1])
async def test_a_caller_who_hangs_up_in_the_menu_ends_it(after):
    line = FakeLine(["9", "1"], hangs_up_at=NOON, after=after)
    with pytest.raises(CallerGone) as gone:
        await choose(line)
    assert gone.value.at == NOON
    assert len(line.said) == after


async def test_a_language_menu_is_asked_in_the_callers_language_and_tells_each_key_in_its_own():
    line = FakeLine(["2"])
    choice = await run_menu(CENTRE.menus["languages"], CENTRE, line, language="en")
    assert choice == Choice(Lead(queue="enquiries", language="zh"), "2")
    (said,) = line.said
    assert said[0] == Wording("Please choose your language.", "en")
    assert [one.language for one in said[1:6]] == ["en", "zh", "ko", "es", "pt"]
    assert said[3] == Wording("한국어는 3번을 눌러 주세요.", "ko")
    assert said[6] == CENTRE.announcements["choose-language"]


async def test_what_has_no_text_in_the_callers_language_is_heard_in_japanese():
    line = FakeLine(["5", "1"])
    await run_menu(MENU, CENTRE, line, language="vi")
    assert line.said == [PROMPT, (WRONG, *PROMPT)]
