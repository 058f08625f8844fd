"""自分の設定: the own password and sessions."""

from __future__ import annotations

from aiohttp import web

from agent_console.console import CONSOLE, SESSION, STREAMS, user_of
from agent_console.cookies import SESSION_COOKIE
from agent_console.layout import answer_page, go_to
from agent_console.login import LONGEST_PASSWORD, source, too_many
from crm.logins import TooManyFailures
from crm.passwords import LEAST_LENGTH, WeakPassword

WRONG = "いまのパスワードが違います。"
WEAK = f"新しいパスワードは{LEAST_LENGTH}文字以上で入力してください。"
LONG = f"新しいパスワードは{LONGEST_PASSWORD}文字以内で入力してください。"
DIFFERENT = "新しいパスワードが2回とも同じではありません。"
SAME = "いまと違うパスワードを入力してください。"
CHANGED = "パスワードを変更しました。ほかの画面や端末のログインは終了しました。"


async def page(request: web.Request) -> web.StreamResponse:
    """Who one is, and what one may change."""
    return await _shown(request)


async def change_password(request: web.Request) -> web.StreamResponse:
    """A new one, for who knows the old one; all other sessions end."""
    posted = await request.post()
    old, new, again = (str(posted.get(name, "")) for name in ("old", "new", "again"))
    console, user = request.app[CONSOLE], user_of(request)
    if problem := _problem(old, new, again):
        return await _shown(request, problem, 422)
    try:
        known = await console.store.users.verify(user.id, old, source=source(request, user.id), now=console.clock())
        if known is None:
            return await _shown(request, WRONG, 422)
        await console.store.users.change_password(user.id, new)
    except TooManyFailures as slow:
        return await _shown(request, too_many(slow), 429)
    except WeakPassword:
        return await _shown(request, WEAK, 422)
    await console.store.sessions.close_all(user.id, but=request.cookies[SESSION_COOKIE])
    request.app[STREAMS].doubt_all()
    return go_to("/account?changed=1" if request[SESSION].owes is None else "/")


async def end_session(request: web.Request) -> web.StreamResponse:
    """Log out somewhere else; with the own session it is a log-out here."""
    store = request.app[CONSOLE].store
    await store.sessions.end(user_of(request).id, request.match_info["session"])
    request.app[STREAMS].doubt_all()
    return go_to("/account")


def _problem(old: str, new: str, again: str) -> str:
    if new != again:
        return DIFFERENT
    if len(new) > LONGEST_PASSWORD:
        return LONG
    if len(old) > LONGEST_PASSWORD:
        return WRONG
    return SAME if new == old else ""


async def _shown(request: web.Request, problem: str = "", status: int = 200) -> web.Response:
    console, session = request.app[CONSOLE], request[SESSION]
    centre = await console.store.centres.current()
    return await answer_page(
        request,
        status,
        "account.html",
        owes=session.owes,
        problem=problem,
        done=CHANGED if "changed" in request.query and not problem else "",
        departments=[centre.department_name(one) for one in sorted(session.user.departments)],
        factor=await console.store.second_factors.state(session.user.id),
        sessions=await console.store.sessions.of(session.user.id, console.clock()),
        here=console.store.sessions.name_of(request.cookies[SESSION_COOKIE]),
        least=LEAST_LENGTH,
    )
