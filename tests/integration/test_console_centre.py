"""The centre's configuration in the console: changed, refused, contested, and what stands on it."""

import asyncio
import re

from agent_console.centre.parts import BY_ID
from kernel.events import EventKind
from tests.support.centre_form import QUEUE, filled, form_of, press, queue_form, version
from tests.support.console_client import Browser

HOURS = "/admin/centre/hours"


async def test_a_change_is_shown_in_words_then_saved_and_told_to_all(desk, ueda):
    form = await queue_form(desk, priority="5")
    status, text, _ = await press(ueda, QUEUE, form, "check")
    assert status == 200
    assert "窓口「電話交換」の優先度 0 → 5" in text
    assert (await version(desk)).version == 1, "nothing is saved before it is confirmed"
    async with desk.bus.events() as events:
        status, _, location = await press(ueda, QUEUE, form, "save")
        assert (status, location) == (303, "/admin/centre/queues?saved=2")
        assert (await anext(events)).event.kind is EventKind.CENTRE_CHANGED
    now = await version(desk)
    assert (now.version, now.by, now.centre.queue("exchange").priority) == (2, "ueda", 5)
    assert "保存しました" in await ueda.page(location)


async def test_the_confirmation_carries_all_that_was_typed_also_back_to_the_form(desk, ueda):
    form = await queue_form(desk, label="交換\n<b>&", priority="7")
    _, review, _ = await press(ueda, QUEUE, form, "check")
    carried = re.findall(r'<textarea hidden aria-hidden="true" name="([^"]+)">\n(.*?)</textarea>', review, re.DOTALL)
    assert sorted(carried) == sorted(form)
    _, back, _ = await press(ueda, QUEUE, carried, "edit")
    assert re.search(r'name="priority"[^>]* value="7"', back)


async def test_all_problems_are_shown_beside_their_fields_and_nothing_typed_is_lost(desk, ueda):
    form = await queue_form(desk, label="", ring_seconds="1", priority="4", limit="many")
    status, text, _ = await press(ueda, QUEUE, form, "check")
    assert status == 422
    beside = dict(re.findall(r'class="problem" id="f-([a-z_]+)-p1">([^<]+)<', text))
    assert beside == {
        "label": "入力してください。",
        "ring_seconds": "3以上の数を入力してください。",
        "limit": "整数を入力してください。",
    }
    for name, typed in (("priority", "4"), ("limit", "many"), ("ring_seconds", "1")):
        assert re.search(rf'name="{name}"[^>]* value="{typed}"', text), name
    assert (await version(desk)).version == 1


async def test_what_can_not_go_says_what_stands_on_it_and_where_that_is_mended(desk, ueda):
    status, text, _ = await press(ueda, f"{QUEUE}/remove", [], "")
    assert status == 422
    told = re.findall(r'<li><a href="([^"]+)">([^<]+)</a>: ([^<]+)</li>', text)
    assert ("/admin/centre/menus/main", "メニュー「main」の番号の「2」", "窓口「exchange」はありません。") in told
    assert ("/admin/centre/operators/sato", "オペレーター「佐藤」の担当する窓口", "窓口「exchange」はありません。") in [
        (link, place.removesuffix("の2番目"), why) for link, place, why in told
    ]


async def test_a_queue_says_who_serves_it_and_what_leads_to_it(desk, ueda):
    page = await ueda.page(QUEUE)
    told = page[page.index('id="uses"') :]
    assert '<a href="/admin/centre/menus/main">メニュー「main」の番号の「2」</a>' in told
    assert '<a href="/admin/centre/operators/sato">オペレーター「佐藤」の担当する窓口</a>' in told
    assert "はじめのあいさつ" in await ueda.page("/admin/centre/announcements/welcome")


async def test_a_new_queue_is_made_and_removed_again(desk, ueda):
    form = filled(form_of(BY_ID["queues"], (await version(desk)).centre), id="tax", label="税のご相談")
    _, text, _ = await press(ueda, "/admin/centre/new/queues", form, "check")
    assert "窓口「税のご相談」を追加" in text
    await press(ueda, "/admin/centre/new/queues", form, "save")
    assert (await version(desk)).centre.queue("tax").label == "税のご相談"
    _, text, _ = await press(ueda, "/admin/centre/queues/tax/remove", [], "", seen=2)
    assert "窓口「税のご相談」を削除" in text
    assert (await version(desk)).centre.queue("tax")
    await press(ueda, "/admin/centre/queues/tax/remove", [], "save", seen=2)
    assert (await version(desk)).centre.queue("tax") is None


async def test_a_new_thing_does_not_take_the_place_of_one_that_is_there(desk, ueda):
    status, text, _ = await press(
        ueda, "/admin/centre/new/announcements", [("key", "welcome"), ("value", "別")], "check"
    )
    assert status == 422
    assert "このIDはすでに使われています" in text
    queue = filled(form_of(BY_ID["queues"], (await version(desk)).centre), id="exchange", label="別")
    status, text, _ = await press(ueda, "/admin/centre/new/queues", queue, "save")
    assert (status, (await version(desk)).version) == (422, 1)
    assert "「exchange」は、すでに使われています。" in text


async def test_rows_are_added_and_removed_without_a_script(desk, ueda):
    form = form_of(BY_ID["hours"], (await version(desk)).centre)
    _, text, _ = await press(ueda, HOURS, form, "add:hours.special")
    days = len((await version(desk)).centre.hours.special)
    assert re.search(rf'name="hours.special.{days}.date"[^>]* autofocus', text)
    typed = filled(form, hours__special__0__reason="年末のお休み")
    _, text, _ = await press(ueda, HOURS, typed, "remove:hours.special.1")
    assert 'value="年末のお休み"' in text
    assert f'name="hours.special.{days - 1}.date"' not in text
    assert (await press(ueda, HOURS, form, "remove:hours.special.99"))[0] == 400


async def test_a_closed_date_is_saved_from_the_form(desk, ueda):
    form = form_of(BY_ID["hours"], (await version(desk)).centre)
    day = [("hours.special", "99"), ("hours.special.99.date", "2026-12-05"), ("hours.special.99.reason", "停電")]
    _, text, _ = await press(ueda, HOURS, [*form, *day], "check")
    assert "受付時間の臨時休業・臨時開設に追加: 日付 2026-12-05、理由 停電" in text
    assert "denwa render" in text, "Asterisk alone says when the centre is closed, too"
    await press(ueda, HOURS, [*form, *day], "save")
    assert "2026-12-05" in [str(day.date) for day in (await version(desk)).centre.hours.special]


async def test_of_two_administrators_the_later_is_told_what_the_other_did_and_goes_on(desk, ueda):
    form = await queue_form(desk, priority="5")
    await press(ueda, QUEUE, filled(form, label="交換台"), "save")
    status, text, _ = await press(ueda, QUEUE, form, "save")
    assert status == 409
    assert re.search(r"上田さん\(\d\d:\d\d\)が設定を変更しました", text)
    assert "窓口「電話交換」の優先度 0 → 5" in text
    assert "窓口「電話交換」の名称 電話交換 → 交換台" in text
    assert "窓口「交換台」の名称 交換台 → 電話交換" in text, "what saving would take back"
    assert (await version(desk)).centre.queue("exchange").label == "交換台"
    status, *_ = await press(ueda, QUEUE, form, "save", seen=2)
    assert (status, (await version(desk)).centre.queue("exchange").label) == (303, "電話交換")


async def test_changes_of_different_things_do_not_take_each_other_back(desk, ueda):
    form = await queue_form(desk, priority="5")
    hours = form_of(BY_ID["hours"], (await version(desk)).centre)
    await press(ueda, HOURS, filled(hours, hours__special__0__reason="休み"), "save")
    await press(ueda, QUEUE, form, "save")
    await press(ueda, QUEUE, form, "save", seen=2)
    centre = (await version(desk)).centre
    assert (centre.hours.special[0].reason, centre.queue("exchange").priority) == ("休み", 5)


async def test_two_confirmations_at_once_save_one(desk, ueda):
    form = await queue_form(desk, priority="5")
    other = await queue_form(desk, priority="6")
    both = await asyncio.gather(press(ueda, QUEUE, form, "save"), press(ueda, QUEUE, other, "save"))
    assert sorted(status for status, *_ in both) == [303, 409]
    assert (await version(desk)).version == 2


async def test_a_queue_that_a_supervisor_closes_meanwhile_stays_closed(desk, ueda):
    form = await queue_form(desk, priority="5")
    async with Browser(desk.url) as mori:
        await mori.log_in("mori")
        assert (await mori.post("/wall/queues/exchange/close")).status == 200
    _, text, _ = await press(ueda, QUEUE, form, "check")
    assert "窓口「電話交換」の受付を休止" in text
    await press(ueda, QUEUE, form, "save", seen=2)
    queue = (await version(desk)).centre.queue("exchange")
    assert (queue.closed.by, queue.priority) == ("mori", 5)


async def test_calls_that_stand_on_what_goes_are_told_before_it_is_saved(desk, ueda):
    await desk.waits("c-1")
    await desk.rings("c-1", "sato")
    await desk.talks("c-1", "sato")
    _, text, _ = await press(ueda, "/admin/centre/operators/sato/remove", [], "")
    assert "オペレーター「佐藤」を削除" in text
    assert "なくなるオペレーター「佐藤」は、いま対応中です" in text


async def test_things_move_up_in_their_list(desk, ueda):
    _, text, _ = await press(ueda, f"{QUEUE}/up", [], "")
    assert "窓口の順序を変更: 電話交換、お問い合わせ" in text
    await press(ueda, f"{QUEUE}/up", [], "save")
    assert [queue.id for queue in (await version(desk)).centre.queues] == ["exchange", "enquiries"]


async def test_the_first_page_draws_where_callers_are_led_and_says_it_as_a_list(desk, ueda):
    page = await ueda.page("/admin/centre")
    assert re.search(r'<svg class="tree"[^>]* role="img" aria-label="[^"]+"', page)
    for told in ("メニュー main", "窓口 お問い合わせ", "窓口 電話交換"):
        assert page.count(told) >= 2, "in the picture and in the list"
    assert "第1版" in page


async def test_what_is_typed_is_shown_as_text_and_no_markup(desk, ueda):
    form = await queue_form(desk, label="<script>alert(1)</script>")
    for do in ("check", "edit"):
        answer = await ueda.post(QUEUE, [*form, ("do", do), ("version", "1")])
        assert "<script>alert" not in await answer.text()
    await press(ueda, QUEUE, form, "save")
    for path in ("/admin/centre", "/admin/centre/queues", "/admin/centre/log", "/admin/centre/log/2", QUEUE):
        assert "<script>alert" not in await ueda.page(path)
