"""An operator at the console, who clicks by HTTP as a browser would: with session, origin and token."""

from __future__ import annotations

import re
import ssl
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientResponse, ClientSession, CookieJar, TCPConnector

CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class ClickFailed(AssertionError):
    """The console refused; the message says what was asked and what was answered."""


class ConsoleOperator:
    """One browser window. ``url`` is the console's address without a slash at its end."""

    def __init__(self, http: ClientSession, url: str) -> None:
        self._http = http
        self._url = url
        self._token = ""

    async def log_in(self, user: str, password: str) -> None:
        """Log in and open the desk."""
        self._token = _token(await self.page("/login"))
        await self.post("/login", {"user": user, "password": password, "csrf": self._token})
        self._token = _token(await self.page("/"))

    async def ready(self) -> None:
        """受付可."""
        await self.post("/desk/ready", {})

    async def pause(self, reason: str) -> None:
        """離席."""
        await self.post("/desk/pause", {"reason": reason})

    async def answer(self, call: str) -> None:
        """応答, where the desk phone answers by itself."""
        await self.post("/desk/answer", {"call": call})

    async def hang_up(self, call: str) -> None:
        await self.post("/desk/hang-up", {"call": call})

    async def dial(self, number: str, purpose: str = "contact") -> None:
        """発信."""
        await self.post("/dial", {"number": number, "purpose": purpose})

    async def hand_over(self, call: str, extension: str) -> None:
        """内線転送."""
        await self.post("/desk/hand-over", {"call": call, "extension": extension})

    async def interpret(self, call: str, language: str) -> None:
        """通訳."""
        await self.post("/desk/consult", {"call": call, "language": language})

    async def tell_number(self, call: str, entry: str) -> None:
        """Let the platform tell the caller the number of the directory's ``entry``."""
        await self.post("/desk/speak-number", {"call": call, "entry": entry})

    async def consult(self, call: str, extension: str) -> None:
        """相談転送."""
        await self.post("/desk/consult", {"call": call, "extension": extension})

    async def transfer(self, call: str, button: str) -> None:
        """A button of the attended transfer: swap, three, complete, cancel-consult."""
        await self.post(f"/desk/{button}", {"call": call})

    async def hold(self, call: str) -> None:
        """保留."""
        await self.post("/desk/hold", {"call": call})

    async def resume(self, call: str) -> None:
        """保留を解除."""
        await self.post("/desk/resume", {"call": call})

    async def finish_wrap_up(self, call: str) -> None:
        """後処理終了."""
        await self.post("/desk/finish-wrap-up", {"call": call})

    async def write_history(self, call: str, fields: Mapping[str, str]) -> None:
        """Save the history of ``call``; ``fields`` are those of the form."""
        await self.post(f"/calls/{call}/history", {"version": "0", "case_version": "0", **fields})

    async def desk(self) -> str:
        """The page as it is now."""
        return await self.page("/")

    async def post(self, path: str, form: Mapping[str, str]) -> str:
        """Send a form; raises ClickFailed for any answer from 400 on."""
        headers = {"Origin": self._url, "X-CSRF-Token": self._token}
        async with self._http.post(f"{self._url}{path}", data=dict(form), headers=headers) as answer:
            return await _accepted(answer)

    async def page(self, path: str) -> str:
        """The page at ``path``; raises ClickFailed where it may not be seen."""
        async with self._http.get(f"{self._url}{path}", headers={"Accept": "text/html"}) as answer:
            return await _accepted(answer)

    async def file(self, path: str) -> bytes:
        """What is sent at ``path``, to be saved or heard; raises ClickFailed where it may not be."""
        async with self._http.get(f"{self._url}{path}") as answer:
            return await answer.read() if answer.status < 400 else (await _accepted(answer)).encode()


@asynccontextmanager
async def at_console(url: str, certificate: Path) -> AsyncGenerator[ConsoleOperator]:
    """A browser that trusts ``certificate`` alone."""
    tls = ssl.create_default_context(cafile=str(certificate))
    async with ClientSession(connector=TCPConnector(ssl=tls), cookie_jar=CookieJar(unsafe=True)) as http:
        yield ConsoleOperator(http, url)


async def _accepted(answer: ClientResponse) -> str:
    text = await answer.text()
    if answer.status >= 400:
        raise ClickFailed(f"{answer.method} {answer.url.path}: {answer.status} {text[:300]}")
    return text


def _token(page: str) -> str:
    found = CSRF.search(page)
    if found is None:
        raise ClickFailed("the page holds no token: not logged in?")
    return found[1]
