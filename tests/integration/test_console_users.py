"""利用者: what administrators do, what it does to those who are logged in, and what the lists say."""

import re

import pytest
from pyotp.totp import TOTP

from kernel.commands import CommandKind
from tests.support.console_client import PASSWORD, Browser

ABE = {"id": "abe", "name": "阿部", "role": "staff", "department": "nozei"}


@pytest.fixture
async def ueda(desk):
    async with Browser(desk.url) as browser:
        await browser.log_in("ueda")
        await browser.page("/admin/users")
        yield browser


async def csv(browser: Browser, path: str) -> list[list[str]]:
    answer = await browser.get(path)
    assert answer.content_type == "text/csv"
    return [line.split(",") for line in (await answer.text()).lstrip("\ufeff").splitlines()]


def initial_password(page: str) -> str:
    return re.search(r'id="initial-password">([^<]+)<', page)[1]


async def test_a_new_user_logs_in_with_the_password_that_was_shown_once(desk, ueda):
    answer = await ueda.post("/admin/users", ABE)
    password = initial_password(await answer.text())
    assert answer.headers["Cache-Control"] == "no-store"
    assert password not in await ueda.page("/admin/users/abe")
    async with Browser(desk.url) as abe:
        assert (await abe.try_to_log_in("abe", password)).status == 303
        assert (await abe.get("/cases")).headers["Location"] == "/account"
    user = await desk.store.users.find("abe")
    assert (user.departments, user.must_change) == ({"nozei"}, True)


@pytest.mark.parametrize(
    ("wrong", "status", "says"),
    [
        ({"id": "Abe さん"}, 422, "英小文字"),
        ({"name": " "}, 422, "氏名を入力"),
        ({"role": "king"}, 422, "権限を選んで"),
        ({"department": "shouen"}, 422, "所管課はもうありません"),
        ({"id": "sato"}, 409, "すでに使われています"),
    ],
)
async def test_a_user_that_can_not_be_made_is_told_and_what_was_typed_stays(desk, ueda, wrong, status, says):
    answer = await ueda.post("/admin/users", {**ABE, "name": "阿部 次郎", **wrong})
    text = await answer.text()
    assert answer.status == status
    assert says in text
    assert wrong.get("name") == " " or "阿部 次郎" in text
    assert await desk.store.users.find("abe") is None


async def test_whose_rights_change_is_logged_out_everywhere_at_once_and_an_operator_leaves_the_queues(desk, ueda):
    async with Browser(desk.url) as sato:
        await sato.log_in("sato")
        async with desk.commands() as commands, sato.stream("/live/desk") as window:
            await window.next()
            answer = await ueda.post("/admin/users/sato", {"name": "佐藤", "role": "supervisor"})
            assert answer.headers["Location"] == "/admin/users/sato?saved=1"
            while (kind := (await window.next())[0]) != "session-over":
                assert kind != "end"
            out = await anext(commands)
            assert (out.kind, out.operator, out.by) == (CommandKind.LOG_OUT, "sato", "ueda")
        assert (await sato.get("/")).headers["Location"] == "/login"
        await sato.log_in("sato")
        await sato.page("/calls")


async def test_a_new_name_alone_logs_nobody_out(desk, ueda):
    async with Browser(desk.url) as kimura:
        await kimura.log_in("kimura")
        await ueda.post("/admin/users/kimura", {"name": "木村 三郎", "role": "staff"})
        assert "木村 三郎" in await kimura.page("/cases")


async def test_a_stopped_user_is_out_and_stays_out_until_let_in_again(desk, ueda):
    async with Browser(desk.url) as kimura:
        await kimura.log_in("kimura")
        await ueda.post("/admin/users/kimura/disable")
        assert (await kimura.get("/cases")).headers["Location"] == "/login"
        assert (await kimura.try_to_log_in("kimura")).status == 401
        await ueda.post("/admin/users/kimura/enable")
        assert (await kimura.try_to_log_in("kimura")).status == 303


async def test_a_password_that_is_reset_is_shown_once_and_a_lost_phone_is_forgiven(desk, ueda):
    secret = await desk.store.second_factors.begin("kimura")
    assert await desk.store.second_factors.confirm("kimura", TOTP(secret).at(desk.clock()), desk.clock())
    assert "設定済み" in await ueda.page("/admin/users")
    password = initial_password(await (await ueda.post("/admin/users/kimura/reset-password")).text())
    async with Browser(desk.url) as kimura:
        assert (await kimura.try_to_log_in("kimura")).status == 401
        assert (await kimura.try_to_log_in("kimura", password)).headers["Location"] == "/login/code"
        await ueda.post("/admin/users/kimura/reset-second-factor")
        assert (await kimura.try_to_log_in("kimura", password)).headers["Location"] == "/"


async def test_the_last_administrator_is_neither_stopped_nor_demoted(desk, ueda):
    for path, fields in (("/disable", {}), ("", {"name": "上田", "role": "staff"})):
        answer = await ueda.post(f"/admin/users/ueda{path}", fields)
        assert answer.status == 409
        assert "最後の管理者です" in await answer.text()
    await ueda.page("/admin/users")


async def test_a_role_that_must_have_a_second_factor_is_led_to_it_at_the_next_login(desk, ueda):
    async with Browser(desk.url) as kimura:
        await kimura.log_in("kimura")
        await ueda.post("/admin/second-factor-rules", {"role": "staff"})
        await kimura.page("/cases")
        await kimura.try_to_log_in("kimura")
        assert (await kimura.get("/cases")).headers["Location"] == "/account/second-factor"
        await ueda.post("/admin/second-factor-rules", {})
        await kimura.page("/cases")


async def test_users_are_exported_and_no_cell_is_a_formula(desk, ueda):
    await ueda.post("/admin/users", {**ABE, "name": "=1+1"})
    lines = await csv(ueda, "/admin/users.csv")
    assert lines[0] == ["利用者ID", "氏名", "権限", "所管課", "状態", "二段階認証"]
    assert lines[1] == ["abe", "'=1+1", "市職員", "納税課", "有効", "なし"]
    assert [line[0] for line in lines[1:]] == ["abe", "kimura", "mori", "sato", "suzuki", "ueda"]


async def test_the_month_lists_what_was_given_and_removed_by_whom(desk, ueda):
    await ueda.post("/admin/users", ABE)
    await ueda.post("/admin/users/abe", {"name": "阿部", "role": "supervisor"})
    await ueda.post("/admin/users/abe/disable")
    await ueda.post("/admin/second-factor-rules", {"role": "administrator"})
    lines = [line[1:] for line in await csv(ueda, "/admin/rights.csv") if line[2] in {"abe", ""}]
    assert lines == [
        ["その他", "abe", "阿部", "利用者を登録", "上田"],
        ["付与", "abe", "阿部", "権限 市職員", "上田"],
        ["付与", "abe", "阿部", "所管課 納税課", "上田"],
        ["削除", "abe", "阿部", "権限 市職員", "上田"],
        ["付与", "abe", "阿部", "権限 スーパーバイザー", "上田"],
        ["削除", "abe", "阿部", "所管課 納税課", "上田"],
        ["削除", "abe", "阿部", "利用を停止(権限 スーパーバイザー)", "上田"],
        ["その他", "", "", "管理者に二段階認証を必須化", "上田"],
    ]
    page = await ueda.page("/admin/rights")
    assert "所管課 納税課" in page
    assert "この月に変更はありません" in await ueda.page("/admin/rights?month=2020-01")
    assert (await ueda.get("/admin/rights?month=january")).status == 400


async def test_neither_log_lines_nor_pages_of_lists_hold_a_password(desk, ueda, caplog):
    caplog.set_level("DEBUG")
    password = initial_password(await (await ueda.post("/admin/users", ABE)).text())
    async with Browser(desk.url) as abe:
        await abe.try_to_log_in("abe", password)
    for path in ("/admin/users", "/admin/users/abe", "/admin/rights", "/admin/users.csv"):
        text = await (await ueda.get(path)).text()
        assert password not in text
        assert PASSWORD not in text
    assert password not in caplog.text
