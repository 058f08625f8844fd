"""A real Chromium on a console over TLS."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.support.console import USERS, Desk, console
from tests.support.console_client import PASSWORD

WHO = [user for user in USERS if user[0] in {"sato", "mori"}]
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox"] if os.geteuid() == 0 else []


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with console(tmp_path, WHO) as running:
        yield running


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def profile(desk: Desk, chromium: Browser) -> AsyncIterator[BrowserContext]:
    """One person's browser. A message on its console that a page is broken or was refused something fails the test."""
    context = await chromium.new_context(ignore_https_errors=True, base_url=desk.url, locale="ja-JP")
    context.set_default_timeout(15_000)
    complaints: list[str] = []
    context.on("console", lambda said: complaints.append(said.text) if _is_complaint(said.type, said.text) else None)
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    yield context
    await context.close()
    assert complaints == []


def _is_complaint(kind: str, text: str) -> bool:
    return kind == "error" and "Failed to load resource" not in text


async def log_in(context: BrowserContext, user: str) -> Page:
    """A window in which ``user`` is logged in."""
    page = await context.new_page()
    await page.goto("/login")
    await page.get_by_label("利用者ID").fill(user)
    await page.get_by_label("パスワード").fill(PASSWORD)
    await page.get_by_role("button", name="ログイン").click()
    await page.wait_for_url(lambda url: not url.endswith("/login"))
    return page
