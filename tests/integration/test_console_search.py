"""検索 as the roles see it (C1)."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kernel.case import Citizen, HistoryDraft
from kernel.phone_number import PhoneNumber
from tests.support.console import console
from tests.support.console_client import Browser

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
HANAKO = Citizen(name="高橋 花子", reading="たかはし はなこ", phone=PhoneNumber("0466998877"))


@pytest.fixture
async def desk(tmp_path: Path):
    async with console(tmp_path) as running:
        await running.store.finding.load()
        yield running


async def says(browser: Browser, **fields: str) -> str:
    answer = await browser.post("/search", fields)
    text = await answer.text()
    assert answer.status == 200, text
    return text


async def written(desk, call: str, subject: str, text: str, citizen: Citizen = HANAKO, *, days: int = 0) -> None:
    draft = HistoryDraft(call, "sato", citizen, subject, text, "回答済み", close_case=False)
    await desk.store.cases.save_history(draft, NOON + timedelta(days=days))


@pytest.mark.parametrize("user", ["sato", "mori", "kimura", "ueda"])
async def test_every_role_finds_a_history_with_its_words_marked_and_a_way_to_its_case(desk, user):
    await written(desk, "c1", "粗大ゴミの収集", "<b>申込</b>は電話0466-25-1111で")
    async with Browser(desk.url) as browser:
        await browser.log_in(user)
        assert 'href="/search"' in await browser.page("/cases")
        assert 'id="search"' in await browser.page("/search")
        text = await says(browser, q="粗大ごみ 0466251111")
        assert "1件" in text
        assert "<mark>粗大ゴミ</mark>の収集" in text
        assert "&lt;b&gt;申込&lt;/b&gt;は電話<mark>0466-25-1111</mark>で" in text
        assert 'href="/cases/1"' in text


async def test_a_citizen_is_found_by_reading_and_number_and_told_once_however_many_histories_there_are(desk):
    await written(desk, "c1", "住民票", "再発行")
    async with Browser(desk.url) as browser:
        await browser.log_in("kimura")
        text = await says(browser, q="タカハシ")
        assert text.count("hit-link") == 1
        assert "<mark>たかはし</mark>" in text
        assert "<mark>0466998877</mark>" in await says(browser, q="0466-99-8877")
        assert "見つかりませんでした" in await says(browser, q="佐々木")


async def test_filters_narrow_and_what_can_not_be_asked_is_said(desk):
    await written(desk, "c1", "住民票", "再発行")
    await written(desk, "c2", "住民票", "郵送", days=2)
    async with Browser(desk.url) as browser:
        await browser.log_in("sato")
        text = await says(browser, q="住民票", first="2026-11-25", last="2026-11-26")
        assert "1件" in text
        assert "郵送" in text
        assert "見つかりません" in await says(browser, q="住民票", author="abe")
        assert "2件" in await says(browser, author="sato", outcome="回答済み", status="open")
        for fields, why in (
            ({"q": "ご"}, "「ご」は短すぎます"),
            ({"q": "字" * 300}, "200文字以内"),
            ({"first": "2026-11-26", "last": "2026-11-25"}, "期間"),
            ({"first": "きのう"}, "期間"),
        ):
            answer = await browser.post("/search", fields)
            assert answer.status == 422
            assert why in await answer.text()


async def test_more_answers_come_page_by_page(desk):
    for number in range(27):
        await written(desk, f"c{number}", "転入届", f"第{number}回の案内", Citizen(), days=number)
    async with Browser(desk.url) as browser:
        await browser.log_in("sato")
        first = await says(browser, q="転入届")
        assert "約27件" in first
        assert first.count("hit-link") == 25
        after = first.partition('name="after" value="')[2].partition('"')[0]
        rest = await says(browser, q="転入届", after=after)
        assert rest.count("hit-link") == 2
        assert "第1回の案内" in rest
        assert "さらに表示" not in rest


async def test_supervisors_and_administrators_save_answers_as_a_file_that_no_spreadsheet_takes_for_formulas(desk):
    await written(desk, "c1", '=HYPERLINK("x")', "+81の件\n二行目", Citizen(name="@cmd"))
    for user, may in (("mori", True), ("ueda", True), ("sato", False), ("kimura", False)):
        async with Browser(desk.url) as browser:
            await browser.log_in(user)
            text = await says(browser, q="二行目")
            assert ("/search.csv" in text) is may
            answer = await browser.post("/search.csv", {"q": "二行目"})
            assert answer.status == (200 if may else 403)
            if may:
                assert "attachment" in answer.headers["Content-Disposition"]
                head, line = list(csv.reader(io.StringIO((await answer.text()).removeprefix("\ufeff"))))
                row = dict(zip(head, line, strict=True))
                assert (row["件名"], row["氏名"]) == ('\'=HYPERLINK("x")', "'@cmd")
                assert row["内容"] == "'+81の件\n二行目"
                assert row["担当"] == "佐藤"
                assert (await browser.post("/search.csv", {"q": "ご"})).status == 400


async def test_words_that_are_looked_for_stand_in_no_log_line(desk, caplog):
    caplog.set_level(0)
    async with Browser(desk.url) as browser:
        await browser.log_in("sato")
        await says(browser, q="高橋花子の秘密")
        assert (await browser.get("/search?q=高橋花子の秘密")).status == 200
    assert "秘密" not in caplog.text


async def test_a_console_that_has_just_begun_says_that_its_index_is_being_read(tmp_path):
    async with console(tmp_path) as desk, Browser(desk.url) as browser:
        await browser.log_in("mori")
        assert "準備をしています" in await says(browser, q="住民票")
        assert (await browser.post("/search.csv", {"q": "住民票"})).status == 503
