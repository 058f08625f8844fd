"""The operator's desk: clicks, what comes of them, and the history."""

import re
from datetime import timedelta

import pytest

from kernel.case import Citizen, HistoryDraft
from kernel.commands import CommandKind
from kernel.events import Event, EventKind
from kernel.operator import OperatorState
from tests.support.console import NUMBER, served
from tests.support.console_client import Browser


async def test_an_operator_who_logs_in_takes_the_seat_and_gives_it_up_on_logging_out(desk):
    async with Browser(desk.url) as browser, desk.commands() as commands:
        await browser.log_in("suzuki")
        assert (await anext(commands)).kind is CommandKind.LOG_IN
        await browser.post("/logout")
        assert (await anext(commands)).kind is CommandKind.LOG_OUT


async def test_a_supervisor_who_logs_in_takes_no_seat(desk):
    async with Browser(desk.url) as mori, Browser(desk.url) as suzuki, desk.commands() as commands:
        await mori.log_in("mori")
        await suzuki.log_in("suzuki")
        assert (await anext(commands)).operator == "suzuki"


async def test_each_button_becomes_a_command_of_its_operator_that_expires(desk, sato):
    before = desk.clock()
    ready = await desk.clicked(sato, "/desk/ready")
    assert (ready.kind, ready.by, ready.operator) == (CommandKind.READY, "sato", "sato")
    assert before < ready.expires <= desk.clock() + timedelta(seconds=10)
    pause = await desk.clicked(sato, "/desk/pause", reason="休憩")
    assert (pause.kind, pause.reason) == (CommandKind.PAUSE, "休憩")
    await desk.waits("c1")
    await desk.talks("c1", "sato")
    over = await desk.clicked(sato, "/desk/hand-over", call="c1", extension="2110")
    assert (over.kind, over.call, over.extension) == (CommandKind.HAND_OVER, "c1", "2110")
    assert (await desk.clicked(sato, "/desk/hang-up", call="c1")).kind is CommandKind.HANG_UP
    await desk.wraps_up("c1", "sato")
    assert (await desk.clicked(sato, "/desk/finish-wrap-up", call="c1")).kind is CommandKind.FINISH_WRAP_UP


async def test_a_button_of_a_call_that_is_over_sends_nothing_and_says_why(desk, sato):
    await desk.waits("c1")
    await desk.talks("c1", "sato")
    await desk.is_over("c1", "sato")
    async with desk.commands() as commands:
        answer = await sato.post("/desk/hang-up", {"call": "c1"})
        assert answer.status == 409
        assert "この通話はすでに終了しています" in await answer.text()
        await sato.post("/desk/pause", {"reason": "研修"})
        assert (await anext(commands)).kind is CommandKind.PAUSE


async def test_a_refusal_of_the_controller_is_shown_in_every_window(desk, sato):
    async with sato.stream("/live/desk") as one, sato.stream("/live/desk") as other:
        data = {"command": "x", "kind": "hang_up", "reason": "phone_unreachable"}
        await desk.tell(Event(EventKind.COMMAND_REFUSED, desk.clock(), operator="sato", data=data))
        for window in (one, other):
            await window.fragment("電話機が登録されていません")


async def test_a_click_that_nobody_answers_is_told_when_it_has_expired(desk, sato):
    await desk.clicked(sato, "/desk/ready")
    desk.clock.ahead += timedelta(seconds=11)
    assert "電話の制御から応答がありません" in await sato.page("/")
    await desk.operator("sato", OperatorState.READY)
    async with sato.stream("/live/desk") as events:
        assert "応答がありません" not in await events.fragment("受付可")


async def test_a_call_that_rings_appears_with_number_work_way_and_earlier_cases(desk, sato):
    await desk.waits("c0")
    await desk.talks("c0", "suzuki")
    draft = HistoryDraft("c0", "suzuki", Citizen(name="山田花子", phone=NUMBER), "ごみ", "", "回答済み", True)
    number = (await desk.store.cases.save_history(draft, desk.clock())).case.number
    async with sato.stream("/live/desk") as events:
        await desk.waits("c1")
        await desk.rings("c1", "sato")
        fragment = await events.fragment("着信中", "0466998877")
        assert re.search(r"<kbd>1</kbd> お問い合わせ", fragment)
        assert f"案件 {number}" in fragment
        assert "山田花子 様" in fragment
        await desk.talks("c1", "sato")
        await events.fragment("通話中", "内線転送", "切断", "履歴を保存する")


async def test_a_call_without_a_number_is_told_as_such(desk, sato):
    await desk.waits("c1", caller=None)
    await desk.rings("c1", "sato")
    page = await sato.page("/")
    assert "非通知" in page
    assert "None" not in page


async def test_a_reload_and_another_process_show_the_same_desk(desk, sato, tmp_path):
    await desk.waits("c1")
    await desk.talks("c1", "sato")
    await desk.wraps_up("c1", "sato")

    def desk_of(page: str) -> str:
        return re.sub(r'data-now="\d+"|X-CSRF-Token[^}]*|name="csrf" value="[^"]*"', "", page)

    first, again = await sato.page("/"), await sato.page("/")
    assert "後処理を終了する" in first
    assert desk_of(first) == desk_of(again)
    async with served(desk.store, desk.bus, desk.clock, tmp_path) as other, Browser(other.url) as browser:
        await browser.log_in("sato")
        assert desk_of(await browser.page("/")) == desk_of(first)


async def typed(browser: Browser, **fields: str) -> tuple[int, str]:
    answer = await browser.post("/calls/c1/history", {"subject": "ごみの収集", "outcome": "回答済み", **fields})
    return answer.status, await answer.text()


@pytest.fixture
async def call(desk, sato):
    await desk.waits("c1")
    await desk.talks("c1", "sato")
    await desk.wraps_up("c1", "sato")


async def test_a_history_is_saved_with_its_citizen_and_the_case_closed(desk, sato, call):
    status, text = await typed(sato, name="山田花子", phone="0466-99-8877", text="収集日を案内", close_case="1")
    assert status == 200
    assert "保存しました(案件 1)" in text
    page = await sato.page("/cases/1")
    for shown in ("山田花子", "0466998877", "収集日を案内", "完了", "佐藤"):
        assert shown in page


async def test_the_same_history_saved_twice_is_one(desk, sato, call):
    first, second = await typed(sato, text="一度"), await typed(sato, text="一度")
    assert (first[0], second[0]) == (200, 200)
    history = await desk.store.cases.history_of_call("c1")
    assert history is not None
    assert history.version == 1


async def test_the_later_writer_is_told_who_was_faster_and_keeps_the_own_text(desk, sato, call):
    await typed(sato, text="先の窓")
    status, text = await typed(sato, text="後の窓")
    assert status == 409
    assert "佐藤 さんが" in text
    assert "先の窓" in text.split("<form")[1]
    assert re.search(r"<textarea[^>]*>\s*後の窓</textarea>", text)
    fields = dict(re.findall(r'name="(version|case_version)" value="(\d+)"', text))
    fields["case"] = re.findall(r'<option value="([^"]+)" selected', text)[0]
    status, _ = await typed(sato, text="後の窓", **fields)
    assert status == 200
    history = await desk.store.cases.history_of_call("c1")
    assert history is not None
    assert (history.text, history.version) == ("後の窓", 2)


async def test_a_form_with_mistakes_is_not_saved_and_says_what_is_wrong(desk, sato, call):
    status, text = await typed(sato, subject="", phone="電話", text="消えない文章")
    assert status == 422
    assert "件名を入力してください" in text
    assert "電話番号は数字" in text
    assert "消えない文章" in text
    assert await desk.store.cases.history_of_call("c1") is None


async def test_only_who_talked_may_write_the_history(desk, call):
    async with Browser(desk.url) as suzuki:
        await suzuki.log_in("suzuki")
        assert (await typed(suzuki))[0] == 403
    async with Browser(desk.url) as mori:
        await mori.log_in("mori")
        assert (await typed(mori))[0] == 403
    assert await desk.store.cases.history_of_call("c1") is None


async def test_a_history_that_is_owed_stays_on_the_desk_when_the_wrap_up_is_over_until_it_is_saved(desk, sato, call):
    await desk.is_over("c1", "sato")
    assert "履歴を保存する" in await sato.page("/")
    assert (await typed(sato))[0] == 200
    async with sato.stream("/live/desk") as events:
        fragment = await events.fragment("応対履歴を保存しました")
    assert "履歴を保存する" not in fragment


async def test_choosing_an_earlier_case_fills_in_its_citizen_and_the_history_joins_it(desk, sato, call):
    await typed(sato, name="山田花子", phone="0466998877", address="藤沢市朝日町1-1")
    case = await desk.store.cases.by_number(1)
    await desk.waits("c2")
    await desk.talks("c2", "sato")
    answer = await sato.get(f"/calls/c2/citizen?case={case.id}")
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', await answer.text()))
    assert (fields["name"], fields["address"]) == ("山田花子", "藤沢市朝日町1-1")
    saved = await sato.post(
        "/calls/c2/history", {**fields, "case": case.id, "subject": "つづき", "outcome": "回答済み"}
    )
    assert saved.status == 200
    assert [history.subject for history in await desk.store.cases.histories(case.id)] == ["ごみの収集", "つづき"]


async def test_what_a_citizen_or_an_operator_wrote_is_never_markup(desk, sato, call):
    evil = "\"><script>alert(1)</script><hx-partial hx-target='#state'>"
    status, text = await typed(sato, name=evil, text=evil, subject=evil, email=evil)
    pages = [text, await sato.page("/"), await sato.page("/cases"), await sato.page("/cases/1")]
    await desk.waits("c2")
    await desk.rings("c2", "sato")
    async with sato.stream("/live/desk") as events:
        pages.append(await events.fragment("着信中"))
    assert status == 200
    for page in pages:
        assert "<script>alert" not in page
        assert "<hx-partial hx-target='#state'>" not in page
    assert "&lt;script&gt;" in pages[3]


async def test_no_event_of_an_open_desk_tells_the_log_a_number(desk, sato, call, caplog):
    caplog.set_level("DEBUG")
    await typed(sato, phone=NUMBER.digits)
    await sato.page("/")
    logged = [record.getMessage() for record in caplog.records if record.name.startswith(("agent_console", "aiohttp"))]
    assert NUMBER.digits not in " ".join(logged)
