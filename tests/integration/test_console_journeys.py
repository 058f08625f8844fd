"""Why a call waits and what it went through, on the console's pages."""

from __future__ import annotations

import re

from kernel.events import Event, EventKind
from kernel.operator import OperatorState
from tests.support.console import NUMBER
from tests.support.console_client import Browser

WHY = "受付可能なオペレーターがいません（通話中2名）。先に応対する電話が1件あります"
OUTLOOK = "だれかの通話・後処理が終われば、順に呼び出します。12:02:00になると、「電話交換」へ回ります"


async def explained(desk, call: str, **changed) -> None:
    """As the controller tells it."""
    data = {"codes": "all_busy", "because": WHY, "outlook": OUTLOOK, "position": 2, "expected_seconds": 130}
    event = Event(EventKind.WAIT_EXPLAINED, desk.clock(), call, queue="enquiries", data=data | changed)
    await desk.tell(event)


async def test_a_waiting_call_at_the_wall_opens_why_it_waits_its_place_and_what_would_change_it(desk, mori):
    await desk.waits("centre-1732459000.12")
    await explained(desk, "centre-1732459000.12")
    wall = await mori.page("/wall")
    link = re.search(r'href="(/calls/[^"]+)">なぜ待っているか', wall)
    assert link
    page = await mori.page(link[1])
    why = page.split('id="why"')[1].split("</section>")[0]
    for told in ("通話中2名", "先に応対する電話が1件", "2番目", "2:10", "「電話交換」へ回ります"):
        assert told in why
    assert "案内" in why
    await explained(desk, "centre-1732459000.12", position=1, because="必要なスキルがありません")
    content = await (await mori.get(f"{link[1]}/journey")).text()
    assert "必要なスキルがありません" in content
    assert '<dd id="position">1番目' in content


async def test_the_way_of_a_finished_call_is_told_from_the_first_ring_to_the_end(desk, mori):
    await desk.tell(Event(EventKind.CALL_ARRIVED, desk.clock(), "c1"))
    await desk.tell(Event(EventKind.MENU_CHOSEN, desk.clock(), "c1", data={"menu": "main", "key": "1"}))
    await desk.waits("c1")
    await explained(desk, "c1")
    offer = {"why": "longest_idle", "because": "佐藤さん：最も長く待機しているため"}
    await desk.tell(Event(EventKind.CALL_OFFERED, desk.clock(), "c1", "sato", "enquiries", offer))
    refused = {"reason": "no_answer"}
    await desk.tell(Event(EventKind.OFFER_NOT_ANSWERED, desk.clock(), "c1", "sato", "enquiries", refused))
    rule = {"why": "waited", "to": "exchange"}
    await desk.tell(Event(EventKind.CALL_OVERFLOWED, desk.clock(), "c1", None, "enquiries", rule))
    await desk.talks("c1", "suzuki")
    await desk.wraps_up("c1", "suzuki")
    await desk.is_over("c1", "suzuki")
    page = await mori.page("/calls/c1")
    steps = re.findall(r'<li class="(\w+)">', page)
    assert steps == [
        "call_arrived",
        "menu_chosen",
        "call_queued",
        "wait_explained",
        "call_offered",
        "offer_not_answered",
        "call_overflowed",
        "call_answered",
        "talk_ended",
        "call_ended",
    ]
    told = ("「1」を押しました", "最も長く待機しているため", "応答しませんでした", "待ち時間の上限", "鈴木さんが応答")
    assert all(one in page for one in told)
    assert "hx-get" not in page
    assert NUMBER.digits not in page


async def test_a_page_that_follows_a_call_is_loaded_anew_when_the_call_is_over(desk, mori):
    await desk.waits("c1")
    assert 'hx-get="/calls/c1/journey"' in await mori.page("/calls/c1")
    assert "HX-Refresh" not in (await mori.get("/calls/c1/journey")).headers
    await desk.abandons("c1")
    assert (await mori.get("/calls/c1/journey")).headers["HX-Refresh"] == "true"


async def test_the_calls_of_a_day_lead_to_their_ways_and_show_no_number(desk, mori):
    await desk.waits("c1")
    await desk.talks("c1", "sato")
    await desk.waits("c2", queue="exchange")
    page = await mori.page("/calls")
    assert re.findall(r'href="/calls/(c\d)"', page) == ["c2", "c1"]
    assert NUMBER.digits not in page
    assert "この日の電話はありません" in await mori.page("/calls?day=2020-01-05")
    for nonsense in ("/calls?day=x", "/calls?page=x", "/calls?day=9999-12-31"):
        assert (await mori.get(nonsense)).status == 400
    assert (await mori.get("/calls/no-such-call")).status == 404


async def test_a_case_leads_to_the_way_of_its_call_for_those_who_may_see_it(desk, mori):
    await desk.waits("c1")
    await desk.talks("c1", "sato")
    async with Browser(desk.url) as sato:
        await sato.log_in("sato")
        history = {"case": "", "version": "0", "case_version": "0", "name": "藤沢花子"}
        history |= {"subject": "粗大ごみ", "text": "", "outcome": "回答済み"}
        assert (await sato.post("/calls/c1/history", history)).status == 200
    assert 'href="/calls/c1"' in await mori.page("/cases/1")
    assert 'href="/cases/1"' in await mori.page("/calls/c1")
    async with Browser(desk.url) as kimura:
        await kimura.log_in("kimura")
        assert "/calls/c1" not in await kimura.page("/cases/1")
        assert (await kimura.get("/calls/c1")).status == 403


async def test_an_operator_at_the_wall_opens_why_no_call_comes(desk, mori):
    assert "ログアウトしています" in await mori.page("/wall/operators/sato")
    await desk.operator("sato", OperatorState.PAUSED, reason="研修")
    assert "研修" in await mori.page("/wall/operators/sato")
    await desk.operator("sato", OperatorState.READY)
    assert "受付可になったばかりです" in await mori.page("/wall/operators/sato")
    data = {"code": "skill_missing", "because": "「英語」に必要なスキルに足りません"}
    await desk.tell(Event(EventKind.OPERATOR_EXPLAINED, desk.clock(), operator="sato", data=data))
    async with mori.stream("/live/wall") as events:  # the console has heard of it when it shows what came after it
        await desk.operator("suzuki", OperatorState.PAUSED, reason="休憩")
        assert 'href="/wall/operators/sato"' in await events.fragment("operator-suzuki", "休憩")
    assert "「英語」に必要なスキルに足りません" in await mori.page("/wall/operators/sato")
    await desk.operator("sato", OperatorState.TALKING, "c1")
    assert "「英語」" not in await mori.page("/wall/operators/sato")
    assert (await mori.get("/wall/operators/nobody")).status == 404
