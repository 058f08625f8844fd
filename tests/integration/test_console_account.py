"""The own account: password, second factor, sessions."""

import html
import re
from datetime import timedelta

import pytest
from pyotp.totp import TOTP

from crm.logins import FREE_TOGETHER
from crm.sessions import CODE_WAITS
from tests.support.console_client import PASSWORD, Browser

NEW = "another long passphrase"
STEP = timedelta(seconds=30)


async def set_up(browser: Browser, desk) -> tuple[str, list[str]]:
    """Set up a second factor in the console: secret and recovery codes."""
    assert (await browser.post("/account/second-factor")).status == 303
    page = await browser.page("/account/second-factor")
    secret = re.search(r'<code id="secret">([A-Z2-7]+)</code>', page)[1]
    answer = await browser.post("/account/second-factor/confirm", {"code": TOTP(secret).at(desk.clock())})
    text = await answer.text()
    assert answer.status == 200, text
    return secret, re.findall(r"<li><code>([a-z0-9-]+)</code>", text)


async def change(browser: Browser, old: str = PASSWORD, new: str = NEW, again: str | None = None):
    return await browser.post("/account/password", {"old": old, "new": new, "again": new if again is None else again})


async def test_who_knows_the_old_password_changes_it_and_all_other_windows_are_logged_out(desk, kimura):
    async with Browser(desk.url) as other:
        await other.log_in("kimura")
        assert (await change(kimura)).headers["Location"] == "/account?changed=1"
        assert "パスワードを変更しました" in await kimura.page("/account?changed=1")
        assert (await other.get("/cases")).headers["Location"] == "/login"
        assert "もう一度ログインしてください" in await other.page("/login")
        assert "もう一度ログインしてください" not in await other.page("/login"), "it is told once"
        assert (await other.try_to_log_in("kimura")).status == 401
        assert (await other.try_to_log_in("kimura", NEW)).status == 303


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"old": "not the old one!"}, "いまのパスワードが違います"),
        ({"new": "short", "again": "short"}, "12文字以上"),
        ({"again": "something else!"}, "2回とも同じではありません"),
        ({"new": PASSWORD}, "いまと違うパスワード"),
        ({"new": "x" * 300}, "256文字以内"),
        ({"old": "x" * 300}, "いまのパスワードが違います"),
    ],
)
async def test_what_is_wrong_with_a_new_password_is_said_and_the_old_one_stays(desk, kimura, fields, says):
    answer = await change(kimura, **fields)
    assert answer.status == 422
    assert says in await answer.text()
    async with Browser(desk.url) as other:
        assert (await other.try_to_log_in("kimura")).status == 303


async def test_who_guesses_the_old_password_at_an_open_desk_is_slowed_down(kimura):
    for _ in range(3):
        assert (await change(kimura, old="not the old one!")).status == 422
    assert (await change(kimura)).status == 429


async def test_a_first_password_must_be_changed_before_anything_else(desk):
    told = await desk.store.user_admin.reset_password("sato", by="ueda", now=desk.clock())
    async with Browser(desk.url) as browser, desk.commands() as commands:
        assert (await browser.try_to_log_in("sato", told)).status == 303
        assert (await browser.get("/")).headers["Location"] == "/account"
        assert "管理者が設定したパスワードです" in await browser.page("/account")
        assert (await change(browser, old=told)).headers["Location"] == "/"
        await browser.page("/")
        await browser.post("/desk/log-in")
        assert (await anext(commands)).operator == "sato", "the seat was not taken before"


async def test_sessions_are_listed_and_one_of_them_is_ended_at_once_with_its_live_windows(desk):
    async with Browser(desk.url) as here, Browser(desk.url) as there:
        await there.log_in("sato")
        await here.log_in("sato")
        async with there.stream("/live/desk") as window:
            await window.next()
            page = await here.page("/account")
            assert page.count("この画面") == 1
            [other] = re.findall(r'action="(/account/sessions/\w+/end)"', page)
            assert (await here.post(other)).status == 303
            while (kind := (await window.next())[0]) != "session-over":
                assert kind != "end"
        assert (await there.get("/")).headers["Location"] == "/login"
        assert "/account/sessions/" not in await here.page("/account")


async def test_a_second_factor_is_set_up_by_its_code_and_then_asked_for(desk, kimura):
    secret, _ = await set_up(kimura, desk)
    async with Browser(desk.url) as browser:
        answer = await browser.try_to_log_in("kimura")
        assert answer.headers["Location"] == "/login/code"
        assert "__Host-session" not in answer.cookies or not answer.cookies["__Host-session"].value
        await browser.page("/login/code")
        assert (await browser.get("/cases")).headers["Location"] == "/login"
        code = TOTP(secret).at(desk.clock() + STEP)
        assert (await browser.post("/login/code", {"code": "000000" if code != "000000" else "1"})).status == 401
        assert (await browser.post("/login/code", {"code": code})).headers["Location"] == "/"
        await browser.page("/cases")
    async with Browser(desk.url) as thief:
        await thief.try_to_log_in("kimura")
        await thief.page("/login/code")
        assert (await thief.post("/login/code", {"code": code})).status == 401, "a code counts once"


async def test_the_qr_code_is_in_the_page_with_the_address_as_text_and_without_style(desk, kimura):
    await kimura.post("/account/second-factor")
    page = await kimura.page("/account/second-factor")
    address = html.unescape(re.search(r'<code id="otpauth">([^<]+)</code>', page)[1])
    assert address.startswith("otpauth://totp/")
    assert ":kimura?secret=" in address
    picture = re.search(r"<svg .*?</svg>", page, re.DOTALL)[0]
    assert not re.search(r"style|script|href|http", picture)
    answer = await kimura.post("/account/second-factor/confirm", {"code": "12345"})
    assert answer.status == 422
    assert "コードが違います" in await answer.text()


async def test_a_recovery_code_opens_once_and_is_shown_once(desk, kimura):
    _, codes = await set_up(kimura, desk)
    assert len(set(codes)) == 10
    assert codes[0] not in await kimura.page("/account/second-factor")
    async with Browser(desk.url) as browser:
        for expected in (303, 401):
            await browser.try_to_log_in("kimura")
            await browser.page("/login/code")
            assert (await browser.post("/login/code", {"code": codes[0].upper()})).status == expected
    assert "残りは9個" in await kimura.page("/account")


async def test_codes_can_not_be_guessed_nor_given_late(desk, kimura):
    await set_up(kimura, desk)
    async with Browser(desk.url) as browser:
        await browser.try_to_log_in("kimura")
        await browser.page("/login/code")
        for _ in range(3):
            assert (await browser.post("/login/code", {"code": "x"})).status == 401
        assert (await browser.post("/login/code", {"code": "x"})).status == 429
        desk.clock.ahead += CODE_WAITS
        answer = await browser.post("/login/code", {"code": "x"})
        assert answer.status == 401
        assert "時間がたちすぎました" in await answer.text()


async def test_a_second_factor_is_taken_away_by_password_and_code_only(desk, kimura):
    secret, _ = await set_up(kimura, desk)
    code = TOTP(secret).at(desk.clock() + STEP)
    for fields in ({"password": PASSWORD, "code": "x"}, {"password": "wrong password", "code": code}, {}):
        assert (await kimura.post("/account/second-factor/remove", fields)).status == 422
    right = {"password": PASSWORD, "code": code}
    desk.clock.ahead += timedelta(minutes=5)
    right["code"] = TOTP(secret).at(desk.clock())
    assert (await kimura.post("/account/second-factor/remove", right)).status == 303
    assert "設定していません" in await kimura.page("/account/second-factor")
    async with Browser(desk.url) as browser:
        assert (await browser.try_to_log_in("kimura")).headers["Location"] == "/"


async def test_a_known_browser_is_not_kept_out_by_those_who_guess_elsewhere(desk, kimura):
    for number in range(FREE_TOGETHER):
        await desk.store.logins.attempt("kimura", f"198.51.100.{number}", desk.clock())
    async with Browser(desk.url) as stranger:
        assert (await stranger.try_to_log_in("kimura")).status == 429
    assert (await kimura.try_to_log_in("kimura")).status == 303
