"""The wallboard: pushed, the same everywhere, and of Japan's day."""

import re
from contextlib import AsyncExitStack
from datetime import timedelta

from agent_console.japan_day import next_midnight
from kernel.events import Event, EventKind
from kernel.operator import OperatorState
from kernel.recording import Recording
from tests.support.console import served
from tests.support.console_client import Browser


def measure(text: str, queue: str, name: str) -> str:
    section = text.split(f'id="queue-{queue}"')[1].split("</section>", maxsplit=1)[0]
    found = re.search(rf'data-measure="{name}">(.*?)</dd>', section, re.DOTALL)
    assert found
    return found[1].strip()


async def test_waiting_calls_are_pushed_as_they_come_and_go(desk, mori):
    async with mori.stream("/live/wall") as events:
        assert measure(await events.fragment("queue-enquiries"), "enquiries", "waiting") == "0"
        await desk.waits("c1")
        pushed = await events.fragment('data-measure="waiting">1<')
        assert "elapsed-time" in measure(pushed, "enquiries", "longest")
        assert measure(pushed, "exchange", "waiting") == "0"
        await desk.talks("c1", "sato")
        while measure(pushed, "enquiries", "answered") != "1":
            pushed = await events.fragment("queue-enquiries")
        assert measure(pushed, "enquiries", "waiting") == "0"


async def test_a_call_passes_its_target_by_time_alone(desk, mori):
    desk.clock.ahead -= timedelta(seconds=9.5)
    await desk.waits("c1")
    desk.clock.ahead += timedelta(seconds=9)
    async with mori.stream("/live/wall") as events:
        pushed = await events.fragment('data-measure="waiting">1<')
        while measure(pushed, "enquiries", "beyond") != "1":
            pushed = await events.fragment("目標超過")


async def test_operators_are_shown_by_state_with_the_reason(desk, mori):
    async with mori.stream("/live/wall") as events:
        await desk.operator("sato", OperatorState.PAUSED, reason="研修")
        pushed = await events.fragment("operator-sato", "研修")
        assert re.search(r'data-count="paused">1<', pushed)
        await desk.operator("suzuki", OperatorState.READY)
        await events.fragment('data-count="ready">1<')


async def test_a_restart_does_not_zero_the_day_and_midnight_in_japan_does(desk, mori, tmp_path):
    for call in ("c1", "c2"):
        await desk.waits(call)
    await desk.talks("c1", "sato")
    await desk.abandons("c2")
    async with served(desk.store, desk.bus, desk.clock, tmp_path) as again, Browser(again.url) as browser:
        await browser.log_in("mori")
        page = await browser.page("/wall")
        assert (measure(page, "enquiries", "answered"), measure(page, "enquiries", "abandoned")) == ("1", "1")
        desk.clock.ahead += next_midnight(desk.clock()) - desk.clock()
        await browser.log_in("mori")
        page = await browser.page("/wall")
        assert (measure(page, "enquiries", "answered"), measure(page, "enquiries", "abandoned")) == ("0", "0")


async def test_a_browser_that_was_away_catches_up_and_one_that_has_all_gets_nothing(desk, mori):
    await desk.waits("c1")
    async with mori.stream("/live/wall") as events:
        await events.all_of("queue-enquiries", "operator-sato")
        last = events.id
    async with mori.stream("/live/wall", **{"Last-Event-ID": last}) as events:
        assert (await events.next())[0] == "clock"
        await desk.waits("c2")
        fragment = await events.fragment("queue-enquiries")
        assert 'data-measure="waiting">2<' in fragment
        assert "operator-sato" not in fragment
    await desk.waits("c3")
    async with mori.stream("/live/wall", **{"Last-Event-ID": last}) as events:
        await events.fragment('data-measure="waiting">3<')


async def test_a_hundred_watchers_see_the_same(desk, mori):
    async with AsyncExitStack() as stack:
        windows = [await stack.enter_async_context(mori.stream("/live/wall")) for _ in range(100)]
        await desk.waits("c1")
        pushed = [await window.fragment('data-measure="waiting">1<') for window in windows]
    sections = {measure(fragment, "enquiries", "longest") for fragment in pushed}
    assert len(sections) == 1


async def test_the_wall_says_since_when_and_why_callers_are_turned_away_and_when_that_was_over(desk, mori):
    async with mori.stream("/live/wall") as events:
        await events.fragment("queue-enquiries")
        changed = {"level": "guidance", "why": "reply_seconds", "was": "open"}
        await desk.tell(Event(EventKind.ADMISSION_CHANGED, desk.clock(), data=changed))
        await desk.tell(Event(EventKind.CALL_TURNED_AWAY, desk.clock(), "c1", data={"how": "guidance"}))
        pushed = await events.fragment('data-measure="turned-away">1<')
        assert "混雑の案内(原因:電話交換機(Asterisk)の応答の遅れ)" in pushed
        assert 'role="alert"' in pushed
        await desk.tell(Event(EventKind.ADMISSION_CHANGED, desk.clock(), data={"level": "open", "why": ""}))
        pushed = await events.fragment('<ul class="waiting">')
        assert 'role="alert"' not in pushed
    assert "本日、混雑のためお断りした電話" in await mori.page("/wall")


async def test_an_administrator_sees_the_recordings_that_could_not_be_deleted(desk, tmp_path):
    await desk.waits("c1")
    stuck = Recording("ab" * 16, "c1", desk.clock(), stopped=desk.clock())
    await desk.tell(stuck)
    for _ in range(3):
        await desk.store.recordings.mark_failed(stuck, "Permission denied", desk.clock())
    async with Browser(desk.url) as browser:
        await browser.log_in("ueda")
        page = await browser.page("/admin/recordings")
    assert "Permission denied" in page
    assert '<td class="number">3</td>' in page
    assert stuck.name not in page


async def test_without_trouble_the_administrators_page_says_so(desk):
    async with Browser(desk.url) as browser:
        await browser.log_in("ueda")
        assert "削除できない録音はありません" in await browser.page("/admin/recordings")
