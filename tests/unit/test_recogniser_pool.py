"""Recognisers in processes of their own, with the real model: stopped, killed, replaced, not waited for too long."""

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager
from dataclasses import replace

import numpy as np
import pytest

from bench.voicebot.line import CLEAN, carried
from bench.voicebot.voices import VOICES, say
from bench.voicebot.ways import TUNING
from ivr.hearing.pool import Pool
from ivr.hearing.recogniser import BYTES_A_SECOND, RecogniserError
from ivr.hearing.rules import Engine, PoolRules
from kernel.settings import Settings

RULES = PoolRules(seconds=60.0)
SILENCE = bytes(BYTES_A_SECOND)


@asynccontextmanager
async def recognising(rules=RULES):
    pool = Pool(Engine("whisper", Settings().cache_dir / "models"), rules)
    await pool.start()
    try:
        yield pool
    finally:
        await pool.close()


@pytest.fixture(scope="module")
def speech():
    said = say("市民税課をお願いします。", VOICES[TUNING][0])
    return carried(said, CLEAN, np.zeros(8000, np.int16), "test")


async def replaced(pool, killed):
    """Return once another process runs."""
    while not pool.pids or killed in pool.pids:
        await asyncio.sleep(0.01)


async def test_speech_is_recognised_with_other_hypotheses_and_its_language(speech):
    async with recognising() as pool:
        heard = await pool.recognise(speech)
    assert heard.text.endswith("お願いします") or "お願いします" in "".join(heard.alternatives)
    assert 2 <= len((heard.text, *heard.alternatives)) <= 5
    assert heard.language == "ja"
    assert 0 < heard.confidence <= 1
    assert heard.took > 0


async def test_a_recogniser_that_is_killed_at_work_is_an_error_for_that_speech_and_is_replaced(speech, caplog):
    async with recognising() as pool:
        (killed,) = pool.pids
        os.kill(killed, signal.SIGSTOP)
        asking = asyncio.create_task(pool.recognise(speech))
        await asyncio.sleep(0)
        os.kill(killed, signal.SIGKILL)
        with pytest.raises(RecogniserError, match="exit status -9"):
            await asking
        assert (await pool.recognise(speech)).text
        assert pool.pids != (killed,)
    assert "replaced" in caplog.text
    assert "お願い" not in caplog.text


async def test_a_recogniser_that_takes_too_long_is_an_error_and_is_replaced(speech):
    async with recognising(replace(RULES, seconds=0.2)) as pool:
        (stuck,) = pool.pids
        os.kill(stuck, signal.SIGSTOP)
        with pytest.raises(RecogniserError, match=r"within 0\.2 s"):
            await pool.recognise(speech)
        async with asyncio.timeout(60):
            await replaced(pool, stuck)


async def test_those_who_wait_are_so_many_at_most_and_are_served_in_turn(speech):
    async with recognising(replace(RULES, queue=1)) as pool:
        (worker,) = pool.pids
        os.kill(worker, signal.SIGSTOP)
        first, second = (asyncio.create_task(pool.recognise(speech)) for _ in range(2))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        with pytest.raises(RecogniserError, match="2 wait"):
            await pool.recognise(speech)
        os.kill(worker, signal.SIGCONT)
        assert (await first).text == (await second).text


async def test_who_no_longer_waits_for_it_does_not_cost_the_others_a_recogniser(speech):
    async with recognising() as pool:
        (worker,) = pool.pids
        os.kill(worker, signal.SIGSTOP)
        gone = asyncio.create_task(pool.recognise(speech))
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        os.kill(worker, signal.SIGCONT)
        assert (await pool.recognise(speech)).text
        assert pool.pids == (worker,)


async def test_who_gives_up_while_all_recognisers_are_busy_keeps_no_other_waiting(speech):
    async with recognising() as pool:
        (worker,) = pool.pids
        os.kill(worker, signal.SIGSTOP)
        busy = asyncio.create_task(pool.recognise(speech))
        await a_few_turns()
        gone = [asyncio.create_task(pool.recognise(speech)) for _ in range(RULES.queue)]
        await a_few_turns()
        for one in gone:
            one.cancel()
        await asyncio.gather(*gone, return_exceptions=True)
        await a_few_turns()
        waiting = asyncio.create_task(pool.recognise(speech))
        os.kill(worker, signal.SIGCONT)
        assert (await busy).text == (await waiting).text, "there was room for it"


async def a_few_turns():
    """Of the event loop: who has asked has a worker, or waits for one."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_closing_ends_what_is_under_way_and_leaves_no_process(speech):
    async with recognising() as pool:
        (worker,) = pool.pids
        os.kill(worker, signal.SIGSTOP)
        asking = [asyncio.create_task(pool.recognise(speech)) for _ in range(2)]
        await asyncio.sleep(0)
        await pool.close()
        for one in asking:
            with pytest.raises(RecogniserError, match="closed"):
                await one
        with pytest.raises(RecogniserError, match="closed"):
            await pool.recognise(speech)
    with pytest.raises(ProcessLookupError):
        os.kill(worker, 0)


async def test_speech_that_is_too_long_is_refused_before_it_costs_anything():
    async with recognising() as pool:
        with pytest.raises(RecogniserError, match="longer than 20 s"):
            await pool.recognise(SILENCE * 21)


async def test_silence_says_nothing_that_is_sure():
    async with recognising() as pool:
        assert (await pool.recognise(SILENCE)).confidence < 0.5


async def test_a_recogniser_that_does_not_start_says_why(tmp_path):
    pool = Pool(Engine("vosk", tmp_path / "no-model"), RULES)
    with pytest.raises(RecogniserError, match="holds no model of Vosk"):
        await pool.start()
    assert pool.pids == ()


async def test_one_that_did_not_start_is_started_once_what_was_missing_is_there(tmp_path, speech):
    cache = tmp_path / "models"
    cache.write_text("in the way")
    pool = Pool(Engine("whisper", cache), RULES)
    with pytest.raises(RecogniserError, match="did not start"):
        await pool.start()
    cache.unlink()
    await pool.start()
    try:
        assert (await pool.recognise(speech)).text
    finally:
        await pool.close()


async def test_a_worker_has_no_more_memory_than_it_may(tmp_path):
    pool = Pool(Engine("whisper", Settings().cache_dir / "models"), replace(RULES, memory=200 * 2**20))
    with pytest.raises(RecogniserError, match="did not start"):
        await pool.start()
    assert pool.pids == ()


async def test_a_worker_ends_when_who_asked_it_is_gone():
    engine, rules = Settings().cache_dir / "models", RULES
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "ivr.hearing.worker", "whisper", str(engine), "1", str(rules.memory), "5",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert await worker.stdout.readline() == b'{"ready": true}\n'
    worker.stdin.close()
    assert await worker.wait() == 0
