"""The desk's screen pop, drafts and lookups."""

import re

import pytest

from kernel.case import FollowUp
from kernel.events import Event, EventKind
from tests.support.casework import known
from tests.support.console_client import Browser


@pytest.fixture
async def call(desk, sato):
    await desk.waits("c1")
    await desk.talks("c1", "sato")


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


async def test_the_desk_tells_who_else_has_the_calls_case_open(desk, sato, call):
    number = await known(desk)
    case = await desk.store.cases.by_number(number)
    await sato.post("/calls/c1/draft", {"case": case.id, "subject": "つづき"})
    async with Browser(desk.url) as mori, sato.stream("/live/desk") as events:
        await mori.log_in("mori")
        await mori.post(f"/cases/{number}/open")
        await events.fragment("森 さんもこの応対履歴か案件を開いています")
