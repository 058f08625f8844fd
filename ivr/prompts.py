"""Announcements as sound files: spoken once for each text, kept under a name that is made of the text."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from hashlib import blake2s
from pathlib import Path
from typing import Self

from ivr import telephone_audio, voice
from ivr.ask_number import digits
from ivr.voice_process import PromptFailed, VoiceProcess
from kernel.announcement import FOR_CALLBACKS, Said, filled, placeholders, words
from kernel.centre import Centre
from kernel.language import JAPANESE
from kernel.ports import Prompts

__all__ = ["PromptFailed", "SpokenPrompts", "fixed_texts", "prepare"]

log = logging.getLogger(__name__)

LONGEST_TEXT = 1200
ENDINGS = (".ulaw", ".wav")
POSITIONS = range(1, 21)
MINUTES = range(2, 11)
COUNTS = {"position": POSITIONS, "minutes": MINUTES}
FIRST_COUNTS = 5
"""Of other languages, which few hear and which are spoken in a moment."""
FOLDER_MODE = 0o755


class SpokenPrompts:
    """``kernel.ports.Prompts`` over a folder. Use it as a context: leaving it ends the speaking process.

    Several controllers may share the folder. A file that somebody removed is made again at its next use.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.absolute()
        self._voice = VoiceProcess()
        self._making: dict[Path, asyncio.Task[None]] = {}

    async def __aenter__(self) -> Self:
        try:
            self._folder.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
        except OSError as error:
            raise PromptFailed(f"the prompts' folder {self._folder} can't be made: {error.strerror}") from error
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in tuple(self._making.values()):
            task.cancel()
        await asyncio.gather(*self._making.values(), return_exceptions=True)
        await self._voice.close()

    async def media(self, text: str, language: str = "ja", *, slowly: bool = False) -> str:
        """The path, without ending, of ``.ulaw`` and ``.wav`` files that speak ``text``. Raises PromptFailed.

        A text that is being made is awaited, not made again; who is cancelled meanwhile does not take it from others.
        """
        path = self._folder / _name(text, language, slowly)
        if not _is_there(path):
            _check(text, language)
            await asyncio.shield(self._made(text, language, slowly, path))
        return str(path)

    def _made(self, text: str, language: str, slowly: bool, path: Path) -> asyncio.Task[None]:
        if path not in self._making:
            task = asyncio.create_task(self._voice.speak(text, language, path, slowly), name=f"prompt {path.name}")
            task.add_done_callback(lambda done: self._over(path, done))
            self._making[path] = task
        return self._making[path]

    def _over(self, path: Path, done: asyncio.Task[None]) -> None:
        del self._making[path]
        if not done.cancelled() and (error := done.exception()):
            log.error("%s", error)


def _silent(_done: int, _total: int) -> None:
    """Tell nobody."""


async def prepare(prompts: Prompts, centre: Centre, progress: Callable[[int, int], None] = _silent) -> None:
    """Make all that ``centre`` says by itself beforehand; ``progress`` is told how many of how many are done."""
    texts = fixed_texts(centre)
    for done, text in enumerate(texts, 1):
        await prompts.media(*words(text))
        progress(done, len(texts))


def fixed_texts(centre: Centre) -> list[Said]:
    """The announcements with nothing to fill in, the first twenty places in a queue, waits of up to ten minutes.

    Digits too, where a number may be read out. Japanese comes first, then each of the other languages, of which only
    the first FIRST_COUNTS places and waits are made beforehand.
    """
    fixed: list[Said] = []
    for language in (JAPANESE, *(one.language for one in centre.translations)):
        texts = {id: said for id, said in centre.texts(language).items() if words(said)[1] == language}
        fixed += [spoken for said in texts.values() for spoken in _as_spoken(said)]
        fixed += digits(language) if texts.keys() >= FOR_CALLBACKS else ()
    return fixed


def _as_spoken(said: Said) -> list[Said]:
    """``said`` as it is spoken most often; names are filled in when somebody asks for them."""
    places = placeholders(words(said)[0])
    if not places:
        return [said]
    most = None if isinstance(said, str) else FIRST_COUNTS
    return [filled(said, **{name: count}) for name in places & COUNTS.keys() for count in COUNTS[name][:most]]


def _name(text: str, language: str, slowly: bool) -> str:
    """Of the text, its language, the voice, the sound and the speed: what differs in one of them is another prompt."""
    speed = (f"speed {voice.SLOW}",) if slowly else ()
    of = "\0".join((text, language, voice.voice_version(language), str(telephone_audio.VERSION), *speed))
    return blake2s(of.encode(), digest_size=16).hexdigest()


def _is_there(path: Path) -> bool:
    return all(path.with_suffix(ending).exists() for ending in ENDINGS)


def _check(text: str, language: str) -> None:
    if language not in voice.LANGUAGES:
        raise PromptFailed(f"there is no voice for the language {language!r}; there is {', '.join(voice.LANGUAGES)}")
    if len(text) > LONGEST_TEXT:
        raise PromptFailed(f"a text of {len(text)} characters is too long to listen to: write {LONGEST_TEXT} at most")
