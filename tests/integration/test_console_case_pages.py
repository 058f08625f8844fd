"""Lists of cases and the case pages: what is closed, answered and followed up there, and by whom."""

import re

from crm.users import Role
from kernel.case import CaseStatus, FollowUp
from tests.support.casework import HANAKO, known
from tests.support.console_client import Browser


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


async def test_staff_close_and_open_again_the_cases_of_their_own_departments_and_no_others(desk):
    await desk.store.user_admin.save("kimura", "木村", Role.STAFF, {"koen", "kanko"}, by="ueda", now=desk.clock())
    for call, department in (("c1", "kanko"), ("c2", "nozei"), ("c3", "")):
        await known(desk, call, department=department)
    async with Browser(desk.url) as kimura:
        await kimura.log_in("kimura")
        for number, may in ((1, True), (2, False), (3, False)):
            for button in ("close", "reopen"):
                asked = await kimura.post(f"/cases/{number}/{button}")
                assert asked.status == (303 if may else 403), (number, button)
            page = await kimura.page(f"/cases/{number}")
            assert ("案件を完了にする" in page) is may
            fields = {"id": re.search(r'name="id" value="([0-9a-f]{32})"', page)[1], "subject": "回答"}
            taken_to_oneself = {"department": "kanko", "close_case": "1"}
            sent = await kimura.post(f"/cases/{number}/histories", {**fields, **taken_to_oneself})
            assert sent.status == (204 if may else 403), number
    cases = [await desk.store.cases.by_number(number) for number in (1, 2, 3)]
    assert [case.status for case in cases] == [CaseStatus.CLOSED, CaseStatus.OPEN, CaseStatus.OPEN]
    assert [case.department for case in cases] == ["kanko", "nozei", ""]


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
