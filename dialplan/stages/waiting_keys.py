"""The keys by which a caller leaves the queue: pressed at any moment of the wait, also into music and announcements."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from types import TracebackType

from dialplan.place import Place
from dialplan.scene import Scene
from kernel.announcement import Said
from kernel.call import Call
from kernel.routing import Lead, Queue


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key that leads somewhere."""

    key: str
    lead: Lead


class WaitingKeys:
    """Listens while it is entered. A key pressed while an operator rings counts when nobody answers: an offer that is
    being made is never broken off."""

    def __init__(self, call: Call, scene: Scene, place: Place) -> None:
        self._call = call
        self._scene = scene
        self._place = place
        self._listening: asyncio.Task[Pressed] | None = None

    async def __aenter__(self) -> WaitingKeys:
        self._listening = asyncio.create_task(self._listen(), name=f"keys of {self._call.id}")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, wrong: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._listening:
            self._listening.cancel()
            await asyncio.gather(self._listening, return_exceptions=True)

    async def pressed(self) -> Pressed:
        """Return when a key was pressed that leads somewhere."""
        assert self._listening is not None
        return await asyncio.shield(self._listening)

    async def _listen(self) -> Pressed:
        while True:
            key = await self._scene.line.key()
            queue = self._scene.queue(self._place.queue)
            lead = queue.keys.get(key)
            if lead:
                return Pressed(key, lead)


def waiting_keys_told(scene: Scene, queue: Queue, language: str) -> list[Said]:
    """The announcement that tells of the keys, where there are any."""
    text = scene.centre().texts(language).get(queue.keys_prompt or "")
    return [text] if text else []
