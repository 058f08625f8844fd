"""閲覧記録: each page that shows a citizen's data leaves a record. Derived from the table of routes, both ways."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import web

from agent_console.access import Route, guarded
from agent_console.japan_day import day_of
from agent_console.routes import EVERYONE
from agent_console.seen import seen
from agent_console.words import SHOWN
from crm.drafts import case_form
from crm.users import Role
from crm.viewings import Citizen, Shown, Viewing, Wanted
from kernel.call import Outcome
from kernel.case import Citizen as Person
from kernel.case import HistoryDraft
from kernel.events import Event, EventKind
from kernel.operator import OperatorState
from kernel.phone_number import PhoneNumber
from kernel.recording import Recording, recording_name
from kernel.talk_draft import DraftState, Side, Spoken, TalkDraft
from kernel.utterance import Speaker, Utterance
from tests.support.console import NUMBER, USER_OF, Desk, console
from tests.support.console_client import Browser
from tests.support.route_table import GUARDED, PUBLIC, path_of

NAME = "湘南花子"
PERSONAL = (NUMBER.digits, NAME)
PLACES = {
    "queue": "enquiries",
    "name": "base.css",
    "operator": "sato",
    "call": "c1",
    "number": "1",
    "user": "kimura",
    "entry": "none",
    "session": "none",
    "part": "queues",
    "item": "enquiries",
    "version": "1",
    "sound": "none",
}
PLACES_OF_MESSAGES = PLACES | {"call": "m1"}
ASKED = {"/dial": "?case=1"}
FORMS = {
    "/calls/{call}/alike": {"name": NAME},
    "/calls/{call}/history": {"subject": "ごみ", "name": NAME, "outcome": "回答済み"},
    "/calls/{call}/escalation": {"subject": "ごみ", "name": NAME},
    "/calls/{call}/escalation/form": {"subject": "ごみ", "name": NAME},
    "/cases/{number}/histories": {"subject": "", "text": NAME},
    "/search": {"q": NAME},
    "/search.csv": {"q": NAME},
}
"""What is sent by each POST whose answer shows citizens' data."""
SOUND = f"RIFF {NAME}".encode()


@pytest.fixture
async def desk(tmp_path: Path):
    """A talk that mori took over from sato, of a citizen who has a case and calls often: see ``calls_often``."""
    async with console(tmp_path) as running:
        await running.waits("c0")
        await running.talks("c0", "sato")
        draft = HistoryDraft(
            "c0", "sato", Person(name=NAME, phone=NUMBER), "ごみ", "収集日", "回答済み", close_case=True
        )
        await running.store.cases.save_history(draft, running.clock())
        await running.is_over("c0", "sato")
        await running.waits("c2", caller=PhoneNumber(NUMBER.digits))
        await running.abandons("c2")
        await calls_often(running, tmp_path)
        await running.waits("c1")
        await running.talks("c1", "sato")
        await running.tell(Event(EventKind.CALL_TAKEN_OVER, running.clock(), "c1", "sato", "enquiries", {"by": "mori"}))
        words = Utterance("c1", running.clock(), Speaker.CALLER, f"{NAME}です。")
        await running.tell(replace(running.calls["c1"], voicebot="main"), words)
        await drafted(running)
        await running.store.finding.load()
        case = case_form((await running.store.cases.by_number(1)).id)
        for user in USER_OF.values():
            for form in (case, "c1"):
                await running.store.drafts.save(form, user, {"phone": NUMBER.digits}, running.clock(), window="w")
        yield running


async def drafted(desk: Desk) -> None:
    """The talk of c1 so far, as a draft."""
    await desk.tell(Recording(recording_name("c1", 1), "c1", desk.clock(), stopped=desk.clock()))
    (due,) = await desk.store.talk_drafts.due()
    made = TalkDraft((Spoken(Side.CITIZEN, 0.0, 1.0, f"{NAME}です。"),))
    await desk.store.talk_drafts.finish(
        await desk.store.talk_drafts.begin(due, desk.clock()), DraftState.READY, made, desk.clock()
    )


async def calls_often(desk: Desk, folder: Path) -> None:
    """The citizen is to be called back, and has left a message."""
    now = desk.clock()
    await desk.tell((await desk.waits("b1")).calls_back(NUMBER, now).is_rung_after(now))
    call = (await desk.waits("m1")).takes_message(now).is_over(now, Outcome.LEFT_MESSAGE).is_closed(now)
    name = recording_name("m1", 0)
    left = Event(EventKind.MESSAGE_LEFT, now, "m1", queue="enquiries", data={"recording": name})
    await desk.tell(call, Recording(name, "m1", now - timedelta(seconds=31), stopped=now), left)
    (folder / f"{name}.wav").write_bytes(SOUND)


async def shown_by(browser: Browser, route: Route) -> str:
    """What the route sends."""
    path = path_of(route, PLACES_OF_MESSAGES if route.path.startswith("/messages/") else PLACES) + ASKED.get(
        route.path, ""
    )
    if path.startswith("/live/"):
        async with browser.stream(path) as events:
            return await (events.all_of(NUMBER.digits) if route.shows else events.fragment())
    answer = await (browser.post(path, FORMS[route.path]) if route.method == "POST" else browser.get(path))
    return await answer.text()


async def records(desk: Desk, user: str) -> list[Viewing]:
    await desk.store.viewings.flushed()
    return list(await desk.store.viewings.find(Wanted(user=user), limit=None))


@pytest.mark.parametrize("role", list(Role))
async def test_a_page_shows_citizens_data_only_where_its_route_says_so_and_then_it_is_recorded(desk, role):
    async with Browser(desk.url) as browser:
        await browser.log_in(USER_OF[role])
        for route in GUARDED:
            if role not in route.roles or (route.method == "POST" and route.shows is None):
                continue
            before = len(await records(desk, USER_OF[role]))
            text = await shown_by(browser, route)
            new = (await records(desk, USER_OF[role]))[: -before or None]
            if any(personal in text for personal in PERSONAL):
                assert {one.shown for one in new} == {route.shows}, route.path
                assert all(one.citizen != Citizen() for one in new)
            else:
                assert new == [], route.path


async def test_each_route_that_says_so_does_show_citizens_data(desk):
    """Else the test before would look at pages that are empty. Forms are sent last: what is saved is no draft."""
    said = sorted((route for route in GUARDED if route.shows), key=lambda route: route.method)
    found = set[tuple[str, str]]()
    async with Browser(desk.url) as browser:
        for role in (Role.OPERATOR, Role.SUPERVISOR):
            await browser.log_in(USER_OF[role])
            for route in said:
                text = await shown_by(browser, route) if role in route.roles else ""
                if any(personal in text for personal in PERSONAL):
                    found.add((route.method, route.path))
    assert found == {(route.method, route.path) for route in said}


async def test_what_anybody_may_see_and_a_wall_that_nobody_is_logged_in_at_show_no_citizens_data(desk):
    async with Browser(desk.url) as nobody, Browser(desk.url) as wall:
        await wall.log_in("mori")
        assert (await wall.post("/wall/displays")).status == 303
        for route in (route for route in PUBLIC if route.method == "GET"):
            texts = [await shown_by(wall, route), await (await nobody.get(path_of(route))).text()]
            assert not any(personal in text for personal in PERSONAL for text in texts), route.path
        assert "enquiries" in await wall.page("/display"), "it does show something"


def test_each_place_has_a_route_and_a_word():
    assert {route.shows for route in GUARDED if route.shows} == set(Shown) == set(SHOWN)


async def test_the_record_says_who_saw_whom_where_and_holds_no_personal_data(desk):
    async with Browser(desk.url) as browser:
        await browser.log_in("kimura")
        await browser.page("/cases")
        await browser.page("/cases/1")
    newest, *_ = found = await records(desk, "kimura")
    assert (newest.user, newest.shown, newest.citizen) == ("kimura", Shown.CASE, Citizen(case=1))
    assert {one.shown for one in found} == {Shown.CASE_LIST, Shown.CASE}
    assert not any(personal in repr(found) for personal in PERSONAL)


async def test_a_screen_pop_is_recorded_for_each_window_once_and_when_the_next_call_comes(desk):
    async with Browser(desk.url) as browser:
        await browser.log_in("suzuki")
        async with browser.stream("/live/desk") as events:
            await desk.operator("suzuki", OperatorState.READY)
            await events.all_of("受付可")
            assert [one.shown for one in await records(desk, "suzuki")] == []
            await desk.waits("c3")
            await desk.rings("c3", "suzuki")
            await events.all_of(NUMBER.digits)
            popped = await records(desk, "suzuki")
            assert {one.shown for one in popped} == {Shown.SCREEN_POP}
            assert {one.citizen for one in popped} == {Citizen(call="c3"), Citizen(case=1)}
            await desk.talks("c3", "suzuki")
            await events.all_of("通話中")
            assert await records(desk, "suzuki") == popped


@pytest.mark.parametrize(("says", "records_it"), [(Shown.CASE, False), (None, True)])
async def test_a_page_that_forgets_its_record_or_its_word_is_not_shown(desk, says, records_it):
    async def handler(request: web.Request) -> web.StreamResponse:
        if records_it:
            seen(request, [Citizen(case=1)])
        return web.Response(text=NAME)

    desk.app.router._frozen = False
    desk.app.router.add_route("GET", "/forgetful", guarded(Route("GET", "/forgetful", handler, EVERYONE, says)))
    async with Browser(desk.url) as browser:
        await browser.log_in("kimura")
        answer = await browser.get("/forgetful")
        assert answer.status == 500
        assert NAME not in await answer.text()


async def test_administrators_read_the_records_by_user_case_and_day_and_take_them_as_csv(desk):
    async with Browser(desk.url) as staff:
        await staff.log_in("kimura")
        await staff.page("/cases/1")
    await desk.store.viewings.flushed()
    async with Browser(desk.url) as browser:
        await browser.log_in("ueda")
        for query in ("", "?user=kimura", "?case=1", f"?day={japan_today(desk)}", "?user=kimura&case=1&page=1"):
            assert "木村" in table(await browser.page(f"/admin/viewings{query}")), query
        for query in ("?user=sato", "?case=2", "?day=2020-01-01", "?page=2"):
            assert "木村" not in table(await browser.page(f"/admin/viewings{query}")), query
        for wrong in ("?case=x", "?day=yesterday", "?page=x"):
            assert (await browser.get(f"/admin/viewings{wrong}")).status == 400, wrong
        answer = await browser.get("/admin/viewings.csv?user=kimura")
        head, line, *_ = (await answer.text()).lstrip("\ufeff").splitlines()
        assert head == "日時,利用者ID,氏名,画面,案件,通話"
        assert line.split(",")[1:] == ["kimura", "木村", "案件", "1", ""]
        assert "attachment" in answer.headers["Content-Disposition"]


def japan_today(desk: Desk) -> str:
    return day_of(desk.clock()).isoformat()


def table(page: str) -> str:
    return page.partition('id="viewings"')[2]
