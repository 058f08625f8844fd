"""The versions of the centre's document in the console: listed, undone, as files; and announcements that are heard."""

import io
import re
import wave
from html import unescape

import pytest
import sqlalchemy
import yaml
from aiohttp import FormData

from tests.support.centre_form import QUEUE, press, queue_form, version
from tests.support.console import SEED, served
from tests.support.console_client import Browser

WELCOME = "/admin/centre/announcements/welcome"


async def test_the_log_says_who_changed_what_and_a_version_is_brought_back(desk, ueda):
    await press(ueda, QUEUE, await queue_form(desk, priority="5"), "save")
    await press(ueda, QUEUE, await queue_form(desk, label="交換台"), "save", seen=2)
    log = unescape(await ueda.page("/admin/centre/log"))
    assert re.findall(r"<li>(窓口[^<]+)</li>", log) == [
        "窓口「電話交換」の名称 電話交換 → 交換台",
        "窓口「電話交換」の優先度 0 → 5",
    ]
    assert "上田" in log
    assert "最初の版です" in log
    undo = "/admin/centre/log/1/undo"
    _, text, _ = await press(ueda, undo, [], "")
    assert "窓口「交換台」の優先度 5 → 0" in text
    assert "窓口「交換台」の名称 交換台 → 電話交換" in text
    assert (await version(desk)).version == 3
    status, _, location = await press(ueda, undo, [], "save", seen=3)
    assert (status, location) == (303, "/admin/centre/log?saved=4")
    history = await desk.store.centres.history()
    assert history[0].centre == history[-1].centre
    assert (await press(ueda, undo, [], "save", seen=4))[0] == 200, "nothing changes, so there is nothing to save"
    assert (await version(desk)).version == 4


async def test_a_version_that_does_not_exist_is_not_found(desk, ueda):
    for path in (
        "/admin/centre/log/99",
        "/admin/centre/log/0/yaml",
        "/admin/centre/log/x/json",
        "/admin/centre/nothing",
    ):
        assert (await ueda.get(path)).status == 404, path


@pytest.mark.parametrize("kind", ["yaml", "json"])
async def test_a_version_is_saved_as_a_file_and_comes_back_by_it(desk, ueda, kind):
    answer = await ueda.get(f"/admin/centre/log/1/{kind}")
    assert f'filename="centre-1.{kind}"' in answer.headers["Content-Disposition"]
    text = await answer.text()
    assert yaml.safe_load(text)["name"] == "藤沢市コールセンター"
    await press(ueda, QUEUE, await queue_form(desk, priority="5"), "save")
    status, review = await upload(ueda, text)
    assert status == 200
    assert "窓口「電話交換」の優先度 5 → 0" in review
    await press(ueda, "/admin/centre/file", [("text", text)], "save", seen=2)
    now = await version(desk)
    assert (now.version, now.centre) == (3, (await desk.store.centres.history())[-1].centre)


async def upload(browser, text, name="centre.yaml"):
    form = FormData()
    form.add_field("file", text if isinstance(text, bytes) else text.encode(), filename=name)
    answer = await browser.post("/admin/centre/file", form)
    return answer.status, unescape(await answer.text())


async def test_a_file_with_mistakes_changes_nothing_and_says_each_with_its_line(desk, ueda):
    text = SEED.read_text().replace("entry: main", "entry: nowhere").replace("tries: 2", "tries: 9")
    status, page = await upload(ueda, text)
    assert status == 422
    line = text[: text.index("entry: nowhere")].count("\n") + 1
    assert f"{line}行目: <code>entry</code>: メニュー「nowhere」はありません。" in page
    assert "5以下の数を入力してください" in page
    for broken, says in (
        (b"\xff\xfe\x00", "UTF-8"),
        (b"a: [", "1行目"),
        (b"", "ファイルを選んでください"),
        (b"# nothing", "空"),
    ):
        status, page = await upload(ueda, broken)
        assert (status, says in page) == (422, True), broken
    assert (await version(desk)).version == 1


async def test_an_announcement_is_heard_before_it_is_live_at_whichever_console_is_asked(desk, ueda, tmp_path):
    status, text, _ = await press(ueda, WELCOME, [("key", "welcome"), ("value", "ただいま、工事中です。")], "hear")
    assert status == 200
    assert "ただいま、工事中です。" in text
    address = re.search(r'<audio [^>]*src="([^"]+)"', text)[1]
    async with served(desk.store, desk.bus, desk.clock, tmp_path) as another:
        for console in (desk, another):
            ueda.url = console.url
            answer = await ueda.get(address)
            assert (answer.status, answer.content_type) == (200, "audio/wav")
            with wave.open(io.BytesIO(await answer.read())) as sound:
                assert sound.getnframes() / sound.getframerate() > 1
        for wrong in ("0" * 40, address.rpartition("/")[2][:-4], "..%2Fdenwa.db"):
            assert (await ueda.get(f"/admin/centre/sounds/{wrong}")).status == 404, wrong
    ueda.url = desk.url
    assert (await version(desk)).version == 1
    async with Browser(desk.url) as mori:
        await mori.log_in("mori")
        assert (await mori.get(address)).status == 403


@pytest.mark.parametrize(
    ("id", "typed", "says"),
    [
        ("welcome", "。。。", "音声にできることばがありません"),
        ("welcome", "{name}さん", "{name} は、この案内文では使えません"),
        ("position", "お待ちください。", "本文に {position} を入れてください"),
        ("welcome", "長" * 1001, "1000文字以内"),
    ],
)
async def test_an_announcement_that_can_not_be_spoken_is_neither_heard_nor_saved(desk, ueda, id, typed, says):
    path = f"/admin/centre/announcements/{id}"
    for do in ("hear", "check", "save"):
        status, text, _ = await press(ueda, path, [("key", id), ("value", typed)], do)
        assert (status, says in text, typed in text) == (422, True, True), do
    assert (await version(desk)).version == 1


async def test_a_version_that_is_no_longer_understood_is_shown_and_says_why_it_can_not_come_back(desk, ueda):
    now = await version(desk)
    row = {"v": 2, "at": desk.clock(), "by": "ueda", "document": '{"name": "昔のセンター", "speed": 5}'}
    async with desk.store.database.write() as connection:
        await connection.execute(
            sqlalchemy.text(
                'INSERT INTO centre_versions (version, at, "by", document) VALUES (:v, :at, :by, :document)'
            ),
            row,
        )
    await desk.store.centres.save(now.centre, by="ueda", now=desk.clock(), expected_version=2)
    assert "第2版" in await ueda.page("/admin/centre/log")
    assert "speed: 5" in await ueda.page("/admin/centre/log/2")
    assert (await ueda.get("/admin/centre/log/2/yaml")).status == 200
    status, page, _ = await press(ueda, "/admin/centre/log/2/undo", [], "save", seen=3)
    assert status == 422
    assert "知らない項目です。" in page
    assert (await version(desk)).version == 3


async def test_a_thing_whose_name_has_a_slash_is_found(desk, ueda):
    phrase = [("title", "転出/転入"), ("text", "手続きをご案内した。")]
    assert (await press(ueda, "/admin/centre/new/phrases", phrase, "save"))[0] == 303
    address = re.search(r'href="(/admin/centre/phrases/[^"]+%2F[^"]+)"', await ueda.page("/admin/centre/phrases"))[1]
    assert "手続きをご案内した。" in await ueda.page(address)
    status, page, _ = await press(ueda, address, [("title", "転出/転入"), ("text", "変えた。")], "check", seen=2)
    assert (status, "定型文「転出/転入」の本文 手続きをご案内した。 → 変えた。" in page) == (200, True)
