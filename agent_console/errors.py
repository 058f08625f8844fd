"""Failures as pages in Japanese that tell no insides."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from agent_console.console import PAGES
from agent_console.layout import html, outside_page

log = logging.getLogger(__name__)

TEXTS: Mapping[int, tuple[str, str]] = {
    400: ("リクエストを読み取れません", "もう一度画面を開き直してください。"),
    401: ("ログインが必要です", "ログインの有効期限が切れました。もう一度ログインしてください。"),
    403: ("この操作はできません", "権限がないか、画面が古くなっています。画面を開き直してください。"),
    404: ("ページが見つかりません", "アドレスを確かめてください。"),
    405: ("この操作はできません", "画面を開き直してください。"),
    413: ("入力が長すぎます", "内容を短くして、もう一度送信してください。"),
    500: ("処理に失敗しました", "しばらくしてから、もう一度お試しください。"),
    503: ("いま処理できません", "しばらくしてから、もう一度お試しください。"),
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def error_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what a handler raises into a page; what nobody expected is logged whole, without the request's content."""
    try:
        return await handler(request)
    except web.HTTPRedirection:
        raise
    except web.HTTPException as error:
        return _page(request, error.status)
    except Exception as wrong:
        if isinstance(wrong, ConnectionError) and request.transport is None:
            log.info("a browser left before all that it asked had come: %s", _route(request))
        else:
            log.exception("a page failed: %s", _route(request))
        return _page(request, 500)


def _page(request: web.Request, status: int) -> web.Response:
    title, text = TEXTS.get(status, TEXTS[500 if status >= 500 else 400])
    pages = request.app[PAGES]
    if "HX-Request" in request.headers:
        said = html(pages.render("live/answer.html", text=f"{title}。{text}"), status)
        said.headers["HX-Reswap"] = "none"  # what was typed stays
        return said
    return html(pages.render("error.html", page=outside_page(request), title=title, text=text), status)


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource else "(no route)"
