"""The telephone directory at the console: found and put through, told, looked up."""

import re
from dataclasses import replace

import pytest

from kernel.commands import CommandKind
from kernel.events import Event, EventKind
from kernel.monitor import Monitor, MonitorMode
from kernel.operator import OperatorState
from kernel.telling import Told
from tests.support.console import served
from tests.support.console_client import Browser
from tests.support.directory import TAX

pytestmark = pytest.mark.usefixtures("directory", "talk")


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
        assert (await sato.post("/desk/consult", {"call": "c1", "extension": "2310"})).status == 409
        assert (await sato.post("/desk/consult", {"call": "c1", "extension": "2310", "anyway": "1"})).status == 200
        sent = await anext(commands)
        assert (sent.kind, sent.extension) == (CommandKind.CONSULT, "2310")
        assert 'hx-post="/desk/consult" hx-include="closest form"' in await found(sato, "2310")
    refused = await sato.post("/desk/hand-over", {"call": "c1", "extension": "2399", "anyway": "1"})
    assert refused.status == 409


async def test_a_number_that_the_platform_tells_goes_to_the_controller_with_its_reading(desk, sato):
    assert 'hx-post="/desk/speak-number"' in await found(sato, "警察")
    police = next(one.entry for one in await desk.store.directory.all() if one.entry.id == "k")
    async with desk.commands() as commands:
        assert (await sato.post("/desk/speak-number", {"call": "c1", "entry": "k"})).status == 200
        sent = await anext(commands)
    assert (sent.kind, sent.call) == (CommandKind.TELL_NUMBER, "c1")
    assert sent.told == Told("k", police.department, police.reading or police.name, police.outside)
    for fields in ({"call": "c1", "entry": "t"}, {"call": "none", "entry": "k"}):
        assert (await sato.post("/desk/speak-number", fields)).status == 409
    assert not await desk.store.events.of_call("c1", {EventKind.NUMBER_TOLD}), "it is told once the caller hears it"


async def test_without_words_for_it_the_platform_tells_no_number(desk, sato):
    version = await desk.store.centres.current_version()
    texts = {id: text for id, text in version.centre.announcements.items() if id != "tell-goodbye"}
    centre = version.centre.model_copy(update={"announcements": texts})
    await desk.store.centres.save(centre, by="ueda", now=desk.clock(), expected_version=version.version)
    await desk.store.centres.refresh()
    assert "speak-number" not in await found(sato, "警察")
    refused = await sato.post("/desk/speak-number", {"call": "c1", "entry": "k"})
    assert refused.status == 409
    assert "番号を案内する案内文" in await refused.text()


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
    others = [replace(TAX, id=f"t{n}", section=f"税制第{n}課", extension=f"24{n}0") for n in range(3)]
    await desk.store.directory.replace([*others, TAX], by="ueda", now=desk.clock())
    assert (await found(sato, "税制")).index('"2400"') < (await found(sato, "税制")).index('"2301"')
    async with sato.stream("/live/desk") as events:
        await desk.tell(
            Event(EventKind.HAND_OVER_STARTED, desk.clock(), "c1", "sato", "enquiries", {"extension": "2301"}),
            Event(EventKind.HAND_OVER_FAILED, desk.clock(), "c1", "sato", "enquiries", {"extension": "2301"}),
        )
        await events.fragment("お客様は待ち行列に戻りました")
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


async def test_a_supervisor_who_has_taken_a_call_over_has_the_same_finder_for_that_call(desk, sato):
    watched = desk.calls["c1"].monitored(Monitor("mori", "c1~monitor~mori~x", MonitorMode.TAKE_OVER))
    data = {"by": "mori"}
    taken = Event(EventKind.CALL_TAKEN_OVER, desk.clock(), "c1", "sato", "enquiries", data)
    await desk.tell(watched.taken_over(), taken)
    async with Browser(desk.url) as mori, desk.commands() as commands:
        await mori.log_in("mori")
        assert "/wall/taken/c1/hand-over" in await mori.page("/wall/taken/c1")
        police = await found(mori, "警察")
        assert 'hx-post="/wall/taken/c1/tell"' in police
        assert (await mori.post("/wall/taken/c1/tell", {"entry": "k"})).status == 200
        assert (await mori.post("/wall/taken/c1/speak-number", {"entry": "k"})).status == 200
        assert (await anext(commands)).kind is CommandKind.TELL_NUMBER
        refused = await mori.post("/wall/taken/c1/hand-over", {"extension": "2310"})
        assert refused.status == 409
        assert "受付時間外" in await refused.text()
        assert (await mori.post("/wall/taken/c1/hand-over", {"extension": "2310", "anyway": "1"})).status == 200
        sent = await anext(commands)
        assert (sent.kind, sent.by, sent.extension) == (CommandKind.HAND_OVER, "mori", "2310")


async def test_everybody_may_look_and_only_administrators_edit(desk, sato, ueda):
    for browser in (sato, ueda):
        assert "税制課" in await browser.page("/directory?q=ぜい")
    assert "/admin/directory" not in await sato.page("/directory")
    assert (await sato.get("/admin/directory/entries/t")).status == 403
    assert (await sato.post("/admin/directory/entries/t/remove", {"version": "1"})).status == 403
    assert "資産税課" not in await sato.page("/directory?division=財務部")
    assert "0件" in await sato.page("/directory?q=んんん")
