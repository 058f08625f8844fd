"""What is played: whole conversations, interruptions, signs of listening, and many callers at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from bench.a_call import found
from bench.voicebot.answers import YES, Wish
from bench.voicebot.citizens import SECOND, Caller, caller
from bench.voicebot.ground import NUMBER, Ground
from bench.voicebot.recordings import recording, voices_of
from bench.voicebot.ways import FIGURE, Way
from dialplan.voicebot.choices import ENTRY, Choices
from ivr.telephone_audio import Pcm
from kernel.call import Call, Stage
from kernel.utterance import Speaker

NUMBERS = map("0901{:07}".format, count())
MOST_TURNS = 5
INTO_THE_PROMPT_SECONDS = 1.0
WITHOUT_A_PERSON = {Stage.HAND_OVER, Stage.TELL, Stage.ENDED}


@dataclass(slots=True)
class Talk:
    """``replies`` in seconds; ``cut_short`` and ``unanswered`` count the caller's sentences."""

    replies: list[float] = field(default_factory=list[float])
    cut_short: int = 0
    unanswered: int = 0
    contained: bool = False
    right: bool = False

    def count(self, reply: float | None) -> None:
        """A sentence was answered, or not."""
        if reply is None:
            self.unanswered += 1
        elif reply < 0:
            self.cut_short += 1
        else:
            self.replies.append(reply)


class Citizens:
    """Plays on ``ground``; recordings are in ``folder``."""

    def __init__(self, ground: Ground, folder: Path) -> None:
        self._ground = ground
        self._folder = folder
        self._choices = Choices.of(ground.at.centre, tuple(ground.entries.values()))

    async def talk(self, way: Way) -> Talk:
        """A whole conversation, to where the call goes."""
        talk, wish, sound = Talk(), self._wish(way), self._spoken(way)
        async with self._caller() as one:
            await one.ear.silence()
            call = await found(lambda: self._stored(one), "the call is stored")
            for _ in range(MOST_TURNS):
                talk.count(await one.is_answered(await one.says(sound)))
                call = await self._goes_on(one, call)
                if call.stage is not Stage.SPEAK:
                    break
                text = wish.answer(await self._asked(call), self._ground.at.centre.announcements)
                sound = self._spoken(way, text)
            talk.contained = call.stage in WITHOUT_A_PERSON
            talk.right = talk.contained and self._is_right(call, way)
        return talk

    async def interrupts(self, way: Way) -> float:
        """Seconds from the caller's first sound, in the midst of the prompt, to the prompt's last."""
        async with self._caller() as one:
            sound = self._spoken(way)
            await one.ear.hears()
            await asyncio.sleep(INTO_THE_PROMPT_SECONDS)
            said = await one.says(sound)
            return max(0.0, (one.ear.last(said.ended) - said.began) / SECOND)

    async def listens(self, way: Way, text: str = YES) -> tuple[int, float]:
        """How many packets were heard of a prompt with a word in passing, and the longest silence after that."""
        async with self._caller() as one:
            sound = self._spoken(way, text) if text else None
            await one.ear.hears()
            await asyncio.sleep(INTO_THE_PROMPT_SECONDS)
            said = await one.says(sound) if sound is not None else None
            await asyncio.sleep(INTO_THE_PROMPT_SECONDS)
            await one.ear.silence()
            return len(one.ear.sounds), one.ear.longest_gap(said.began if said else 0)

    async def first_replies(self, ways: Sequence[Way], seconds: float) -> Talk:
        """One caller after the other asks, hears the beginning of a reply and hangs up, for so long."""
        talk, loop, turn = Talk(), asyncio.get_running_loop(), count()
        until = loop.time() + seconds
        while loop.time() < until:
            sound = self._spoken(ways[next(turn) % len(ways)])
            async with self._caller() as one:
                await one.ear.silence()
                talk.count(await one.is_answered(await one.says(sound)))
        return talk

    def _caller(self) -> AbstractAsyncContextManager[Caller]:
        return caller(self._ground.carrier, next(NUMBERS), NUMBER)

    def _spoken(self, way: Way, text: str = "") -> Pcm:
        """``way``, or ``text`` in the same voice."""
        voice = voices_of(way, 1)[0]
        said = Way(FIGURE, "answer", way.departments, text) if text else way
        return recording(self._folder, said, voice).sound

    def _wish(self, way: Way) -> Wish:
        ids = [f"{ENTRY}:{id}" for id in sorted(way.departments)]
        return Wish([self._choices.spoken(id) for id in ids], self._choices.written(ids[0]))

    def _is_right(self, call: Call, way: Way) -> bool:
        entries = [self._ground.entries[id] for id in way.departments]
        told = call.told.entry if call.told else ""
        return told in way.departments or call.extension in {one.extension for one in entries if one.extension}

    async def _goes_on(self, one: Caller, call: Call) -> Call:
        """The call once it has left the voicebot, or once that has said its next."""

        async def left() -> Call | None:
            now = await self._ground.at.store.calls.find(call.id)
            return now if now and (now.stage is not Stage.SPEAK or one.ear.is_silent()) else None

        return await found(left, "the conversation goes on")

    async def _asked(self, call: Call) -> str:
        texts = await self._ground.at.store.utterances.of_call(call.id)
        return next((said.text for said in reversed(texts) if said.speaker is Speaker.VOICEBOT), "")

    async def _stored(self, one: Caller) -> Call | None:
        calls = await self._ground.at.store.calls.unfinished()
        return next((call for call in calls if call.caller and call.caller.digits == one.number), None)
