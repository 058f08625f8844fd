"""``python -m bench.screenshots``: docs/screenshots/*.webp, each page in light and dark, 1280x800.

Needs Chromium and what ``npm ci`` brings. A page that two roles see differently is taken for the first; the wallboard
is taken as a supervisor's and, in large, as a wall's at 1920x1080, 2560x1440 and 3840x2160. The desk is also taken in
the middle of what else goes on there, the directory and the search with what was found.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from base64 import b64decode
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from bench.screenshots.people import PASSWORD
from bench.screenshots.site import ROLE_OF, ROOT, addresses, site
from crm.users import Role

CHROMIUM = "/usr/bin/chromium"
Scheme = Literal["light", "dark"]
Prepare = Callable[[Page], Awaitable[None]]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
QUALITY = 80
SIZE = (1280, 800)


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture: the page at ``path`` as ``user`` sees it (None: before the log-in), once ``prepare`` is done."""

    name: str
    path: str
    user: str | None
    size: tuple[int, int] = SIZE
    prepare: Prepare | None = None


async def _finds(page: Page) -> None:
    """A department as one types, in a talk."""
    await page.get_by_role("combobox").first.fill("ぜい")
    await page.get_by_role("option").first.wait_for()


SCENES = (
    Scene("wall-large", "/wall?display=wall", "mori", (1920, 1080)),
    Scene("wall-2560", "/wall?display=wall", "mori", (2560, 1440)),
    Scene("wall-3840", "/wall?display=wall", "mori", (3840, 2160)),
    Scene("desk-rings", "/", "op9"),
    Scene("desk-hands-on", "/", "op2"),
    Scene("desk-interpreter", "/", "op3"),
    Scene("desk-consults", "/", "op4"),
    Scene("desk-finds", "/", "op1", prepare=_finds),
    Scene("desk-waits", "/", "op7"),
)
"""What no address alone shows."""


@dataclass(frozen=True, slots=True)
class Order:
    """Take all, or those whose name begins with one of ``wanted``; ``png``: whole pages, to look at."""

    folder: Path
    wanted: tuple[str, ...]
    png: bool


async def main(order: Order) -> None:
    """Take what is ordered."""
    with tempfile.TemporaryDirectory() as temporary:
        async with site(Path(temporary)) as url, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            for scheme in SCHEMES:
                await _take_all(browser, url, scheme, order)
            await browser.close()


async def _take_all(browser: Browser, url: str, scheme: Scheme, order: Order) -> None:
    people: dict[str | None, BrowserContext] = {}
    taken: set[str] = set()
    for scene in _scenes():
        picture = f"{scene.name}-{scheme}"
        if picture in taken or (order.wanted and not picture.startswith(order.wanted)):
            continue
        if scene.user not in people:
            people[scene.user] = await _person(browser, url, scheme, scene.user)
        page = await people[scene.user].new_page()
        if await _open(page, scene):
            taken.add(picture)
            await _take(page, order.folder / picture, order.png)
        await page.close()
    for context in people.values():
        await context.close()


def _scenes() -> Iterator[Scene]:
    for path, role in addresses():
        if (path, role) != ("/wall", Role.OPERATOR):
            yield Scene(_name(path), path, ROLE_OF[role] if role else None)
    yield from SCENES


async def _person(browser: Browser, url: str, scheme: Scheme, user: str | None) -> BrowserContext:
    context = await browser.new_context(
        base_url=url,
        ignore_https_errors=True,
        color_scheme=scheme,
        locale="ja-JP",
        reduced_motion="reduce",
    )
    if user:
        page = await context.new_page()
        await page.goto("/login")
        await page.get_by_label("利用者ID").fill(user)
        await page.get_by_label("パスワード").fill(PASSWORD)
        await page.get_by_role("button", name="ログイン").click()
        await page.wait_for_url(lambda address: not address.endswith("/login"))
        await page.close()
    return context


async def _open(page: Page, scene: Scene) -> bool:
    """Show the page; False where the address brings no page of its own: a part of one, a table to save, another's."""
    kind = await page.request.fetch(scene.path, max_redirects=0)
    text = await kind.text() if "text/html" in kind.headers.get("content-type", "") else ""
    if kind.status != 200 or "<html" not in text:
        return False
    width, height = scene.size
    await page.set_viewport_size({"width": width, "height": height})
    await page.goto(scene.path, wait_until="load")
    await page.evaluate("() => document.fonts.ready")
    if scene.prepare:
        await scene.prepare(page)
    return True


async def _take(page: Page, file: Path, png: bool) -> None:
    if png:
        await page.screenshot(path=file.with_suffix(".png"), full_page=True)
        return
    devtools = cast("Any", await page.context.new_cdp_session(page))  # its answers are plain dictionaries
    taken = await devtools.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    await asyncio.to_thread(file.with_suffix(".webp").write_bytes, b64decode(taken["data"]))


def _name(path: str) -> str:
    return "desk" if path == "/" else path.strip("/").replace("/", "-")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Pictures of the console's pages.")
    parser.add_argument("names", nargs="*", help="take only those that begin so: wall desk-dark")
    parser.add_argument("--folder", type=Path, default=ROOT / "docs/screenshots")
    parser.add_argument("--png", action="store_true", help="whole pages as PNG, to look at")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(Order(given.folder, tuple(given.names), given.png)))
