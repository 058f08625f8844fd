"""A wall that nobody is logged in at, and what the wallboard shows beside the queues."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta

import pytest

from agent_console.cookies import DISPLAY_COOKIE, SESSION_COOKIE
from agent_console.wall.owed import LOOKS_BACK
from crm.displays import IDLE
from crm.sessions import ABSOLUTE
from kernel.events import Event, EventKind
from kernel.operator import OperatorState
from tests.support.console import console
from tests.support.console_client import Browser


@pytest.fixture
async def desk(tmp_path):
    async with console(tmp_path) as running:
        yield running


def cookies(browser: Browser) -> set[str]:
    return {cookie.key for cookie in browser.session.cookie_jar}


async def made_a_wall(browser: Browser) -> None:
    answer = await browser.post("/wall/displays")
    assert (answer.status, answer.headers["Location"]) == (303, "/display")


async def test_a_browser_that_is_made_a_wall_shows_the_board_and_can_do_nothing_else(desk, mori):
    await made_a_wall(mori)
    assert cookies(mori) & {DISPLAY_COOKIE, SESSION_COOKIE} == {DISPLAY_COOKIE}
    await desk.waits("c1")
    page = await mori.page("/display")
    assert 'data-display="wall"' in page
    assert "0466998877" not in page
    for path in ("/wall", "/calls/c1", "/given-up", "/cases"):
        answer = await mori.get(path)
        assert (answer.status, answer.headers["Location"]) == (303, "/login")
    for path in ("/wall/queues/enquiries/close", "/wall/displays"):
        assert (await mori.post(path)).status == 401


async def test_a_wall_goes_on_when_the_shift_of_its_supervisor_is_over(desk, mori):
    await made_a_wall(mori)
    async with mori.stream("/live/display") as events:
        await events.fragment("queue-enquiries")
    desk.clock.ahead += ABSOLUTE + timedelta(days=3)
    async with mori.stream("/live/display") as events:
        await desk.waits("c1")
        await events.fragment('data-measure="waiting">1<')


async def test_a_wall_that_was_off_for_too_long_asks_for_a_log_in(desk, mori):
    await made_a_wall(mori)
    desk.clock.ahead += IDLE
    answer = await mori.get("/display")
    assert (answer.status, answer.headers["Location"]) == (303, "/login")
    assert (await mori.get("/live/display")).status == 401


async def test_a_supervisor_ends_a_wall_from_the_desk(desk, mori):
    async with Browser(desk.url) as wall:
        await wall.log_in("mori")
        await made_a_wall(wall)
        found = re.search(r"/wall/displays/(\w+)/end", await mori.page("/wall"))
        assert found
        assert (await mori.post(f"/wall/displays/{found[1]}/end")).status == 303
        assert (await wall.get("/display")).status == 303
        assert "/wall/displays/" + found[1] not in await mori.page("/wall")


async def test_a_wall_ends_with_the_account_of_who_made_it(desk, mori):
    await made_a_wall(mori)
    await desk.store.user_admin.set_disabled("mori", True, by="ueda", now=desk.clock())
    assert (await mori.get("/live/display")).status == 401


@pytest.mark.parametrize("user", ["sato", "kimura", "ueda"])
async def test_only_a_supervisor_makes_a_wall(desk, user):
    async with Browser(desk.url) as browser:
        await browser.log_in(user)
        assert (await browser.post("/wall/displays")).status == 403


async def test_what_is_owed_is_counted_until_it_is_settled(desk, mori):
    await desk.waits("c1")
    async with mori.stream("/live/wall") as events:
        await events.fragment('data-measure="unsettled">0<')
        await desk.abandons("c1")
        await events.fragment('data-measure="unsettled">1<')
        assert (await mori.post("/given-up/c1/settle")).status == 303
        await events.fragment('data-measure="unsettled">0<')
    await desk.waits("c2")
    await desk.abandons("c2")
    assert await desk.store.given_up.unsettled(desk.clock() - LOOKS_BACK) == 1
    await desk.waits("c3")
    await desk.talks("c3", "sato")
    assert await desk.store.given_up.unsettled(desk.clock() - LOOKS_BACK) == 0


async def test_the_count_of_what_is_owed_is_that_of_the_list(desk):
    for place in range(6):
        await desk.waits(f"c{place}", caller=None if place % 2 else desk.calls["c0"].caller if place else None)
        await desk.abandons(f"c{place}")
    await desk.store.given_up.settle("c1", "mori", desk.clock())
    since = desk.clock() - LOOKS_BACK
    listed = sum(one.is_open for one in await desk.store.given_up.since(since))
    assert await desk.store.given_up.unsettled(since) == listed == 5


async def test_the_service_level_stands_beside_its_goal(desk, mori):
    await desk.waits("c1")
    await desk.talks("c1", "sato")
    await desk.waits("c2")
    await desk.abandons("c2")
    page = await mori.page("/wall")
    assert 'data-measure="level">50%<' in page
    assert "目標80%" in page


async def test_asterisk_that_is_gone_is_an_alarm_until_it_is_back(desk, mori):
    lease = desk.store.lease("controller", 2.0)
    await lease.take()
    beats = asyncio.create_task(lease.lost())
    async with mori.stream("/live/wall") as events:
        await desk.tell(Event(EventKind.EXCHANGE_LOST, desk.clock() - timedelta(minutes=1)))
        await events.fragment("電話交換機(Asterisk)につながりません")
        await desk.tell(Event(EventKind.EXCHANGE_CONNECTED, desk.clock()))
        while "電話交換機(Asterisk)につながりません" in await events.fragment('<ul class="alarms">'):
            pass
    beats.cancel()
    await asyncio.wait([beats])


async def test_a_controller_that_gives_no_sign_of_life_is_an_alarm(desk, mori):
    page = await mori.page("/wall")
    assert "電話の制御が動いていません" not in page
    desk.clock.ahead += timedelta(seconds=11)
    assert "電話の制御が動いていません" in await mori.page("/wall")


async def test_a_store_that_fails_is_an_alarm(desk, mori, monkeypatch):
    async with mori.stream("/live/wall") as events:
        await events.fragment('<ul class="alarms">')

        async def away(_name: str) -> None:
            raise ConnectionError("the database is away")

        monkeypatch.setattr(desk.store, "beat", away)
        await events.fragment("データベースにつながりません")


async def test_a_queue_in_which_somebody_waits_and_nobody_works_is_an_alarm(desk, mori):
    async with mori.stream("/live/wall") as events:
        await desk.waits("c1", queue="exchange")
        await events.fragment("電話を受けられるオペレーターがいません(電話交換)")
        await desk.operator("sato", OperatorState.READY)
        while "(電話交換)" in await events.fragment('<ul class="alarms">'):
            pass


async def test_static_files_come_compressed_and_only_once(desk, mori):
    first = await mori.get("/static/htmx.min.js")
    assert first.headers["Content-Encoding"] == "gzip"
    assert len(await first.read()) > int(first.headers["Content-Length"])
    again = await mori.get("/static/htmx.min.js", **{"If-None-Match": first.headers["ETag"]})
    assert again.status == 304
    plain = await mori.get("/static/htmx.min.js", **{"Accept-Encoding": "identity"})
    assert "Content-Encoding" not in plain.headers
    assert await plain.read() == await first.read()


@pytest.mark.parametrize(("user", "path", "bound"), [("sato", "/", 300_000), ("mori", "/wall", 150_000)])
async def test_a_first_page_is_small(desk, user, path, bound):
    async with Browser(desk.url) as browser:
        await browser.log_in(user)
        page = await browser.page(path)
        files = set(re.findall(r'(?:src|href)="(/static/[^"]+)"', page))
        own = {name for name in files if name.endswith(".js")}
        transferred = len(page.encode())
        while files:
            answer = await browser.get(files.pop())
            transferred += int(answer.headers["Content-Length"])
            more = {f"/static/{name}" for name in re.findall(r'from "\./([\w-]+\.js)"', await answer.text())} - own
            files, own = files | more, own | more
    assert 10_000 < transferred < bound


async def test_a_choice_of_colours_goes_back_to_a_page_of_ours_only(desk, mori):
    for back, to in (("/wall", "/wall"), ("//evil.example", "/"), ("https://evil.example", "/"), ("/\\evil", "/")):
        async with mori.session.post(
            mori.url + "/scheme",
            data={"scheme": "dark", "back": back},
            headers={"Origin": mori.url, "X-CSRF-Token": mori.csrf},
            ssl=False,
            allow_redirects=False,
        ) as sent:
            assert (sent.status, sent.headers["Location"]) == (303, to)
    assert 'data-scheme="dark"' in await mori.page("/wall")
    assert (await mori.post("/scheme", {"scheme": "pink"})).status == 400
