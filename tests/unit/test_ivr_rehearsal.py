"""Announcements heard before they are live, with the real voice."""

import wave

import pytest

from ivr import rehearsal
from ivr.rehearsal import BadPlaceholder, PromptFailed, Rehearsal


async def test_a_text_is_spoken_with_its_places_filled_in_and_nothing_is_left_behind():
    async with Rehearsal() as one:
        name = await one.speak("position", "現在、{position}番目です。")
        path = one.sound(name)
        assert path is not None
        with wave.open(str(path)) as sound:
            assert sound.getnframes() / sound.getframerate() > 0.5
        assert await one.speak("position", "現在、{position}番目です。") == name
        assert one.sound("../" + name) is None
    assert not path.exists()
    assert not path.parent.exists()


async def test_what_can_not_be_spoken_is_told():
    async with Rehearsal() as one:
        with pytest.raises(BadPlaceholder):
            await one.speak("welcome", "{name}さん")
        with pytest.raises(PromptFailed, match="nothing in it can be spoken"):
            await one.speak("welcome", "。。。")


async def test_only_the_last_sounds_are_kept(monkeypatch):
    monkeypatch.setattr(rehearsal, "KEPT", 2)
    async with Rehearsal() as one:
        first, second, third = [await one.speak("welcome", text) for text in ("一", "二", "三")]
        assert one.sound(first) is None
        kept = one.sound(second), one.sound(third)
        assert all(path is not None and path.exists() for path in kept)
        assert len(list(kept[0].parent.glob("*.wav"))) == 2
