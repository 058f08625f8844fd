"""The process that drafts a talk: at the lowest priority, gone with who asked, with real speech."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import numpy as np
import pytest

from bench.drafts.talk import LINES, talk
from ivr.drafting.process import Drafting, NotDrafted, TalkTooLong
from ivr.hearing.rules import Engine
from kernel.directory import Entry
from kernel.settings import Settings
from kernel.talk_draft import MarkKind, Side
from tests.support.sound import tone, write

ENGINE = Engine("whisper", Settings().cache_dir / "models", threads=1)
ENTRIES = (
    Entry(
        "d1",
        "環境事業センター",
        reading="かんきょうじぎょうせんたー",
        subjects=("粗大ごみ",),
        department="kankyo",
        extension="2401",
    ),
    Entry("d2", "市民税課", reading="しみんぜいか", subjects=("住民税",), extension="2301"),
)
DRAFTING = Drafting(ENGINE, longest_seconds=120)


async def test_a_talk_of_two_becomes_a_draft_of_both_sides(tmp_path):
    """One test with the real recogniser; what it hears is the benchmark's to say, so little is asked of it here."""
    draft = await DRAFTING([talk().record(tmp_path / "a.wav")], ENTRIES)
    sides = [one.side for one in draft.spoken]
    assert sides[0] is Side.OPERATOR
    assert {Side.OPERATOR, Side.CITIZEN} == set(sides)
    assert abs(len(sides) - len(LINES)) <= 2
    assert all(one.at < one.ended for one in draft.spoken)
    assert (draft.section, draft.department) == ("環境事業センター", "kankyo")
    assert MarkKind.SUBJECT in {mark.kind for one in draft.spoken for mark in one.marks}


async def test_silence_costs_no_recogniser_and_brings_an_empty_draft(tmp_path):
    write(tmp_path / "a.wav", np.zeros(8000 * 5))
    nowhere = Drafting(Engine("whisper", Path("/nonexistent"), 1), 60)
    assert (await nowhere([tmp_path / "a.wav"], ENTRIES)).spoken == ()


async def test_a_talk_of_several_takes_that_are_too_long_together_is_refused(tmp_path):
    for name in ("a.wav", "b.wav"):
        write(tmp_path / name, tone(440, 3))
    with pytest.raises(TalkTooLong):
        await Drafting(ENGINE, longest_seconds=5)([tmp_path / "a.wav", tmp_path / "b.wav"], ENTRIES)


async def test_a_take_that_was_never_recorded_spoils_none_of_the_others(tmp_path):
    write(tmp_path / "b.wav", np.zeros(8000 * 5))
    assert (await DRAFTING([tmp_path / "a.wav", tmp_path / "b.wav"], ENTRIES)).spoken == ()


async def test_a_recording_that_is_gone_says_so(tmp_path):
    with pytest.raises(NotDrafted, match="gone"):
        await DRAFTING([tmp_path / "a.wav"], ENTRIES)


def workers(of: int) -> list[int]:
    """The running children of ``of`` that draft."""
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            status = (folder / "stat").read_text()
            command = (folder / "cmdline").read_bytes()
        except OSError:
            continue
        fields = status.rpartition(")")[2].split()
        if int(fields[1]) == of and fields[0] != "Z" and b"ivr.drafting.worker" in command:
            found.append(int(folder.name))
    return found


def is_alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


async def worker_of(pid: int) -> int:
    while not (found := workers(pid)):
        await asyncio.sleep(0.01)
    return found[0]


@pytest.fixture
async def stalled(tmp_path):
    """A drafting that reads from a pipe into which nobody writes, as long as it may."""
    os.mkfifo(tmp_path / "a.wav")
    task = asyncio.create_task(DRAFTING([tmp_path / "a.wav"], ENTRIES))
    yield task
    task.cancel()
    await asyncio.wait({task})


async def test_a_worker_has_the_lowest_priority(stalled):
    pid = await worker_of(os.getpid())
    while os.getpriority(os.PRIO_PROCESS, pid) != 19:
        await asyncio.sleep(0.01)


async def test_a_worker_that_is_killed_is_told_by_how_it_ended(stalled):
    os.kill(await worker_of(os.getpid()), signal.SIGKILL)
    with pytest.raises(NotDrafted, match="-9"):
        await stalled


async def test_who_is_cancelled_leaves_no_worker(stalled):
    pid = await worker_of(os.getpid())
    stalled.cancel()
    await asyncio.wait({stalled})
    assert pid not in workers(os.getpid())


async def test_a_worker_ends_with_who_asked_though_that_was_killed(tmp_path):
    os.mkfifo(tmp_path / "a.wav")
    asks = (
        "import asyncio, sys\nfrom pathlib import Path\nfrom ivr.drafting.process import Drafting\n"
        "from ivr.hearing.rules import Engine\n"
        "asyncio.run(Drafting(Engine('whisper', Path('x'), 1), 60)([Path(sys.argv[1])], ()))"
    )
    asking = await asyncio.create_subprocess_exec(os.sys.executable, "-c", asks, str(tmp_path / "a.wav"))
    pid = await worker_of(asking.pid)
    while os.getpriority(os.PRIO_PROCESS, pid) != 19:
        await asyncio.sleep(0.01)
    asking.kill()
    await asking.wait()
    while is_alive(pid):
        await asyncio.sleep(0.01)
