"""Who is let in: the rules, driven at random."""

from __future__ import annotations

from dataclasses import fields, replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialplan.admission.bucket import Bucket, take
from dialplan.admission.door import Door
from dialplan.admission.standing import WINDOW_SECONDS, Standing
from dialplan.admission.strain import ONSET_SECONDS, ORDER, Load, Strain, judge, pressures
from kernel.admission import Level, Limits

LIMITS = Limits()
CALM = Load()
SLOW = Load(reply_seconds=LIMITS.reply_seconds)
STUCK = Load(reply_seconds=LIMITS.reply_seconds * LIMITS.busy_factor)

LOADS = st.builds(
    Load,
    calls=st.integers(0, 300),
    reply_seconds=st.floats(0, 2),
    late_seconds=st.floats(0, 2),
    requests=st.integers(0, 2000),
    events=st.integers(0, 5000),
    journal=st.integers(0, 200_000),
)
LOOKS = st.lists(st.tuples(st.floats(0.05, 4), LOADS), max_size=60)


def rank(level: Level) -> int:
    return ORDER.index(level)


def demanded(load: Load) -> Level:
    worst = max(pressures(load, LIMITS).values())
    return Level.BUSY if worst >= LIMITS.busy_factor else Level.GUIDANCE if worst >= 1 else Level.OPEN


def history(looks: list[tuple[float, Load]]) -> list[tuple[float, Load, Strain]]:
    now, strain, seen = 0.0, Strain(), []
    for seconds, load in looks:
        now += seconds
        strain = judge(strain, load, LIMITS, now)
        seen.append((now, load, strain))
    return seen


@given(LOOKS)
def test_no_sign_stays_past_its_limit_while_callers_are_let_in(looks: list[tuple[float, Load]]):
    for level in (Level.GUIDANCE, Level.BUSY):
        since: float | None = None
        for now, load, strain in history(looks):
            since = None if rank(demanded(load)) < rank(level) else now if since is None else since
            assert since is None or now - since < ONSET_SECONDS or rank(strain.level) >= rank(level)


@given(LOOKS)
def test_strain_is_over_only_after_a_calm_that_lasts(looks: list[tuple[float, Load]]):
    seen = history(looks)
    for (_, _, before), (now, load, after) in pairwise(seen):
        if rank(after.level) < rank(before.level):
            lately = [load for at, load, _ in seen if now - LIMITS.calm_seconds <= at <= now]
            bound = LIMITS.calm_share * (LIMITS.busy_factor if before.level is Level.BUSY else 1)
            assert all(max(pressures(load, LIMITS).values()) < bound for load in lately)
            assert before.calm_since is not None


@given(LOOKS)
def test_callers_are_let_in_again_once_it_stays_calm(looks: list[tuple[float, Load]]):
    now = sum(seconds for seconds, _ in looks)
    strain = history(looks)[-1][2] if looks else Strain()
    for step in range(4):
        strain = judge(strain, CALM, LIMITS, now + step * LIMITS.calm_seconds)
    assert strain == Strain()


@given(LOOKS, st.sampled_from([field.name for field in fields(Load)]), st.integers(1, 5))
def test_more_load_never_lets_more_callers_in(looks: list[tuple[float, Load]], sign: str, factor: int):
    harder = [(seconds, replace(load, **{sign: getattr(load, sign) * factor})) for seconds, load in looks]
    for (_, _, easy), (_, _, hard) in zip(history(looks), history(harder), strict=True):
        assert rank(hard.level) >= rank(easy.level)


@given(LOOKS)
def test_strain_names_a_sign_that_was_past_its_limit(looks: list[tuple[float, Load]]):
    past: set[str] = set()
    for _, load, strain in history(looks):
        past |= {name for name, pressure in pressures(load, LIMITS).items() if pressure >= LIMITS.calm_share}
        assert (strain.why in past) if strain.level is not Level.OPEN else strain.why == ""


@pytest.mark.parametrize(("load", "level"), [(SLOW, Level.GUIDANCE), (STUCK, Level.BUSY)])
def test_a_passing_stall_turns_nobody_away_and_one_that_lasts_does(load: Load, level: Level):
    passing = [strain.level for _, _, strain in history([(2, load), (0.1, CALM)] * 10)]
    assert set(passing) == {Level.OPEN}
    lasting = [strain.level for _, _, strain in history([(0.1, load)] * 5)]
    assert (lasting[0], lasting[-1]) == (Level.OPEN, level)


def test_a_load_that_swings_about_the_limit_does_not_open_and_close_the_door():
    nearly = Load(reply_seconds=LIMITS.reply_seconds * 0.9)
    levels = [strain.level for _, _, strain in history([(0.5, SLOW)] * 2 + [(0.5, SLOW), (0.5, nearly)] * 40)]
    assert set(levels[1:]) == {Level.GUIDANCE}


@given(st.lists(st.floats(0, 0.4), min_size=1, max_size=200), st.floats(0.5, 20), st.integers(1, 20))
def test_never_more_are_taken_than_burst_and_rate_allow(gaps: list[float], per_second: float, burst: int):
    now, bucket, taken = 0.0, Bucket(burst, 0), 0
    for gap in gaps:
        now += gap
        there_is_one, bucket = take(bucket, per_second, burst, now)
        taken += there_is_one
        assert taken <= burst + per_second * now + 1e-6
        assert 0 <= bucket.tokens <= burst


@given(st.floats(0.5, 20), st.integers(1, 20))
def test_who_comes_no_faster_than_the_rate_always_finds_a_token(per_second: float, burst: int):
    bucket = Bucket(0, 0)
    for place in range(1, 50):
        there_is_one, bucket = take(bucket, per_second, burst, place * 1.001 / per_second)
        assert there_is_one


@given(st.lists(st.tuples(st.floats(0, 0.7), st.floats(0, 5)), min_size=1, max_size=60))
def test_the_standing_delay_is_the_least_of_the_last_second(samples: list[tuple[float, float]]):
    standing, now, noted = Standing(), 0.0, []
    for gap, delay in samples:
        now += gap
        standing.note(delay, now)
        noted.append((now, delay))
        assert standing.least(now) == min(delay for at, delay in noted if at >= now - WINDOW_SECONDS)
    assert standing.least(now + WINDOW_SECONDS + 0.01) is None


def test_one_slow_answer_among_quick_ones_is_no_standing_delay():
    standing = Standing()
    for now, delay in ((0.1, 0.001), (0.2, 3.0), (0.3, 3.0)):
        standing.note(delay, now)
    assert standing.least(0.3) == 0.001


def test_callers_beyond_the_rate_hear_the_guidance_and_those_beyond_that_too_are_busy():
    limits = Limits(calls_per_second=1, burst=2, guided_per_second=1, guided_burst=3)
    door = Door(limits, 0)
    levels = [door.arrives(0, 0.0).level for _ in range(7)]
    assert levels == [Level.OPEN] * 2 + [Level.GUIDANCE] * 3 + [Level.BUSY] * 2
    assert (door.state.level, door.state.why) == (Level.BUSY, "arrivals")


def test_the_caller_for_whom_there_is_no_line_left_hears_the_guidance_though_nothing_is_strained():
    door = Door(Limits(calls=10), 0)
    assert door.arrives(9, 0).level is Level.OPEN
    assert (door.arrives(10, 0).level, door.state.why) == (Level.GUIDANCE, "calls")
    assert door.arrives(9, 0.1).level is Level.OPEN


def test_the_door_says_that_it_is_open_when_nobody_was_turned_away_for_a_while():
    door = Door(Limits(calls=1, calm_seconds=5), 0)
    door.arrives(1, 10)
    door.look(CALM, 14.9)
    assert door.state.level is Level.GUIDANCE
    door.look(CALM, 15)
    assert door.state.level is Level.OPEN


def test_strain_keeps_the_burst_for_later():
    door = Door(Limits(burst=1, calls_per_second=0.1, calm_seconds=0), 0)
    door.look(SLOW, 0)
    door.look(SLOW, ONSET_SECONDS)
    assert door.arrives(0, ONSET_SECONDS).level is Level.GUIDANCE
    door.look(CALM, 1)
    door.look(CALM, 1.1)
    assert door.arrives(0, 1.1).level is Level.OPEN


@given(st.lists(st.tuples(st.floats(0.001, 1), st.integers(0, 20)), max_size=120))
def test_nobody_is_turned_away_while_there_is_room_and_nobody_let_in_while_there_is_none(arrivals):
    limits = Limits(calls=10, calls_per_second=1000, burst=1000)
    door, now = Door(limits, 0), 0.0
    for gap, calls in arrivals:
        now += gap
        assert (door.arrives(calls, now).level is Level.OPEN) == (calls < limits.calls)
