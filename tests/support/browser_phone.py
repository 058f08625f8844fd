"""An operator whose telephone is the page: a real Chromium that speaks a tone, and what it hears."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import numpy as np
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from crm.users import Role
from denwa.parts import utc_now
from denwa.world import hearing
from denwa.world.hearing import RATE, Sound
from tests.support.platform import PASSWORD, Platform
from tests.support.room import Room
from tests.support.talk import OPERATOR_HERTZ

CHROMIUM = "/usr/bin/chromium"
PATIENCE_MS = 60_000
HEARS_FFT = 4096
HEARS = f"""
async () => {{
  const stream = document.querySelector("soft-phone").call?.sound?.srcObject
  if (!stream) return 0
  if (window.heardStream !== stream) {{
    window.heardStream = stream
    window.ears = new AudioContext()
    window.hearing = new AnalyserNode(window.ears, {{ fftSize: {HEARS_FFT}, smoothingTimeConstant: 0 }})
    window.ears.createMediaStreamSource(stream).connect(window.hearing)
  }}
  const bins = new Float32Array(window.hearing.frequencyBinCount)
  window.hearing.getFloatFrequencyData(bins)
  const loudest = bins.indexOf(Math.max(...bins))
  return bins[loudest] > -60 ? (loudest * window.ears.sampleRate) / {HEARS_FFT} : 0
}}
"""
"""The strongest frequency in hertz that the page's phone hears now; 0: nothing."""


@asynccontextmanager
async def chromium_in(room: Room, folder: Path) -> AsyncIterator[Browser]:
    """A browser in ``room`` whose microphone hears the operator's tone, in beats: noise suppression takes a steady
    one for noise."""
    voice = folder / "voice.wav"
    hearing.write(voice, voice_of_beats())
    arguments = [
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        "--autoplay-policy=no-user-gesture-required",
        f"--use-file-for-fake-audio-capture={voice}",
    ]
    program = room.inside(CHROMIUM, folder / "chromium-in-room")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        await browser.close()


def voice_of_beats() -> Sound:
    beat = np.concatenate([hearing.tone(OPERATOR_HERTZ, 1.2, 0.5), np.zeros(RATE // 5)])
    return np.tile(beat, 8)


@asynccontextmanager
async def profile_of(browser: Browser, platform: Platform) -> AsyncIterator[BrowserContext]:
    """One person's browser on the platform's console."""
    url = f"https://{platform.settings.web.host}:{platform.settings.web.port}"
    context = await browser.new_context(ignore_https_errors=True, base_url=url, locale="ja-JP")
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    yield context
    await context.close()


async def sits_down(context: BrowserContext, platform: Platform, operator: str = "sato") -> Page:
    """The desk of ``operator``, who has logged in, once the page's phone is registered."""
    if await platform.store.users.find(operator) is None:
        await platform.store.users.create(operator, operator, Role.OPERATOR, PASSWORD, utc_now())
    page = await context.new_page()
    await page.goto("/login")
    await page.get_by_label("利用者ID").fill(operator)
    await page.get_by_label("パスワード").fill(PASSWORD)
    await page.get_by_role("button", name="ログイン").click()
    await page.wait_for_url(lambda url: not url.endswith("/login"))
    await registered(page)
    return page


async def registered(page: Page) -> None:
    await expect(page.locator("[data-part=state]")).to_have_text("登録済み")


async def hears(page: Page, fits: Callable[[float], bool], what: str) -> None:
    """Return when the page's phone hears a strongest frequency that ``fits``."""
    heard = 0.0
    try:
        async with asyncio.timeout(PATIENCE_MS / 1000):
            while not fits(heard := await page.evaluate(HEARS)):
                await asyncio.sleep(0.1)
    except TimeoutError:
        raise AssertionError(f"the page heard no {what}, but {heard:.0f} Hz") from None


async def hears_tone(page: Page, hertz: float) -> None:
    await hears(page, lambda heard: abs(heard - hertz) < 25, f"{hertz:.0f} Hz")
