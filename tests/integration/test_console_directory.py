"""The telephone directory at the console: found and put through, told, looked up, edited, imported, counted."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import FormData

from crm.directory.csv_text import write
from crm.directory.hours_text import read_hours
from kernel.commands import CommandKind
from kernel.directory import Body, Entry
from kernel.events import Event, EventKind
from kernel.operator import OperatorState
from tests.support.console import console, served
from tests.support.console_client import Browser

ALWAYS, NEVER = read_hours("24時間"), read_hours("祝 00:00-00:01")
TAX = Entry("t", "税制課", division="財務部", reading="ぜいせいか", extension="2301", hours=ALWAYS, department="zeisei")
SHUT = Entry("n", "資産税課", reading="しさんぜいか", extension="2310", hours=NEVER, department="shisanzei")
POLICE = Entry(
    "k",
    "藤沢警察署",
    reading="ふじさわけいさつしょ",
    outside="0466-00-1009",
    tellable=True,
    transferable=False,
    body=Body.RELATED,
    hours=ALWAYS,
)
STORE_ROOM = Entry("r", "作業室", extension="2399", transferable=False, hours=ALWAYS)


@pytest.fixture
async def desk(tmp_path: Path):
    async with console(tmp_path) as running:
        await running.store.directory.replace([TAX, SHUT, POLICE, STORE_ROOM], by="ueda", now=running.clock())
        yield running


@pytest.fixture
async def sato(desk):
    async with Browser(desk.url) as browser:
        await browser.log_in("sato")
        await desk.waits("c1")
        await desk.talks("c1", "sato")
        yield browser


@pytest.fixture
async def ueda(desk):
    async with Browser(desk.url) as browser:
        await browser.log_in("ueda")
        yield browser


async def found(browser: Browser, typed: str) -> str:
    return await (await browser.get(f"/directory/find?call=c1&q={typed}")).text()


async def test_the_finder_is_part_of_a_talk_and_shows_what_can_be_done(desk, sato):
    assert "内線・課名・用件" in await sato.page("/")
    tax = await found(sato, "ぜいせい")
    assert 'data-extension="2301"' in tax
    assert 'data-typed="ぜいせい"' in tax
    shut = await found(sato, "しさん")
    assert "受付時間外です" in shut
    assert 'data-extension=""' in shut
    assert "時間外でも内線 2310 を呼び出す" in shut
    police = await found(sato, "警察")
    assert re.search(r'番号をご案内 <b class="large">0466-00-1009</b>', police)
    assert "見つかりません" in await found(sato, "んんん")


async def test_an_extension_that_is_in_no_directory_is_offered_as_such(desk, sato):
    assert "番号表にありません" in await found(sato, "2999")


async def test_what_is_typed_is_never_markup(desk, sato):
    answer = await sato.session.get(f"{desk.url}/directory/find", params={"q": "<script>x", "call": "<b>"}, ssl=False)
    text = await answer.text()
    assert "<script>" not in text
    assert "&lt;script&gt;x" in text


@pytest.mark.parametrize(
    ("extension", "says"),
    [("2310", "受付時間外のため、転送しませんでした"), ("2399", "内線転送できない相手です")],
)
async def test_nobody_is_put_through_by_mistake_to_where_nobody_answers(desk, sato, extension, says):
    async with desk.commands() as commands:
        answer = await sato.post("/desk/hand-over", {"call": "c1", "extension": extension})
        assert answer.status == 409
        assert says in await answer.text()
        await sato.post("/desk/hand-over", {"call": "c1", "extension": "2301"})
        assert (await anext(commands)).extension == "2301"


async def test_out_of_hours_is_rung_where_the_operator_asks_for_it(desk, sato):
    async with desk.commands() as commands:
        answer = await sato.post("/desk/hand-over", {"call": "c1", "extension": "2310", "anyway": "1"})
        assert answer.status == 200
        sent = await anext(commands)
        assert (sent.kind, sent.extension) == (CommandKind.HAND_OVER, "2310")
    refused = await sato.post("/desk/hand-over", {"call": "c1", "extension": "2399", "anyway": "1"})
    assert refused.status == 409


async def test_a_number_that_was_told_is_kept_and_counted(desk, sato):
    assert (await sato.post("/desk/tell", {"call": "c1", "entry": "k"})).status == 200
    told = await desk.store.events.of_call("c1", {EventKind.NUMBER_TOLD})
    assert dict(told[0].event.data) == {"entry": "k", "department": "", "how": "operator", "by": "sato"}
    for fields in ({"call": "c1", "entry": "t"}, {"call": "c1", "entry": "x"}, {"call": "none", "entry": "k"}):
        assert (await sato.post("/desk/tell", fields)).status == 409
    async with Browser(desk.url) as suzuki:
        await suzuki.log_in("suzuki")
        assert (await suzuki.post("/desk/tell", {"call": "c1", "entry": "k"})).status == 409, "not her call"
    assert len(await desk.store.events.of_call("c1", {EventKind.NUMBER_TOLD})) == 1


async def test_what_was_put_through_comes_first_the_next_time(desk, sato):
    others = [replace(TAX, id=f"t{n}", unit=f"第{n}担当", extension=f"24{n}0") for n in range(3)]
    await desk.store.directory.replace([*others, TAX], by="ueda", now=desk.clock())
    assert (await found(sato, "税制")).index('"2400"') < (await found(sato, "税制")).index('"2301"')
    async with sato.stream("/live/desk") as events:
        await desk.tell(
            Event(EventKind.HAND_OVER_STARTED, desk.clock(), "c1", "sato", "enquiries", {"extension": "2301"}),
            Event(EventKind.HAND_OVER_FAILED, desk.clock(), "c1", "sato", "enquiries", {"extension": "2301"}),
        )
        await events.fragment("転送先につながりませんでした")
    text = await found(sato, "税制")
    assert text.index('"2301"') < text.index('"2400"')


async def test_a_change_is_found_in_this_console_at_once_and_in_another_with_the_news(desk, sato, ueda, tmp_path):
    fields = {"section": "新しい課", "extension": "2500", "transferable": "可", "tellable": "不可", "body": "市"}
    async with served(desk.store, desk.bus, desk.clock, tmp_path) as other, Browser(other.url) as there:
        await there.log_in("sato")
        assert "見つかりません" in await found(there, "新しい")
        answer = await ueda.post("/admin/directory/new", fields)
        assert answer.status == 303, await answer.text()
        assert "2500" in await found(sato, "新しい")
        async with there.stream("/live/desk") as events:
            await desk.operator("sato", OperatorState.ON_HOLD, "c1")  # comes after the news
            await events.fragment("保留中")
        assert "2500" in await found(there, "新しい")


async def test_everybody_may_look_and_only_administrators_edit(desk, sato, ueda):
    for browser in (sato, ueda):
        assert "税制課" in await browser.page("/directory?q=ぜい")
    assert "/admin/directory" not in await sato.page("/directory")
    assert (await sato.get("/admin/directory/entries/t")).status == 403
    assert (await sato.post("/admin/directory/entries/t/remove", {"version": "1"})).status == 403
    assert "資産税課" not in await sato.page("/directory?division=財務部")
    assert "0件" in await sato.page("/directory?q=んんん")


async def test_an_entry_is_changed_and_removed_and_the_log_says_by_whom(desk, ueda):
    page = await ueda.page("/admin/directory/entries/t")
    fields = dict(re.findall(r'<input name="(\w+)" value="([^"]*)"', page))
    fields |= {"transferable": "可", "tellable": "不可", "body": "市", "department": "zeisei", "version": "1"}
    answer = await ueda.post("/admin/directory/entries/t", {**fields, "extension": "2302"})
    assert answer.status == 303, await answer.text()
    page = await ueda.page("/admin/directory/entries/t")
    assert "内線: 2301 → 2302" in page
    assert "上田" in page
    late = await ueda.post("/admin/directory/entries/t", {**fields, "extension": "2303"})
    assert late.status == 409
    assert "ほかの人が先に変更しました" in await late.text()
    taken = await ueda.post("/admin/directory/entries/t", {**fields, "extension": "2310", "version": "2"})
    assert taken.status == 409
    assert "内線2310は「資産税課」が使っています" in await taken.text()
    wrong = await ueda.post("/admin/directory/entries/t", {**fields, "extension": "abc", "version": "2"})
    assert wrong.status == 422
    assert 'value="abc"' in await wrong.text(), "what was typed stays"
    assert (await ueda.post("/admin/directory/entries/t/remove", {"version": "2"})).status == 303
    assert await desk.store.directory.find("t") is None
    assert (await ueda.get("/admin/directory/entries/t")).status == 404


async def imported(desk, browser: Browser, file: bytes, **more: str) -> tuple[int, str]:
    form = FormData({"csrf": browser.csrf, **more})
    form.add_field("file", file, filename="directory.csv", content_type="text/csv")
    answer = await browser.session.post(
        f"{desk.url}/admin/directory/import", data=form, ssl=False, headers={"Origin": browser.url}
    )
    return answer.status, await answer.text()


async def test_a_file_with_a_mistake_is_told_line_by_line_and_changes_nothing(desk, ueda):
    file = "課,内線\n税制課,2301\n国保,x\n".encode("cp932")
    status, text = await imported(desk, ueda, file)
    assert status == 422
    assert "3行目 内線: 内線「x」は、数字2〜8桁で書いてください。" in text
    assert len(await desk.store.directory.all()) == 4
    status, text = await imported(desk, ueda, file, skip="1")
    assert status == 200
    assert "誤りのある 1行を除きました" in text
    assert [one.entry.name for one in await desk.store.directory.all()] == ["税制課"]


async def test_what_is_exported_can_be_imported_and_a_file_larger_than_a_form_too(desk, ueda):
    text = await (await ueda.get("/admin/directory.csv")).text()
    assert text == write([TAX, SHUT, POLICE, STORE_ROOM])
    many = [replace(TAX, id=f"e{n}", extension=str(20000 + n), note="備考" * 20) for n in range(3000)]
    file = write(many).encode()
    assert len(file) > 500_000
    status, said = await imported(desk, ueda, file)
    assert status == 200
    assert "追加 3000件、変更 0件、削除 4件" in said


async def test_a_file_that_is_none_says_so(desk, ueda):
    for file in (b"", b"\xff\x80", "あ,い\n".encode()):
        status, text = await imported(desk, ueda, file)
        assert status == 422
        assert "何も取り込んでいません" in text


async def failed_transfer(desk, extension: str = "2301") -> None:
    for kind, data in ((EventKind.HAND_OVER_STARTED, {}), (EventKind.HAND_OVER_FAILED, {"reason": "no_answer"})):
        await desk.tell(Event(kind, desk.clock(), "c1", "sato", "enquiries", {"extension": extension, **data}))


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
