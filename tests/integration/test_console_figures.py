"""The figures' page and its export: today until now and the past, for those who may see them."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from pathlib import Path

import pytest

from agent_console.japan_day import day_of, next_midnight
from ivr.seed_file import load
from kernel.events import Event, EventKind
from kernel.operator import OperatorState
from tests.support.console import SEED, console
from tests.support.console_client import Browser


@pytest.fixture
async def desk(tmp_path: Path):
    async with console(tmp_path) as running:
        running.clock.ahead += next_midnight(running.clock()) - running.clock() + timedelta(hours=10)
        yield running


def cells(page: str, table: str, row: str) -> list[str]:
    body = page.split(f'id="{table}"')[1].split("</table>", maxsplit=1)[0]
    line = next(line for line in body.split("<tr>") if f'scope="row">{row}<' in line)
    return re.findall(r'<td class="number">(.*?)</td>', line)


async def a_morning(desk) -> None:
    """One call answered at once and handed back, one that gives up after a second, one that still waits."""
    await desk.operator("sato", OperatorState.READY)
    await desk.waits("c1")
    await desk.rings("c1", "sato")
    desk.clock.ahead += timedelta(seconds=4)
    await desk.talks("c1", "sato")
    desk.clock.ahead += timedelta(seconds=60)
    await desk.waits("c2")
    desk.clock.ahead += timedelta(seconds=1)
    await desk.abandons("c2")
    await desk.wraps_up("c1", "sato")
    desk.clock.ahead += timedelta(seconds=30)
    await desk.is_over("c1", "sato")
    await desk.waits("c3", "exchange")
    desk.clock.ahead += timedelta(seconds=20)


async def test_the_page_says_how_true_the_waits_were_that_callers_were_told(desk, mori):
    await desk.waits("c1")
    data = {"minutes": 2, "position": 3, "expected_seconds": 70.0}
    await desk.tell(Event(EventKind.WAIT_TOLD, desk.clock(), "c1", queue="enquiries", data=data))
    desk.clock.ahead += timedelta(seconds=100)
    assert 'id="told"' in await mori.page("/figures")
    await desk.talks("c1", "sato")
    page = await mori.page("/figures")
    *counts, waited = cells(page, "told", "お問い合わせ")[:5]
    assert counts == ["1", "1", "100.0%", "2:00"]
    assert "1:40" <= waited < "2:00"
    desk.clock.ahead += timedelta(days=1)
    await mori.log_in("mori")
    assert 'id="told"' not in await mori.page("/figures")


async def test_the_page_shows_today_until_now(desk, mori):
    await a_morning(desk)
    page = await mori.page("/figures")
    offered, answered, abandoned, short, left, waiting, beyond, *levels = cells(page, "by-queue", "お問い合わせ")[:11]
    assert (offered, answered, abandoned, short, left, waiting, beyond) == ("2", "1", "1", "1", "0", "0", "0")
    assert levels == ["50.0%", "100.0%", "100.0%", "50.0%"]
    assert cells(page, "by-queue", "電話交換")[5:7] == ["1", "1"]
    assert cells(page, "by-queue", "合計")[0] == "3"
    answered, _, _, taken_over, shift, ready, ringing, talk, _, wrap_up = cells(page, "by-operator", "佐藤")[:10]
    assert (answered, taken_over, ringing, talk, wrap_up) == ("1", "0", "0:04", "1:01", "0:30")
    *of_operator, occupancy = cells(page, "by-operator", "佐藤")[-6:]
    assert of_operator == ["0:04", "1:01", "0:00", "0:30", "1:31"]
    *of_queue, of_its_operators = cells(page, "by-queue", "お問い合わせ")[-5:]
    assert of_queue == ["1:01", "0:00", "0:30", "1:31"]
    assert cells(page, "by-queue", "合計")[-5:] == [*of_queue, of_its_operators]
    assert occupancy == of_its_operators != "–"
    assert "–" not in (shift, ready)


async def test_yesterday_is_still_there_tomorrow_and_counts_in_its_month(desk, mori):
    await a_morning(desk)
    await desk.abandons("c3")
    day = day_of(desk.clock())
    desk.clock.ahead += timedelta(days=1)
    await mori.log_in("mori")
    assert "待ち呼になった電話はありません" in await mori.page("/figures")
    page = await mori.page(f"/figures?day={day}")
    assert cells(page, "by-queue", "合計")[:3] == ["3", "1", "2"]
    month = await mori.page(f"/figures?month={day:%Y-%m}")
    assert cells(month, "by-queue", "合計")[:3] == ["3", "1", "2"]
    assert f"{day:%m/%d}" in month


async def test_the_export_holds_the_same_figures_and_no_formula(desk, mori):
    centre = load(SEED)
    risky = centre.queues[0].model_copy(update={"label": "=HYPERLINK(1)"})
    changed = centre.model_copy(update={"queues": (risky, *centre.queues[1:])})
    await desk.store.centres.save(changed, by="ueda", now=desk.clock(), expected_version=1)
    await a_morning(desk)
    answer = await mori.get("/figures/queues.csv")
    assert answer.content_type == "text/csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="figures-queues-{day_of(desk.clock())}.csv"'
    text = (await answer.read()).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["窓口"]: row["受付数"] for row in rows} == {"'=HYPERLINK(1)": "2", "電話交換": "1"}
    assert not re.search(r"(?:^|,)\"?[=+@-]", text, re.MULTILINE)
    operators = (await (await mori.get("/figures/operators.csv")).read()).decode("utf-8-sig")
    (sato,) = csv.DictReader(io.StringIO(operators))
    assert (sato["オペレーター"], sato["通話(秒)"], sato["後処理(秒)"]) == ("佐藤", "61", "30")
    assert [sato[f"平均{name}時間(秒)"] for name in ("通話", "保留", "後処理")] == ["61", "0", "30"]
    enquiries = next(row for row in rows if row["応答数"] == "1")
    assert (sato["AHT(秒)"], enquiries["AHT(秒)"]) == ("91", "91")
    assert 0 < float(sato["稼働率"]) <= float(enquiries["稼働率"]) < 1, "the operator has been ready for longer by now"
    month = await mori.get(f"/figures/queues.csv?month={day_of(desk.clock()):%Y-%m}")
    of_day = csv.DictReader(io.StringIO((await month.read()).decode("utf-8-sig")))
    assert [row["AHT(秒)"] for row in of_day] == ["91", ""]


@pytest.mark.parametrize("wrong", ["day=2026-02-30", "day=x", "month=2026-13", "day=9999-12-31", "month=0001-01"])
async def test_a_day_that_does_not_exist_is_refused(mori, wrong):
    assert (await mori.get(f"/figures?{wrong}")).status == 400


@pytest.mark.parametrize(("user", "status"), [("sato", 403), ("kimura", 200), ("ueda", 200)])
async def test_operators_do_not_see_each_others_figures(desk, user, status):
    async with Browser(desk.url) as browser:
        await browser.log_in(user)
        for path in ("/figures", "/figures/queues.csv", "/figures/operators.csv"):
            assert (await browser.get(path)).status == status


async def test_a_plan_from_typed_figures_is_shown_as_table_and_curves(mori):
    page = await mori.page("/staffing?calls=50&handling=180&target=20&goal=80&seats=12")
    assert "同時に14人" in page
    assert "12席では目標を満たしません" in page
    assert page.count("<polyline") == 3
    assert '<tr class="chosen"><td class="number">14</td><td class="number">17.4%</td>' in page


async def test_a_plan_is_filled_in_from_a_days_history(desk, mori):
    await a_morning(desk)
    page = await mori.page(f"/staffing?day={day_of(desk.clock())}")
    values = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page))
    assert (values["calls"], values["handling"], values["patience"]) == ("3.0", "91", "5")
    assert re.search(r'id="needs".*<td class="number">3</td><td class="number">\d+</td>', page, re.DOTALL)
    assert "応答した電話はありません" in await mori.page("/staffing?day=2020-01-01")
    assert (await mori.get("/staffing?day=2020-13-01")).status == 400


async def test_what_can_not_be_planned_is_told_at_its_field(mori):
    page = await mori.page("/staffing?calls=0&handling=x&patience=inf&target=nan&goal=100&seats=1.5")
    assert page.count('class="problem"') == 6
    assert 'id="needed"' not in page
    assert "増え続ける" in await mori.page("/staffing?calls=50&handling=180&seats=4")


async def test_the_citys_plan_is_one_click_away(mori):
    page = await mori.page("/staffing")
    example = re.search(r'href="(/staffing\?calls=58[^"]*)"', page)
    assert example
    assert "4席では目標を満たします" in await mori.page(example[1].replace("&amp;", "&"))
