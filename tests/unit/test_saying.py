"""Prompts that are held in their midst, against an Asterisk that plays in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from dialplan.ari.errors import NotFound
from dialplan.ari.events import PlaybackFinished
from dialplan.ari.saying import Saying

pytestmark = pytest.mark.looptime
REQUEST_SECONDS, PROMPT_SECONDS = 0.2, 3


class Playing:
    """As much of ARI as speaks. A playback is known once its request is answered; it ends by itself, or is stopped."""

    def __init__(self) -> None:
        self.channels = self.playbacks = self
        self.begun: list[int] = []
        self.stopped = 0
        self._inboxes: dict[str, list[asyncio.Queue[Any]]] = {}
        self._ends: dict[str, asyncio.TimerHandle] = {}

    @contextmanager
    def listen(self, playback: str) -> Iterator[asyncio.Queue[Any]]:
        inbox = asyncio.Queue[Any]()
        self._inboxes.setdefault(playback, []).append(inbox)
        yield inbox
        self._inboxes[playback].remove(inbox)

    async def play(self, channel: str, media: list[str], *, playback_id: str, offset_ms: int | None) -> None:
        await asyncio.sleep(REQUEST_SECONDS)
        self.begun.append(offset_ms or 0)
        left = PROMPT_SECONDS - (offset_ms or 0) / 1000
        self._ends[playback_id] = asyncio.get_running_loop().call_later(left, self._finished, playback_id)

    async def stop(self, playback: str) -> None:
        if playback not in self._ends:
            raise NotFound("DELETE", f"/playbacks/{playback}", 404, "Playback not found")
        self.stopped += 1
        self._ends[playback].cancel()
        self._finished(playback)

    @property
    def is_heard(self) -> bool:
        return bool(self._ends)

    def _finished(self, playback: str) -> None:
        del self._ends[playback]
        for inbox in self._inboxes.get(playback, []):
            inbox.put_nowait(object.__new__(PlaybackFinished))


async def prompt(folder: Path) -> list[str]:
    (folder / "one.ulaw").write_bytes(b"\x10" * PROMPT_SECONDS * 8000)
    return [str(folder / "one")]


@pytest.mark.parametrize("after", [0.1, 1.0], ids=["before Asterisk plays it", "in its midst"])
async def test_a_prompt_that_is_held_is_silent_and_is_heard_to_its_end_afterwards(tmp_path: Path, after: float):
    ari: Any = Playing()
    saying = Saying(ari, "c-1", new=True)
    said = asyncio.create_task(saying.say(prompt(tmp_path)))
    await asyncio.sleep(after)
    await saying.hold()
    await asyncio.sleep(1.0)
    assert (ari.is_heard, ari.stopped, said.done()) == (False, 1, False), "it is silent"
    saying.go_on()
    await said
    assert len(ari.begun) == 2


async def test_a_prompt_that_nobody_holds_is_played_once(tmp_path: Path):
    ari: Any = Playing()
    await Saying(ari, "c-1", new=True).say(prompt(tmp_path))
    assert (ari.begun, ari.stopped) == ([0], 0)
