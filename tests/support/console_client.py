"""A browser without a screen: cookies, tokens and live streams."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType

from aiohttp import ClientResponse, ClientSession, CookieJar, TCPConnector

PASSWORD = "correct horse battery"


class Browser:
    """Cookies, the page's token, and what a browser says of itself."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.csrf = ""
        self.session = ClientSession(connector=TCPConnector(limit=0), cookie_jar=CookieJar(unsafe=True))

    async def __aenter__(self) -> Browser:
        return self

    async def __aexit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.session.close()

    async def get(self, path: str, **headers: str) -> ClientResponse:
        headers = {"Accept": "text/html", **headers}
        return await self.session.get(self.url + path, ssl=False, allow_redirects=False, headers=headers)

    async def page(self, path: str) -> str:
        """The text of a page; keeps its token for the next POST."""
        answer = await self.get(path)
        text = await answer.text()
        assert answer.status == 200, (answer.status, text)
        if found := re.search(r'name="csrf" value="([^"]+)"', text):
            self.csrf = found[1]
        return text

    async def post(self, path: str, fields: dict[str, str] | None = None, **headers: str) -> ClientResponse:
        headers = {"Origin": self.url, "X-CSRF-Token": self.csrf, "HX-Request": "true", **headers}
        return await self.session.post(
            self.url + path, data=fields or {}, ssl=False, allow_redirects=False, headers=headers
        )

    async def try_to_log_in(self, user: str, password: str = PASSWORD) -> ClientResponse:
        await self.page("/login")
        return await self.post("/login", {"user": user, "password": password})

    async def log_in(self, user: str) -> None:
        answer = await self.try_to_log_in(user)
        assert answer.status == 303, await answer.text()
        page = await self.get((await self.get("/")).headers.get("Location", "/"))
        found = re.search(r'name="csrf" value="([^"]+)"', await page.text())
        assert found
        self.csrf = found[1]

    @asynccontextmanager
    async def stream(self, path: str, **headers: str) -> AsyncIterator[Events]:
        """Listen to a live push."""
        headers = {"Accept": "text/html, text/event-stream", "HX-Request": "true", **headers}
        async with self.session.get(self.url + path, ssl=False, headers=headers) as answer:
            assert answer.status == 200, answer.status
            yield Events(answer)


class Events:
    """A stream of server-sent events; ``id`` is that of the last one."""

    def __init__(self, answer: ClientResponse) -> None:
        self.answer = answer
        self.id = ""

    async def next(self) -> tuple[str, str]:
        """Kind ("" for a fragment) and data of the next event."""
        kind, data = "", list[str]()
        async for raw in self.answer.content:
            name, _, value = raw.decode().rstrip("\n").partition(": ")
            match name:
                case "id":
                    self.id = value
                case "event":
                    kind = value
                case "data":
                    data.append(value)
                case "":
                    return kind, "\n".join(data)
        return "end", ""

    async def all_of(self, *wanted: str) -> str:
        """All fragments until each of ``wanted`` has been in one of them: topics come together or one by one."""
        text = ""
        while not all(one in text for one in wanted):
            text += await self.fragment()
        return text

    async def fragment(self, *wanted: str) -> str:
        """The first fragment that contains all that is ``wanted``."""
        while True:
            kind, data = await self.next()
            assert kind != "end", f"the stream ended before {wanted}"
            if not kind and all(text in data for text in wanted):
                return data
