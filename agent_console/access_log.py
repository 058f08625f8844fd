"""One log line a request, without query strings, bodies, addresses or anything that a citizen's number could be in."""

from __future__ import annotations

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger


class AccessLog(AbstractAccessLogger):
    """Method, the route's pattern (not the path, which names calls), status, milliseconds."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        self.logger.info("%s %s %d %.0f ms", request.method, _pattern(request), response.status, time * 1000)


def _pattern(request: web.BaseRequest) -> str:
    resource = request.match_info.route.resource if isinstance(request, web.Request) else None
    return resource.canonical if resource else "(no route)"
