"""The desk's screen pop, drafts and lookups; the case pages."""

import re
from pathlib import Path

import pytest

from kernel.case import CaseStatus, Citizen, FollowUp, HistoryDraft
from kernel.events import Event, EventKind
from kernel.operator import OperatorState
from tests.support.console import NUMBER, console
from tests.support.console_client import Browser

HANAKO = Citizen(name="髙橋 さくら", address="神奈川県藤沢市辻堂1-2-3", phone=NUMBER)


@pytest.fixture
async def desk(tmp_path: Path):
    async with console(tmp_path) as running:
        yield running


@pytest.fixture
async def sato(desk):
    async with Browser(desk.url) as browser:
        await browser.log_in("sato")
        await desk.operator("sato", OperatorState.PAUSED)
        yield browser


@pytest.fixture
async def call(desk, sato):
    await desk.waits("c1")
    await desk.talks("c1", "sato")


async def known(desk, call: str | None = "c0", author: str = "suzuki", **more) -> int:
    draft = HistoryDraft(call, author, HANAKO, "粗大ごみ", "出し方を案内した", "回答済み", False, **more)
    return (await desk.store.cases.save_history(draft, desk.clock())).case.number


async def test_the_pop_tells_why_it_rings_here_and_what_the_one_before_left(desk, sato):
    await desk.waits("c1")
    await desk.talks("c1", "suzuki")
    await desk.store.drafts.save("c1", "suzuki", {"subject": "道路", "text": "穴がある"}, desk.clock(), window="w")
    await desk.tell(Event(EventKind.HAND_OVER_FAILED, desk.clock(), "c1", data={"extension": "2110", "reason": "busy"}))
    desk.calls["c1"] = desk.calls["c1"].waits_in("enquiries", desk.clock())
    why = {"why": "longest_idle", "because": "佐藤さん：最も長く待機しているため"}
    await desk.tell(Event(EventKind.CALL_OFFERED, desk.clock(), "c1", "sato", data=why))
    await desk.rings("c1", "sato")
    page = await sato.page("/")
    pop = page[page.index('id="call"') : page.index('id="histories"')]
    for shown in (
        "最も長く待機しているため",
        "内線2110に転送できませんでした",
        "鈴木さんが応答",
        "鈴木 さんの下書き",
        "穴がある",
    ):
        assert shown in pop


async def test_the_pop_of_a_first_offer_opens_no_more_than_it_shows(desk, sato, monkeypatch):
    for number in range(12):
        await known(desk, f"old{number}")
    opened: list[str] = []
    rows = desk.store.case_finder._rows
    for name in ("case", "history"):
        real = getattr(rows, name)
        monkeypatch.setattr(rows, name, lambda row, real=real: (opened.append(row["id"]), real(row))[1])
    await desk.waits("c1")
    await desk.rings("c1", "sato")
    page = await sato.page("/")
    assert "12件" in page
    assert len(opened) == 10


async def test_a_draft_comes_back_after_a_reload_is_replaced_and_goes_with_the_history(desk, sato, call):
    for text in ("途中", "途中まで"):
        kept = await sato.post("/calls/c1/draft", {"text": text, "subject": "ごみ", "window": "w1"})
        assert kept.status == 200
    assert await (await sato.get("/calls/c1/draft")).json() == {
        "version": 2,
        "at": re.search(r"\d\d:\d\d", (await kept.json())["at"])[0],
        "fields": {"text": "途中まで", "subject": "ごみ", "close_case": ""},
    }
    page = await sato.page("/")
    assert re.search(r"<textarea[^>]*>\s*途中まで</textarea>", page)
    assert "の下書きを表示しています" in page
    answer = await sato.post("/calls/c1/history", {"subject": "ごみ", "text": "途中まで", "outcome": "回答済み"})
    assert answer.status == 200
    assert (await sato.get("/calls/c1/draft")).status == 404
    late = await sato.post("/calls/c1/draft", {"text": "遅れて届いた", "version": "0"})
    assert late.status == 409
    assert "遅れて届いた" not in await sato.page("/")


async def test_a_draft_is_nobody_elses_and_of_no_other_call(desk, call):
    async with Browser(desk.url) as suzuki:
        await suzuki.log_in("suzuki")
        assert (await suzuki.post("/calls/c1/draft", {"text": "他人"})).status == 403
        assert (await suzuki.get("/calls/c1/draft")).status == 403
        assert (await suzuki.post("/calls/nowhere/draft", {"text": "他人"})).status == 404
    assert await desk.store.drafts.about("c1") == []


async def test_a_form_with_mistakes_is_kept_as_a_draft(desk, sato, call):
    answer = await sato.post("/calls/c1/history", {"subject": "", "text": "消えない文章"})
    assert answer.status == 422
    assert "消えない文章" in await sato.page("/")


async def test_department_category_and_follow_up_are_saved_and_nonsense_is_told(desk, sato, call):
    fields = {"subject": "観光", "outcome": "回答済み", "department": "kanko", "category": "産業・観光"}
    wrong = {"department": "nowhere", "category": "なし", "follow_up_by": "nobody", "follow_up_due": "近いうち"}
    answer = await sato.post("/calls/c1/history", {**fields, **wrong})
    text = await answer.text()
    assert answer.status == 422
    assert text.count("選び直してください") == 3
    assert "期限は年月日で" in text
    due = {"follow_up_due": "2026-12-01", "follow_up_by": "suzuki"}
    assert (await sato.post("/calls/c1/history", {**fields, **due})).status == 200
    case = await desk.store.cases.by_number(1)
    assert (case.department, case.category) == ("kanko", "産業・観光")
    assert case.follow_up == FollowUp("suzuki", case.follow_up.due)
    page = await sato.page("/cases/1")
    for shown in ("観光課", "産業・観光", "12月1日まで", "鈴木"):
        assert shown in page


async def test_the_same_citizen_is_found_by_what_is_typed_and_the_number_never_stands_in_an_address(desk, sato, call):
    number = await known(desk)
    for typed in (
        {"name": "高橋サクラ"},
        {"address": "藤沢市辻堂一丁目2番3号"},
        {"phone": "0466-99-8877", "email": "x"},
    ):
        answer = await sato.post("/calls/c1/alike", typed)
        assert f"案件 {number} に追加する" in await answer.text()
    assert "案件" not in await (await sato.post("/calls/c1/alike", {"name": "高橋", "phone": "04"})).text()


@pytest.mark.parametrize("code", ["251-0054", "2510054", "２５１－００５４", "〒251ー0054"])
async def test_a_postal_code_in_any_writing_leads_to_its_address(sato, code):
    answer = await sato.post("/postal-code", {"postal_code": code, "fills": "address-k1"})
    assert 'data-fills="address-k1" data-text="神奈川県藤沢市朝日町"' in await answer.text()


async def test_a_postal_code_that_is_not_whole_says_nothing_and_one_that_is_none_says_so(sato):
    for code, said in (("25100", ""), ("000-0000", "この郵便番号は見つかりません。"), ("\"'><b>", "")):
        answer = await sato.post("/postal-code", {"postal_code": code, "fills": '"><b>'})
        assert (await answer.text()).strip().removeprefix('<p class="soft small">').removesuffix("</p>") == said


async def test_a_list_shows_what_its_filter_asks_for_and_pages_keep_the_filter(desk, sato):
    await known(desk, "c1", department="kanko")
    await known(desk, "c2", author="sato")
    await known(desk, "c3", follow_up=FollowUp("sato", desk.clock().date()))
    await desk.store.cases.set_status((await desk.store.cases.by_number(1)).id, CaseStatus.CLOSED, "mori", desk.clock())

    async def shown(query: str) -> list[str]:
        return re.findall(r'<a href="/cases/(\d+)"', await sato.page(f"/cases?{query}"))

    assert await shown("") == ["3", "2", "1"]
    assert await shown("status=open") == ["3", "2"]
    assert await shown("status=closed&department=kanko") == ["1"]
    assert await shown("mine=1") == ["3", "2"]
    assert await shown("due=1") == ["3"]
    assert await shown("status=nonsense&before=x") == ["3", "2", "1"]
    assert await shown("status=open&before=3") == ["2"]


async def test_a_case_is_closed_and_opened_again_by_those_who_may_with_their_names(desk):
    await known(desk)
    async with Browser(desk.url) as kimura, Browser(desk.url) as mori, Browser(desk.url) as ueda:
        for browser, user in ((kimura, "kimura"), (mori, "mori"), (ueda, "ueda")):
            await browser.log_in(user)
        assert (await kimura.post("/cases/1/close")).status == 403
        assert (await ueda.post("/cases/1/close")).status == 403
        for _ in range(2):
            assert (await mori.post("/cases/1/close")).status == 303
        page = await kimura.page("/cases/1")
        assert re.search(r"完了\s+森", page)
        assert "案件を再開する" not in page
        assert (await mori.post("/cases/1/reopen")).status == 303
        assert re.search(r"再開\s+森", await kimura.page("/cases/1"))
        assert (await mori.post("/cases/9/close")).status == 404
    steps = await desk.store.cases.steps((await desk.store.cases.by_number(1)).id)
    assert [one.step for one in steps] == ["opened", "closed", "reopened"]


async def test_staff_add_an_answer_without_a_call_once_however_often_it_is_sent(desk):
    await known(desk)
    async with Browser(desk.url) as kimura:
        await kimura.log_in("kimura")
        page = await kimura.page("/cases/1")
        id = re.search(r'name="id" value="([0-9a-f]{32})"', page)[1]
        await kimura.post("/cases/1/draft", {"id": id, "text": "下書き"})
        assert "下書き" in await kimura.page("/cases/1")
        fields = {
            "id": id,
            "subject": "担当課の回答",
            "text": "来週から工事",
            "outcome": "回答済み",
            "department": "koen",
        }
        for _ in range(2):
            answer = await kimura.post("/cases/1/histories", fields)
            assert (answer.status, answer.headers["HX-Redirect"]) == (204, "/cases/1")
        page = await kimura.page("/cases/1")
        assert (await kimura.post("/cases/1/draft", {"id": id, "text": "遅れて届いた"})).status == 409
        assert (await kimura.post("/cases/1/histories", {**fields, "close_case": "1"})).status == 403
        assert (await kimura.post("/cases/1/histories", {"id": "x", "subject": ""})).status == 422
    case = await desk.store.cases.by_number(1)
    assert case.department == "koen"
    assert case.citizen == HANAKO
    assert [one.author for one in await desk.store.cases.histories(case.id)] == ["suzuki", "kimura"]
    assert page.count("担当課の回答") == 1
    assert "電話以外" in page


async def test_who_has_a_case_open_is_pushed_to_the_others_and_taken_away_when_they_leave(desk, sato):
    await known(desk)
    async with Browser(desk.url) as mori, sato.stream("/live/cases/1?version=1") as events:
        await mori.log_in("mori")
        assert (await mori.post("/cases/1/open")).status == 204
        assert (await sato.post("/cases/1/open")).status == 204
        fragment = await events.fragment("森 さんもこの案件を開いています")
        assert "佐藤" not in fragment
        await mori.post("/cases/1/close")
        await events.fragment("更新されました")
        await mori.post("/cases/1/leave")
        assert "森" not in await events.fragment("draft-answer")


async def test_the_desk_tells_who_else_has_the_calls_case_open(desk, sato, call):
    number = await known(desk)
    case = await desk.store.cases.by_number(number)
    await sato.post("/calls/c1/draft", {"case": case.id, "subject": "つづき"})
    async with Browser(desk.url) as mori, sato.stream("/live/desk") as events:
        await mori.log_in("mori")
        await mori.post(f"/cases/{number}/open")
        await events.fragment("森 さんもこの応対履歴か案件を開いています")
