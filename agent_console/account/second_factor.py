"""二段階認証: setting up an authenticator app, and taking it away again."""

from __future__ import annotations

import segno
from aiohttp import web
from markupsafe import Markup

from agent_console.console import CONSOLE, SESSION, user_of
from agent_console.layout import answer_page, go_to, render
from agent_console.login import LONGEST_PASSWORD, source, too_many
from agent_console.login_code import LONGEST_CODE
from crm.logins import TooManyFailures
from crm.second_factors import AlreadySetUp
from crm.totp import uri

WRONG = "パスワードまたは確認コードが違います。"
MISTYPED = "コードが違います。アプリに表示されている新しいコードを入力してください。"


async def page(request: web.Request) -> web.StreamResponse:
    """What the app must read, while it is being set up; afterwards how to take it away."""
    return await _shown(request)


async def begin(request: web.Request) -> web.StreamResponse:
    """A new secret."""
    try:
        await request.app[CONSOLE].store.second_factors.begin(user_of(request).id)
    except AlreadySetUp:
        return go_to("/account/second-factor")
    return go_to("/account/second-factor")


async def confirm(request: web.Request) -> web.StreamResponse:
    """The first code proves that the app has the secret. The answer shows the recovery codes, this once."""
    console, user = request.app[CONSOLE], user_of(request)
    code = str((await request.post()).get("code", ""))[:LONGEST_CODE]
    codes = await console.store.second_factors.confirm(user.id, code, console.clock())
    if not codes:
        return await _shown(request, MISTYPED, 422)
    return await render(request, "recovery_codes.html", codes=codes)


async def remove(request: web.Request) -> web.StreamResponse:
    """Only with password and code: a desk that was left open for a moment is not enough."""
    posted = await request.post()
    password, code = str(posted.get("password", ""))[: LONGEST_PASSWORD + 1], str(posted.get("code", ""))[:LONGEST_CODE]
    console, user = request.app[CONSOLE], user_of(request)
    try:
        known = await console.store.users.verify(
            user.id, password, source=source(request, user.id), now=console.clock()
        )
        await console.store.logins.attempt_code(user.id, console.clock())
    except TooManyFailures as slow:
        return await _shown(request, too_many(slow), 429)
    if known is None or not await console.store.second_factors.check(user.id, code, console.clock()):
        return await _shown(request, WRONG, 422)
    await console.store.logins.code_succeeded(user.id)
    await console.store.second_factors.remove(user.id)
    return go_to("/account/second-factor")


async def _shown(request: web.Request, problem: str = "", status: int = 200) -> web.Response:
    console, user = request.app[CONSOLE], user_of(request)
    factors = console.store.second_factors
    secret = await factors.pending(user.id)
    name = (await console.store.centres.current()).name
    address = uri(secret, user.id, name) if secret else ""
    return await answer_page(
        request,
        status,
        "second_factor.html",
        owes=request[SESSION].owes,
        problem=problem,
        factor=await factors.state(user.id),
        required=user.role in await console.store.user_admin.second_factor_rules(),
        secret=secret,
        address=address,
        picture=qr_code(address) if address else "",
    )


def qr_code(text: str) -> Markup:
    """An SVG element without style or script, as wide as its place: the strict policy of the pages lets it be."""
    code = segno.make_qr(text, error="m")
    return Markup(code.svg_inline(svgclass="qr", lineclass=None, omitsize=True, scale=4, border=4, light="#fff"))  # noqa: S704
