"""The telephone directory as administrators keep it: entries, files, and the log of who changed what."""

import re
from dataclasses import replace

import pytest
from aiohttp import FormData

from crm.directory.csv_text import write
from tests.support.console_client import Browser
from tests.support.directory import ENTRIES, TAX

pytestmark = pytest.mark.usefixtures("directory")


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
    assert text == write(ENTRIES)
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
