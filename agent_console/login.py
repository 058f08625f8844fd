"""Logging in and out."""

from __future__ import annotations

from math import ceil

from aiohttp import web

from agent_console import cookies
from agent_console.commands import send
from agent_console.console import CONSOLE, PAGES, SESSION, STREAMS, Console
from agent_console.layout import go_to, html, outside_page
from crm.logins import KNOWN, TooManyFailures
from crm.users import Role, User
from kernel.commands import CommandKind, command
from kernel.operator import OperatorState

LONGEST_USER = 64
LONGEST_PASSWORD = 256
WRONG = "利用者IDまたはパスワードが違います。"
ENDED = "しばらく操作がなかったか、設定が変わったため、ログアウトしました。もう一度ログインしてください。"


async def show(request: web.Request) -> web.StreamResponse:
    """The form. A browser that is logged in already may log in as somebody else here; one whose session has ended is
    told so."""
    console, token = request.app[CONSOLE], request.cookies.get(cookies.SESSION_COOKIE)
    if token is None or await console.store.sessions.find(token, console.clock()):
        return form(request, "", 200)
    response = form(request, "", 200, ENDED)
    cookies.drop_session(response)
    return response


async def log_in(request: web.Request) -> web.StreamResponse:
    """A new session for a right password, or the question for the code; one answer, in one time, for what is wrong."""
    posted = await request.post()
    user_id, password = str(posted.get("user", "")), str(posted.get("password", ""))
    if len(user_id) > LONGEST_USER or len(password) > LONGEST_PASSWORD:
        return form(request, WRONG, 401)
    console = request.app[CONSOLE]
    try:
        user = await console.store.users.verify(user_id, password, source=source(request, user_id), now=console.clock())
    except TooManyFailures as slow:
        return form(request, too_many(slow), 429)
    if user is None:
        return form(request, WRONG, 401)
    if (await console.store.second_factors.state(user.id)).since:
        return await _ask_for_code(console, user)
    return await begin(request, console, user)


async def _ask_for_code(console: Console, user: User) -> web.StreamResponse:
    opened = await console.store.sessions.open(user, console.clock(), waits_for_code=True)
    response = go_to("/login/code")
    cookies.give_code_token(response, opened.token)
    return response


async def log_out(request: web.Request) -> web.StreamResponse:
    """The end of the session, in every window that has it; an operator leaves the queues."""
    console, session = request.app[CONSOLE], request[SESSION]
    token = request.cookies[cookies.SESSION_COOKIE]
    if session.user.role is Role.OPERATOR:
        await send(request, command(CommandKind.LOG_OUT, session.user.id, console.clock()))
    await console.store.sessions.close(token)
    request.app[STREAMS].end(token)
    response = go_to("/login")
    cookies.drop_session(response)
    return response


def source(request: web.Request, user_id: str) -> str:
    """Where a login comes from: a browser in which the user has logged in before, else the address."""
    logins = request.app[CONSOLE].store.logins
    known = (logins.known_source(user_id, token) for token in cookies.browser_tokens(request))
    return next(filter(None, known), None) or request.remote or ""


def too_many(slow: TooManyFailures) -> str:
    """How long to wait."""
    return f"失敗が続いたため、{ceil(slow.retry_after_seconds)}秒後にもう一度お試しください。"


async def begin(request: web.Request, console: Console, user: User) -> web.StreamResponse:
    """A new session; whatever this browser had before is over. An operator who owes nothing takes the seat."""
    if old := request.cookies.get(cookies.SESSION_COOKIE):
        await console.store.sessions.close(old)
        request.app[STREAMS].end(old)
    opened = await console.store.sessions.open(user, console.clock())
    session = await console.store.sessions.find(opened.token, console.clock())
    if user.role is Role.OPERATOR and session and session.owes is None:
        await _take_seat(request, console, user)
    response = go_to("/")
    cookies.set_session(response, opened.token)
    if not source(request, user.id).startswith(KNOWN):
        cookies.give_browser_token(
            request, response, console.store.logins.token_of_browser(user.id, cookies.new_token())
        )
    return response


async def _take_seat(request: web.Request, console: Console, user: User) -> None:
    status = await console.store.operators.find(user.id)
    if status is None or status.state is OperatorState.LOGGED_OUT:
        await send(request, command(CommandKind.LOG_IN, user.id, console.clock()))


def form(request: web.Request, problem: str, status: int, notice: str = "") -> web.Response:
    """The log-in page."""
    return with_token(request, "login.html", status, problem=problem, notice=notice)


def with_token(request: web.Request, template: str, status: int, **values: object) -> web.Response:
    """A page for people who are not logged in, with the token that its form must send back."""
    token = cookies.login_token(request) or cookies.new_token()
    page = outside_page(request)
    response = html(request.app[PAGES].render(template, page=page, token=token, **values), status)
    cookies.give_login_token(request, response, token)
    return response
