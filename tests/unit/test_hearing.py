"""What the tests hear with must itself be right."""

from __future__ import annotations

import numpy as np
import pytest

from denwa.world.hearing import RATE, find, read, share_of_tone, starts_at, tone, write

random = np.random.default_rng(7)


def chirps(seed: int, seconds: float = 3.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    steps = np.repeat(rng.uniform(300, 3000, int(seconds * 10)), RATE // 10)
    return 0.3 * np.sin(2 * np.pi * np.cumsum(steps) / RATE)


def test_a_tone_is_told_from_another_and_from_noise():
    sound = tone(440, 1) + 0.01 * random.standard_normal(RATE)
    assert share_of_tone(sound, 440) > 0.9
    assert share_of_tone(sound, 1000) < 0.01
    assert share_of_tone(np.zeros(RATE), 440) == 0.0


def test_an_announcement_is_found_where_it_begins_and_another_is_not_found():
    announcement, other = chirps(1), chirps(2)
    heard = np.concatenate([np.zeros(RATE), announcement, np.zeros(RATE)]) + 0.01 * random.standard_normal(5 * RATE)
    assert find(heard, announcement) == pytest.approx(1.0, abs=0.02)
    assert find(heard, other) is None
    assert find(heard[: RATE // 2], announcement) is None


def test_an_announcement_is_found_though_packets_of_it_are_lost_or_its_start_was_before_the_listening():
    announcement = chirps(1)
    late = np.concatenate([announcement[160:], np.zeros(RATE)])
    assert find(late, announcement) == pytest.approx(-0.02, abs=0.01)
    broken = np.concatenate([np.zeros(RATE), announcement[:5000], announcement[5160:9000], announcement[9160:]])
    assert find(broken, announcement) == pytest.approx(1.0, abs=0.05)


def test_what_was_recorded_at_another_rate_is_read(tmp_path):
    heard = 0.25 * np.sin(2 * np.pi * 440 * np.arange(24_000) / 48_000)
    (tmp_path / "tone.sln48").write_bytes((heard * 32767).astype("<i2").tobytes())
    assert np.allclose(read(tmp_path / "tone.sln48", 48_000), tone(440, 0.5), atol=1e-4)


def test_silence_has_no_beginning_and_sound_has():
    assert starts_at(np.zeros(RATE)) is None
    assert starts_at(np.concatenate([np.zeros(RATE), tone(440, 1)])) == pytest.approx(1.0, abs=0.06)


def test_what_was_written_is_read(tmp_path):
    write(tmp_path / "tone.wav", tone(440, 0.5))
    assert np.allclose(read(tmp_path / "tone.wav"), tone(440, 0.5), atol=1e-4)
