"""``python -m bench.screenshots``: docs/screenshots/*.webp, each page in light and dark, 1280x800.

Needs Chromium and what ``npm ci`` brings. A page that two roles see differently is taken for the first; the wallboard
is taken as a supervisor's and, in large, as a wall's at 1920x1080.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from base64 import b64decode
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from playwright.async_api import Browser, BrowserContext, Page, ViewportSize, async_playwright

from bench.screenshots.people import PASSWORD
from bench.screenshots.site import ROLE_OF, ROOT, addresses, site
from crm.users import Role

CHROMIUM = "/usr/bin/chromium"
Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
QUALITY = 80
SIZE: ViewportSize = {"width": 1280, "height": 800}
WALL: ViewportSize = {"width": 1920, "height": 1080}


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
    people: dict[Role | None, BrowserContext] = {}
    taken: set[str] = set()
    for path, role in [*addresses(), ("/wall?display=wall", Role.SUPERVISOR)]:
        picture = f"{_name(path)}-{scheme}"
        if (
            picture in taken
            or (order.wanted and not picture.startswith(order.wanted))
            or (path, role) == ("/wall", Role.OPERATOR)
        ):
            continue
        if role not in people:
            people[role] = await _person(browser, url, scheme, role)
        page = await people[role].new_page()
        if await _open(page, path):
            taken.add(picture)
            await _take(page, order.folder / picture, order.png)
        await page.close()
    for context in people.values():
        await context.close()


async def _person(browser: Browser, url: str, scheme: Scheme, role: Role | None) -> BrowserContext:
    context = await browser.new_context(
        base_url=url,
        ignore_https_errors=True,
        color_scheme=scheme,
        viewport=SIZE,
        locale="ja-JP",
        reduced_motion="reduce",
    )
    if role:
        page = await context.new_page()
        await page.goto("/login")
        await page.get_by_label("利用者ID").fill(ROLE_OF[role])
        await page.get_by_label("パスワード").fill(PASSWORD)
        await page.get_by_role("button", name="ログイン").click()
        await page.wait_for_url(lambda address: not address.endswith("/login"))
        await page.close()
    return context


async def _open(page: Page, path: str) -> bool:
    """Show the page; False where the address brings no page of its own: a part of one, a table to save, another's."""
    kind = await page.request.fetch(path, max_redirects=0)
    text = await kind.text() if "text/html" in kind.headers.get("content-type", "") else ""
    if kind.status != 200 or "<html" not in text:
        return False
    if "display=wall" in path:
        await page.set_viewport_size(WALL)
    await page.goto(path, wait_until="load")
    await page.evaluate("() => document.fonts.ready")
    return True


async def _take(page: Page, file: Path, png: bool) -> None:
    if png:
        await page.screenshot(path=file.with_suffix(".png"), full_page=True)
        return
    devtools = cast("Any", await page.context.new_cdp_session(page))  # its answers are plain dictionaries
    taken = await devtools.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    await asyncio.to_thread(file.with_suffix(".webp").write_bytes, b64decode(taken["data"]))


def _name(path: str) -> str:
    known = {"/": "desk", "/wall?display=wall": "wall-large"}
    return known.get(path, path.strip("/").replace("/", "-"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Pictures of the console's pages.")
    parser.add_argument("names", nargs="*", help="take only those that begin so: wall desk-dark")
    parser.add_argument("--folder", type=Path, default=ROOT / "docs/screenshots")
    parser.add_argument("--png", action="store_true", help="whole pages as PNG, to look at")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    asyncio.run(main(Order(given.folder, tuple(given.names), given.png)))
