"""Every page of the table of routes, in light and dark, held against WCAG 2.2 AA by axe-core; and what it can't see."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from agent_console import layout
from agent_console.centre.parts import PARTS
from bench.screenshots.people import PASSWORD
from bench.screenshots.site import ROLE_OF, ROOT, addresses, site
from crm.users import Role

AXE = (ROOT / "node_modules/axe-core/axe.min.js").read_text()
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FOUND = """async (tags) => (await axe.run(document, { runOnly: tags })).violations
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`)"""
NARROW = {"width": 320, "height": 640}
"""1280 pixels at 400 % (1.4.10)."""


@pytest.fixture
async def url(tmp_path: Path) -> AsyncIterator[str]:
    async with site(tmp_path) as address:
        yield address


async def person(chromium: Browser, url: str, role: Role | None, **more) -> BrowserContext:
    # The policy of the pages refuses what the test brings along; what the pages bring is held by other tests.
    context = await chromium.new_context(
        base_url=url, ignore_https_errors=True, bypass_csp=True, locale="ja-JP", reduced_motion="reduce", **more
    )
    context.set_default_timeout(60_000)
    if role:
        page = await context.new_page()
        await page.goto("/login")
        await page.get_by_label("利用者ID").fill(ROLE_OF[role])
        await page.get_by_label("パスワード").fill(PASSWORD)
        await page.get_by_role("button", name="ログイン").click()
        await page.wait_for_url(lambda address: not address.endswith("/login"))
        await page.close()
    return context


LARGE = "/wall?display=wall"
PARTS_OF_THE_CENTRE = (
    *(f"/admin/centre/{part.id}" for part in PARTS),
    *(f"/admin/centre/new/{part.id}" for part in PARTS if part.many),
)
"""One place of an address that gives pages of many kinds."""


def visitors() -> dict[str, Role | None]:
    """Who looks at which address: a supervisor where one may, for no other sees as much; at the desk, an operator."""
    seen: dict[str, Role | None] = {}
    for path, role in addresses():
        if path not in seen or (role is Role.SUPERVISOR and path != layout.DESK.path):
            seen[path] = role
    return {**seen, LARGE: Role.SUPERVISOR, **dict.fromkeys(PARTS_OF_THE_CENTRE, Role.ADMINISTRATOR)}


async def pages(context: BrowserContext, role: Role | None) -> list[str]:
    """The addresses that bring a page of their own, not a part of one or a table to save."""
    found: list[str] = []
    for path in (path for path, who in visitors().items() if who is role):
        answer = await context.request.get(path, max_redirects=0, headers={"Accept": "text/html"})
        assert answer.status in (200, 303), (path, answer.status)
        if answer.status == 200 and "<html" in await answer.text():
            found.append(path)
    return found


async def opened(page: Page, path: str) -> None:
    await page.goto(path, wait_until="load")
    await page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")


async def broken_rules(context: BrowserContext, paths: list[str]) -> dict[str, list[str]]:
    """By page, what axe-core finds."""
    page, broken = await context.new_page(), {}
    for path in paths:
        await opened(page, path)
        await page.evaluate(AXE)
        if found := await page.evaluate(FOUND, STANDARD):
            broken[path] = found
    return broken


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_page_breaks_a_rule(url: str, chromium: Browser, scheme):
    seen: set[str] = set()
    broken: dict[str, list[str]] = {}
    for role in dict.fromkeys(visitors().values()):
        context = await person(chromium, url, role, color_scheme=scheme)
        own = await pages(context, role)
        seen |= set(own)
        broken |= await broken_rules(context, own)
        await context.close()
    assert {link.path for link in layout.LINKS} <= seen
    assert broken == {}


async def test_the_finder_of_the_directory_breaks_no_rule_while_one_types(url: str, chromium: Browser):
    context = await person(chromium, url, Role.OPERATOR)
    page = await context.new_page()
    await page.goto("/")
    await page.keyboard.press("F2")
    for typed in ("税", "警察", "んんん"):
        await page.keyboard.insert_text(typed)
        await page.locator(f"found-entries[data-typed='{typed}']").wait_for()
        await page.evaluate(AXE)
        assert await page.evaluate(FOUND, STANDARD) == []
        await page.keyboard.press("Control+a")
    await context.close()


async def test_at_four_hundred_per_cent_nothing_is_beside_the_page(url: str, chromium: Browser):
    wide: dict[str, int] = {}
    for role in dict.fromkeys(visitors().values()):
        context = await person(chromium, url, role, viewport=NARROW)
        page = await context.new_page()
        for path in await pages(context, role):
            await page.goto(path, wait_until="load")
            if (width := await page.evaluate("document.documentElement.scrollWidth")) > NARROW["width"]:
                wide[path] = width
        await context.close()
    assert wide == {}


async def test_the_colours_that_were_chosen_come_with_every_page_and_typed_text_stays(url: str, chromium: Browser):
    context = await person(chromium, url, Role.OPERATOR, color_scheme="light")
    page = await context.new_page()
    await page.goto("/")
    await page.get_by_label("件名").first.fill("ごみ")
    await page.get_by_role("button", name="暗い配色").click()
    ground = "getComputedStyle(document.body).backgroundColor"
    await expect(page.locator("html")).to_have_attribute("data-scheme", "dark")
    dark = await page.evaluate(ground)
    await expect(page.get_by_label("件名").first).to_have_value("ごみ")
    await expect(page.get_by_role("button", name="明るい配色")).to_be_focused()
    other = await context.new_page()
    await other.goto("/cases")
    assert await other.evaluate(ground) == dark
    await other.get_by_role("button", name="明るい配色").click()
    await expect(other.locator("html")).to_have_attribute("data-scheme", "light")
    assert await other.evaluate(ground) != dark
    await context.close()


async def test_without_script_the_colours_change_as_well_and_the_page_stays(url: str, chromium: Browser):
    context = await person(chromium, url, Role.SUPERVISOR, color_scheme="light", java_script_enabled=False)
    page = await context.new_page()
    await page.goto("/figures?day=2026-11-25")
    await page.get_by_role("button", name="暗い配色").click()
    await page.wait_for_url("**/figures?day=2026-11-25")
    await expect(page.locator("html")).to_have_attribute("data-scheme", "dark")
    await context.close()
