"""The second step of logging in: the code of the authenticator app, or a recovery code."""

from __future__ import annotations

import logging

from aiohttp import web

from agent_console import cookies, login
from agent_console.console import CONSOLE
from agent_console.layout import go_to
from crm.logins import TooManyFailures
from crm.users import User

log = logging.getLogger(__name__)

LONGEST_CODE = 64
WRONG = "コードが違います。新しいコードが表示されるのを待って入力してください。一度使ったコードは使えません。"
LATE = "時間がたちすぎました。もう一度、利用者IDとパスワードから入力してください。"


async def show(request: web.Request) -> web.StreamResponse:
    """The form, for who has just given the right password."""
    return _form(request, "", 200) if await _who(request) else go_to("/login")


async def give(request: web.Request) -> web.StreamResponse:
    """A session for a right code that was not used before."""
    user, console = await _who(request), request.app[CONSOLE]
    if user is None:
        return login.form(request, LATE, 401)
    code = str((await request.post()).get("code", ""))[:LONGEST_CODE]
    try:
        await console.store.logins.attempt_code(user.id, console.clock())
    except TooManyFailures as slow:
        return _form(request, login.too_many(slow), 429)
    if not await console.store.second_factors.check(user.id, code, console.clock()):
        log.warning("a wrong code followed the right password of the user %s", user.id)
        return _form(request, WRONG, 401)
    await console.store.logins.code_succeeded(user.id)
    await console.store.sessions.close(request.cookies[cookies.CODE_COOKIE])
    response = await login.begin(request, console, user)
    cookies.drop_code_token(response)
    return response


async def _who(request: web.Request) -> User | None:
    console, token = request.app[CONSOLE], request.cookies.get(cookies.CODE_COOKIE)
    return await console.store.sessions.waiting(token, console.clock()) if token else None


def _form(request: web.Request, problem: str, status: int) -> web.Response:
    return login.with_token(request, "login_code.html", status, problem=problem)
