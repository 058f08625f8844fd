"""取次: a case is handed on to the department in one step; and transfers in the figures."""

import re

import pytest

from kernel.events import Event, EventKind
from tests.support.console_client import Browser

pytestmark = pytest.mark.usefixtures("directory", "talk")


async def failed_transfer(desk, extension: str = "2301") -> None:
    for kind, data in ((EventKind.HAND_OVER_STARTED, {}), (EventKind.HAND_OVER_FAILED, {"reason": "no_answer"})):
        await desk.tell(Event(kind, desk.clock(), "c1", "sato", "enquiries", {"extension": extension, **data}))


@pytest.mark.parametrize(("why", "says"), [("cancelled", "相談のみ"), ("busy", "話中"), ("hung_up", "転送先が切断")])
async def test_a_case_is_handed_on_to_who_was_asked_and_did_not_take_the_call(desk, sato, why, says):
    data = {"extension": "2301", "why": why}
    await desk.tell(Event(EventKind.CONSULT_ENDED, desk.clock(), "c1", "sato", "enquiries", data))
    assert "所管課へ取り次ぐ" in await sato.page("/")
    form = await (await sato.post("/calls/c1/escalation/form", {"subject": "原付"})).text()
    assert re.search(r'<option value="zeisei" selected>', form)
    assert f"税制課(内線2301): {says}" in form


async def test_a_caller_who_came_back_is_handed_on_in_one_step_with_name_contact_and_where_it_was_tried(desk, sato):
    draft = {"subject": "原付の廃車", "text": "手続きを知りたい", "name": "山田花子", "phone": "0466998877"}
    await failed_transfer(desk)
    assert "内線2301に転送できませんでした" in await sato.page("/")
    form = await (await sato.post("/calls/c1/escalation/form", {**draft, "address": "朝日町1-1"})).text()
    for known in ("山田花子", "0466998877", "原付の廃車", "手続きを知りたい", "税制課(内線2301)"):
        assert known in form
    assert re.search(r'<option value="zeisei" selected>', form)
    fields = {**draft, "department": "zeisei", "follow_up_due": "2026-12-01", "entry": "t"}
    answer = await sato.post("/calls/c1/escalation", fields)
    assert answer.status == 200, await answer.text()
    assert "税制課へ取り次ぎました(案件 1)" in await answer.text()
    case = await desk.store.cases.by_number(1)
    assert (case.department, case.status.value, case.citizen.name) == ("zeisei", "open", "山田花子")
    assert (case.citizen.phone.digits, case.citizen.address) == ("0466998877", "朝日町1-1")
    assert case.follow_up.due.isoformat() == "2026-12-01"
    history = await desk.store.cases.history_of_call("c1")
    assert history.outcome == "所管課へ取次"
    assert history.text.startswith("手続きを知りたい\n【取次】税制課(内線2301)\n転送: ")
    assert "呼び出し時間内に応答がありませんでした" in history.text


async def test_without_a_department_nothing_is_handed_on_and_what_was_typed_stays(desk, sato):
    answer = await sato.post("/calls/c1/escalation", {"subject": "落とし物", "text": "財布", "entry": "k"})
    text = await answer.text()
    assert answer.status == 422
    assert "取次先の所管課を選んでください" in text
    assert "財布" in text
    assert await desk.store.cases.history_of_call("c1") is None


async def test_only_who_talked_hands_a_case_on(desk, sato):
    async with Browser(desk.url) as suzuki:
        await suzuki.log_in("suzuki")
        assert (await suzuki.post("/calls/c1/escalation/form")).status == 403
        assert (await suzuki.post("/calls/c1/escalation", {"subject": "x", "department": "zeisei"})).status == 403


async def test_transfers_stand_in_the_figures_by_department_and_in_a_file(desk, sato, ueda):
    await failed_transfer(desk)
    await sato.post("/desk/tell", {"call": "c1", "entry": "k"})
    page = await ueda.page("/figures")
    table = page.split('id="transfers"')[1].split("</table>")[0]
    assert "税制課" in table
    assert "藤沢警察署" in table
    file = await (await ueda.get("/figures/transfers.csv")).text()
    lines = [line.split(",") for line in file.splitlines()]
    assert [line[1:5] for line in lines[1:]] == [["財務部", "税制課", "1", "0"], ["", "藤沢警察署", "0", "0"]]
    assert (await sato.get("/figures/transfers.csv")).status == 403
