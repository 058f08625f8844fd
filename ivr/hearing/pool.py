"""Worker processes that recognise: some at once, the others queue, and whoever dies or dawdles is replaced."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from ivr.hearing.process import Ended, WorkerProcess
from ivr.hearing.recogniser import BYTES_A_SECOND, LONGEST_SECONDS, RecogniserError, Transcript
from ivr.hearing.rules import Engine, PoolRules

log = logging.getLogger(__name__)

Result = TypeVar("Result")


class Pool:
    """A Recogniser. ``start`` before use.

    A recognition whose caller is cancelled is not begun; one that a worker has begun is finished and forgotten: to load
    a model anew would cost others more.
    """

    def __init__(self, engine: Engine, rules: PoolRules | None = None) -> None:
        self._rules = rules or PoolRules()
        self._workers = [WorkerProcess(engine, self._rules) for _ in range(self._rules.workers)]
        self._free: asyncio.Queue[WorkerProcess] = asyncio.Queue()
        self._asked = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closed = False

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that run."""
        return tuple(worker.pid for worker in self._workers if worker.pid)

    async def start(self) -> None:
        """Start all workers, and return once they have loaded. Raises RecogniserError, and then none is left.

        It may be tried again.
        """
        self._closed = False
        try:
            await asyncio.gather(*(worker.start() for worker in self._workers))
        except Ended as ended:
            await self.close()
            raise RecogniserError(f"the recogniser did not start ({ended}): run `denwa doctor`") from None
        for worker in self._workers:
            self._free.put_nowait(worker)

    async def recognise(self, speech: bytes, expected: Sequence[str] = ()) -> Transcript:
        """As Recogniser."""
        if self._closed:
            raise RecogniserError("the recogniser is closed")
        if len(speech) > LONGEST_SECONDS * BYTES_A_SECOND:
            raise RecogniserError(f"the speech is longer than {LONGEST_SECONDS:.0f} s")
        if self._asked >= self._rules.workers + self._rules.queue:
            raise RecogniserError(f"{self._asked} wait for the recogniser already")
        begun = asyncio.Event()
        recognising = self._keep(self._recognise(speech, tuple(expected), begun))
        try:
            return await asyncio.shield(recognising)
        except asyncio.CancelledError:
            if not begun.is_set():
                recognising.cancel()
            raise

    async def close(self) -> None:
        """End all workers; recognitions under way raise RecogniserError."""
        self._closed = True
        await asyncio.gather(*(worker.end() for worker in self._workers))
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _recognise(self, speech: bytes, expected: tuple[str, ...], begun: asyncio.Event) -> Transcript:
        clock = asyncio.get_running_loop()
        asked = clock.time()
        self._asked += 1
        try:
            worker = await self._next()
            begun.set()
            heard = await self._by(worker, speech, expected, self._rules.seconds - (clock.time() - asked))
        finally:
            self._asked -= 1
        return Transcript(heard.text, heard.alternatives, heard.confidence, clock.time() - asked, heard.language)

    async def _next(self) -> WorkerProcess:
        try:
            return await asyncio.wait_for(self._free.get(), self._rules.seconds)
        except TimeoutError:
            raise RecogniserError(f"no recogniser was free within {self._rules.seconds:g} s") from None
        except asyncio.CancelledError:
            raise self._ending() from None

    async def _by(self, worker: WorkerProcess, speech: bytes, expected: tuple[str, ...], seconds: float) -> Transcript:
        """Let ``worker`` recognise; whatever becomes of it, it is free afterwards, or replaced."""
        try:
            heard = await asyncio.wait_for(worker.recognise(speech, expected), seconds)
        except BaseException as failed:
            if not self._closed:
                self._keep(self._replace(worker))
            raise self._why(failed) from None
        self._free.put_nowait(worker)
        return heard

    def _why(self, failed: BaseException) -> BaseException:
        match failed:
            case _ if self._closed:
                return self._ending()
            case Ended():
                return RecogniserError(f"the recogniser ended ({failed})")
            case TimeoutError():
                return RecogniserError(f"not recognised within {self._rules.seconds:g} s")
            case _:
                return failed

    def _ending(self) -> BaseException:
        return RecogniserError("the recogniser is closed") if self._closed else asyncio.CancelledError()

    async def _replace(self, worker: WorkerProcess) -> None:
        """Start it anew, again and again, ever more slowly, until it has loaded."""
        pause = self._rules.pause
        while not self._closed:
            await worker.end()
            try:
                await worker.start()
            except Ended as ended:
                log.error("the recogniser did not start (%s): trying again in %g s", ended, pause)
                await asyncio.sleep(pause)
                pause = min(2 * pause, self._rules.longest_pause)
            else:
                log.warning("the recogniser was replaced")
                self._free.put_nowait(worker)
                return

    def _keep(self, work: Coroutine[Any, Any, Result]) -> asyncio.Task[Result]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
