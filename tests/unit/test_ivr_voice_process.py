"""The process that speaks: the real one, killed, stopped and replaced; only the disk's failures are made."""

import asyncio
import errno
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from ivr import voice_worker
from ivr.voice_process import PromptFailed, VoiceProcess

REPOSITORY = Path(__file__).parents[2]


@asynccontextmanager
async def speaking(idle_seconds=60.0):
    process = VoiceProcess(idle_seconds)
    try:
        yield process
    finally:
        await process.close()


async def test_a_speaking_process_that_was_killed_is_replaced_and_the_prompt_is_made(tmp_path, caplog):
    async with speaking() as process:
        await process.speak("はい。", "ja", tmp_path / "first")
        killed = process.pid
        os.kill(killed, signal.SIGSTOP)
        making = asyncio.create_task(process.speak("いいえ。", "ja", tmp_path / "second"))
        await asyncio.sleep(0)
        os.kill(killed, signal.SIGKILL)
        await making
        assert process.pid != killed
    assert (tmp_path / "second.wav").exists()
    assert "exit status -9" in caplog.text
    assert "いいえ" not in caplog.text


async def test_a_voice_that_dies_each_time_is_told_with_its_exit_status(tmp_path):
    async with speaking() as process:
        process._command = ("/bin/sh", "-c", "read line; exit 7")
        with pytest.raises(PromptFailed, match=r"ended twice \(exit status 7\).*denwa doctor"):
            await process.speak("はい。", "ja", tmp_path / "never")


async def test_a_voice_that_never_answers_is_given_up_and_ended(tmp_path, monkeypatch):
    monkeypatch.setattr("ivr.voice_process.SPEAKING_SECONDS", 0.05)
    async with speaking() as process:
        process._command = ("/bin/sh", "-c", "while read line; do :; done")
        with pytest.raises(PromptFailed, match="shorter text"):
            await process.speak("はい。", "ja", tmp_path / "never")
        assert process.pid is None


async def test_the_speaking_process_ends_with_its_owner_and_when_it_is_idle(tmp_path):
    async with speaking(idle_seconds=0.0) as process:
        await process._running()
        assert await process._process.wait() == 0
        assert process.pid is None
    async with speaking() as process:
        ended = await process._running()
    assert ended.returncode == 0


OWNER = """
import asyncio
from ivr.voice_process import VoiceProcess

async def main():
    process = VoiceProcess()
    await process._running()
    print(process.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


async def test_a_controller_that_is_killed_leaves_no_speaking_process_behind():
    owner = await asyncio.create_subprocess_exec(sys.executable, "-c", OWNER, cwd=REPOSITORY, stdout=PIPE)
    watch = os.pidfd_open(int(await owner.stdout.readline()))
    gone = asyncio.Event()
    asyncio.get_running_loop().add_reader(watch, gone.set)
    owner.kill()
    await owner.communicate()
    await gone.wait()
    asyncio.get_running_loop().remove_reader(watch)
    os.close(watch)


def test_a_full_disk_is_told_and_leaves_no_half_of_a_file(tmp_path, monkeypatch):
    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    asked = {"text": "はい。", "language": "ja", "path": str(tmp_path / "prompt"), "slowly": False}
    request = json.dumps(asked).encode()
    assert "the disk is full" in voice_worker.answer(request)
    assert list(tmp_path.iterdir()) == []


def test_an_unforeseen_failure_is_told_with_its_kind(monkeypatch):
    assert voice_worker.answer(b"no json").startswith("JSONDecodeError")
