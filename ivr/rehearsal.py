"""Announcements heard before they are live: spoken by the same voice, kept for a while in a folder of their own."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from ivr.prompts import PromptFailed, SpokenPrompts
from kernel.announcement import BadPlaceholder, check, fill, placeholders
from kernel.language import JAPANESE

__all__ = ["BadPlaceholder", "PromptFailed", "Rehearsal"]

KEPT = 50
"""Sounds at a time; one of a minute takes a megabyte."""

EXAMPLES: Mapping[str, str | int] = {
    "position": 3,
    "minutes": 5,
    "name": "市民税課",
    "first": "市民税課",
    "second": "資産税課",
}
"""What stands in for the values that are filled in while a call waits."""


class Rehearsal:
    """Use it as a context: leaving it ends the process that speaks, which is not the calls', and deletes the sounds."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="denwa-rehearsal-")
        self._prompts = SpokenPrompts(Path(self._folder.name))
        self._sounds: OrderedDict[str, Path] = OrderedDict()

    async def __aenter__(self) -> Self:
        await self._prompts.__aenter__()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._prompts.__aexit__()
        self._folder.cleanup()

    async def speak(self, id: str, text: str, language: str = JAPANESE) -> str:
        """The name of the sound of announcement ``id`` with ``text`` in ``language``.

        Raises PromptFailed, BadPlaceholder.
        """
        check(id, text)
        filled = fill(text, **{name: EXAMPLES[name] for name in placeholders(text)})
        path = Path(await self._prompts.media(filled, language))
        self._sounds[path.name] = path
        self._sounds.move_to_end(path.name)
        while len(self._sounds) > KEPT:
            _, oldest = self._sounds.popitem(last=False)
            for ending in (".ulaw", ".wav"):
                oldest.with_suffix(ending).unlink(missing_ok=True)
        return path.name

    def sound(self, name: str) -> Path | None:
        """The WAV file of that name, None where there is none or no longer one."""
        path = self._sounds.get(name)
        return path.with_suffix(".wav") if path else None
