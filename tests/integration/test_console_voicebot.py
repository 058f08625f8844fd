"""What a caller said to the voicebot, on the screens of who may read it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from dialplan.names import operator_leg
from kernel.call import Call
from kernel.events import Event, EventKind
from kernel.operator import OperatorState, OperatorStatus
from kernel.utterance import Speaker, Utterance
from tests.support.console import NUMBER, console
from tests.support.console_client import Browser

WORDS = "<b>住民票</b>がほしいのですが"
SHOWN = "&lt;b&gt;住民票&lt;/b&gt;がほしいのですが"


@pytest.fixture
async def desk(tmp_path: Path):
    async with console(tmp_path) as running:
        yield running


async def spoke(desk) -> Call:
    """A call that rings at an operator's, after the voicebot."""
    now = desk.clock()
    call = Call("c1", now, "0466251111", NUMBER).at_voicebot("main").waits_in("exchange", now)
    call = call.offered_to("sato", operator_leg("c1", "sato", 1), now)
    heard = {"question": "subject", "meaning": "subject", "choice": "entry:d0001", "name": "市民窓口センター"}
    await desk.tell(
        call,
        Utterance("c1", now, Speaker.VOICEBOT, "ご用件をどうぞ。"),
        Utterance("c1", now + timedelta(seconds=4), Speaker.CALLER, WORDS),
        Event(EventKind.VOICEBOT_HEARD, now, "c1", data={**heard, "confidence": 0.71}),
        Event(EventKind.VOICEBOT_LEFT, now, "c1", data={"to": "exchange", "why": "not_understood"}),
        OperatorStatus("sato", OperatorState.RINGING, now, call="c1"),
    )
    return call


async def test_whoever_is_rung_reads_what_was_said_to_the_voicebot_before_answering(desk):
    await spoke(desk)
    async with Browser(desk.url) as browser:
        await browser.log_in("sato")
        page = await browser.page("/")
    assert SHOWN in page
    assert WORDS not in page
    assert "音声応答での会話" in page


async def test_a_supervisor_reads_it_from_the_way_of_the_call_and_others_do_not(desk):
    await spoke(desk)
    async with Browser(desk.url) as browser:
        await browser.log_in("mori")
        way = await browser.page("/calls/c1")
        assert "音声応答の聞き取り：市民窓口センター" in way
        assert "確からしさ 71%" in way
        assert "聞き取れませんでした" in way
        assert SHOWN not in way
        assert 'href="/calls/c1/said"' in way
        said = await browser.page("/calls/c1/said")
        assert SHOWN in said
        assert said.index("ご用件をどうぞ") < said.index(SHOWN)
        missing = await browser.get("/calls/c2/said")
        assert missing.status == 404
    async with Browser(desk.url) as browser:
        await browser.log_in("sato")
        assert (await browser.get("/calls/c1/said")).status == 403
