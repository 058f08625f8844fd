"""What an answer gives away, and what it takes to log in."""

import re
from datetime import timedelta

import pytest

from tests.support.console_client import PASSWORD, Browser, Events


async def test_every_answer_carries_the_headers_that_protect_the_browser(desk):
    async with Browser(desk.url) as browser:
        for path in ("/login", "/static/base.css", "/nowhere", "/static/nothing.js"):
            answer = await browser.get(path)
            assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';"), path
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Strict-Transport-Security"]
            assert answer.headers["Referrer-Policy"] == "same-origin"
            assert "Server" not in answer.headers
        await browser.log_in("sato")
        assert (await browser.get("/")).headers["Cache-Control"] == "no-store"
        async with browser.stream("/live/desk") as events:
            assert events.answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["../app.py", "..%2fapp.py", "%2e%2e/%2e%2e/pyproject.toml", "htmx.js", "", ".env"])
async def test_static_files_are_only_those_that_are_named(desk, name):
    async with Browser(desk.url) as browser:
        assert (await browser.get(f"/static/{name}")).status == 404


async def test_pages_have_no_inline_script_or_style_and_name_no_other_host(desk):
    async with Browser(desk.url) as browser:
        texts = [await browser.page("/login")]
        await browser.log_in("sato")
        texts += [await browser.page(path) for path in ("/", "/wall", "/cases")]
        for text in texts:
            assert not re.findall(r"<script(?![^>]*\bsrc=)", text)
            assert not re.findall(r"<style|\sstyle=|\son\w+=|javascript:", text)
            assert not re.findall(r"(?:src|href|action)=[\"'](?!/|#)", text)


async def test_a_page_that_fails_says_so_in_japanese_and_shows_no_insides(desk, monkeypatch, caplog):
    async def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("the inside of the store")

    monkeypatch.setattr(desk.store.case_finder, "list", breaks)
    async with Browser(desk.url) as browser:
        await browser.log_in("sato")
        answer = await browser.get("/cases?before=4321")
        assert answer.status == 500
        text = await answer.text()
    assert "処理に失敗しました" in text
    assert not re.search("inside|Traceback|RuntimeError", text)
    assert "the inside of the store" in caplog.text
    assert "4321" not in caplog.text


async def test_a_body_that_is_too_large_is_refused(desk):
    async with Browser(desk.url) as browser:
        await browser.log_in("sato")
        answer = await browser.post("/desk/pause", {"reason": "あ" * 40_000})
        assert answer.status == 413
        assert "入力が長すぎます" in await answer.text()


async def test_logging_in_gives_a_new_cookie_that_scripts_and_other_sites_never_get(desk):
    async with Browser(desk.url) as browser:
        answer = await browser.try_to_log_in("sato")
        cookie = next(value for value in answer.headers.getall("Set-Cookie") if value.startswith("__Host-session="))
        assert {part.strip() for part in cookie.split(";")[1:]} >= {"Secure", "HttpOnly", "SameSite=Strict", "Path=/"}
        first = answer.cookies["__Host-session"].value
        second = (await browser.try_to_log_in("sato")).cookies["__Host-session"].value
        assert first != second
    async with Browser(desk.url) as thief:
        assert (await thief.get("/", Cookie=f"__Host-session={first}")).status == 303
        assert (await thief.get("/", Cookie=f"__Host-session={second}")).status == 200


async def test_an_unknown_user_and_a_wrong_password_get_the_same_answer(desk):
    answers = []
    for user, password in (("sato", "wrong password!"), ("nobody", PASSWORD), ("sato", "x" * 300), ("y" * 100, "z")):
        async with Browser(desk.url) as browser:
            answer = await browser.try_to_log_in(user, password)
            answers.append((answer.status, re.sub(r'value="[^"]*"|data-now="\d+"', "", await answer.text())))
    assert len(set(answers)) == 1
    assert answers[0][0] == 401
    assert "利用者IDまたはパスワードが違います" in answers[0][1]


async def test_who_guesses_is_slowed_down_even_with_the_right_password(desk):
    async with Browser(desk.url) as browser:
        for _ in range(3):
            assert (await browser.try_to_log_in("sato", "wrong password!")).status == 401
        answer = await browser.try_to_log_in("sato")
        assert answer.status == 429
        assert "秒後にもう一度" in await answer.text()
        assert (await browser.try_to_log_in("suzuki")).status == 303


async def test_a_session_ends_after_idling_and_when_its_user_is_disabled(desk):
    async with Browser(desk.url) as sato, Browser(desk.url) as suzuki:
        await sato.log_in("sato")
        await desk.store.user_admin.set_disabled("sato", True, by="ueda", now=desk.clock())
        assert (await sato.get("/")).headers["Location"] == "/login"
        await suzuki.log_in("suzuki")
        desk.clock.ahead += timedelta(hours=3)
        assert (await suzuki.get("/")).headers["Location"] == "/login"


async def test_logging_out_ends_the_session_in_every_window_at_once(desk):
    async with Browser(desk.url) as browser:
        await browser.log_in("sato")
        async with browser.stream("/live/desk") as other_window:
            assert (await browser.post("/logout")).status == 303
            kinds = [kind async for kind in kinds_until_the_end(other_window)]
        assert kinds[-1] == "session-over"
        assert (await browser.get("/")).headers["Location"] == "/login"


async def kinds_until_the_end(events: Events):
    while (kind := (await events.next())[0]) != "end":
        yield kind


async def test_the_access_log_names_neither_calls_nor_what_was_asked(desk, caplog):
    caplog.set_level("INFO", "aiohttp.access")
    async with Browser(desk.url) as browser:
        await browser.log_in("kimura")
        await browser.get("/cases?before=77")
        await browser.get("/calls/centre-1732459000.12/citizen?case=0466998877")
    assert "0466998877" not in caplog.text
    assert "centre-1732459000" not in caplog.text
    assert "before" not in caplog.text
