"""A changed document is spoken by whoever drives the calls, also when another process has changed it."""

import asyncio
from pathlib import Path

import structlog

from denwa.spoken import keep_spoken
from ivr.prompts import SpokenPrompts
from ivr.seed_file import load
from kernel.announcement import placeholders
from kernel.bus.memory import MemoryBus
from kernel.centre import Centre
from tests.support.console import SEED, Clock
from tests.support.store import fresh_store

CENTRE = load(SEED)
FEW = {id: "はい。" if not placeholders(text) else text for id, text in CENTRE.announcements.items()} | {
    "position": "{position}番目",
    "expected-wait": "{minutes}分",
}


class Told(SpokenPrompts):
    """Tells of each text that it was asked for, once it is made or refused."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.asked: asyncio.Queue[str] = asyncio.Queue()

    async def media(self, text: str, language: str = "ja", *, slowly: bool = False) -> str:
        try:
            return await super().media(text, language, slowly=slowly)
        finally:
            self.asked.put_nowait(text)


async def asked_for(prompts: Told, text: str) -> None:
    while await prompts.asked.get() != text:
        pass


def is_made(path: str) -> bool:
    return Path(f"{path}.wav").exists()


async def test_what_can_not_be_spoken_is_told_and_the_rest_is_ready(tmp_path):
    bus, clock = MemoryBus(), Clock()
    texts = FEW | {"welcome": "。", "zz": "最後です。"}
    first, second = (Centre.model_validate({**CENTRE.model_dump(), "announcements": one}) for one in (FEW, texts))
    async with fresh_store(tmp_path, bus) as store, Told(tmp_path / "prompts") as prompts:
        await store.centres.save(first, by="ueda", now=clock(), expected_version=0)
        with structlog.testing.capture_logs() as logs:
            keeping = asyncio.create_task(keep_spoken(store, bus, prompts), name="announcements")
            await asked_for(prompts, "はい。")
            await store.centres.save(second, by="ueda", now=clock(), expected_version=1)
            await asked_for(prompts, "最後です。")
        keeping.cancel()
        await asyncio.wait([keeping])
        told = [entry["event"] for entry in logs if entry["log_level"] == "error"]
        assert told == ["an announcement can't be spoken"]
        assert is_made(await prompts.media("最後です。"))
    await bus.close()
