"""A real Chromium at an operator's desk: when a caller's number is seen, and how many bytes a page costs."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox"] if os.geteuid() == 0 else []

OBSERVE = """() => {
  window.seen = {}
  const look = () => {
    const caller = document.querySelector(".call .caller")?.textContent
    if (!caller || window.seen[caller]) return
    window.seen[caller] = -1
    requestAnimationFrame(() => { window.seen[caller] = performance.timeOrigin + performance.now() })
  }
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true })
  look()
}"""
"""Milliseconds of 1970 at the frame that shows a number for the first time."""


@asynccontextmanager
async def chromium(url: str) -> AsyncGenerator[BrowserContext]:
    """A browser with an empty cache."""
    async with async_playwright() as playwright:
        browser: Browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = await browser.new_context(ignore_https_errors=True, base_url=url, locale="ja-JP")
        yield context
        await browser.close()


async def log_in(context: BrowserContext, user: str, password: str) -> Page:
    """A window at the first page of ``user``."""
    page = await context.new_page()
    await page.goto("/login")
    await page.get_by_label("利用者ID").fill(user)
    await page.get_by_label("パスワード").fill(password)
    await page.get_by_role("button", name="ログイン").click()
    await page.wait_for_url(lambda address: not address.endswith("/login"))
    return page


async def bytes_of(context: BrowserContext, path: str) -> int:
    """All that comes over the wire for ``path`` in a window without a cache, up to the first push."""
    page = await context.new_page()
    session: Any = await context.new_cdp_session(page)
    came = 0

    def count(told: dict[str, Any]) -> None:
        nonlocal came
        came += told.get("encodedDataLength", 0)

    def count_head(told: dict[str, Any]) -> None:
        count(told["response"])

    session.on("Network.dataReceived", count)
    session.on("Network.responseReceived", count_head)
    await session.send("Network.enable")
    await session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    async with page.expect_response(lambda answer: "/live/" in answer.url):
        await page.goto(path)
    await page.wait_for_load_state("load")
    await page.close()
    return came


async def observe(page: Page) -> None:
    """Begin to note when numbers are seen."""
    await page.evaluate(OBSERVE)


async def seen(page: Page, number: str, patience_ms: float) -> float:
    """When ``number`` was seen, in seconds of 1970."""
    shown = await page.wait_for_function(
        "number => window.seen[number] > 0 && window.seen[number]", arg=number, timeout=patience_ms
    )
    return float(await shown.json_value()) / 1000
