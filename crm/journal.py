"""The write-behind journal (kernel.ports.Journal): facts are committed beside the call, in order."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

import structlog
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError

from crm.announcer import Announcer
from crm.errors import Fenced, NotStored, told
from crm.fence import Fence
from crm.group_commit import GroupCommit
from kernel.call import Call
from kernel.events import Event
from kernel.operator import OperatorStatus
from kernel.ports import Storable
from kernel.recording import Recording
from kernel.sms import Sms
from kernel.utterance import Utterance

log = structlog.get_logger(__name__)

STORABLE = (Call, OperatorStatus, Recording, Utterance, Sms, Event)
MOST_WRITES = 2000
"""In one transaction."""

GATHER_SECONDS = 0.03
"""What is written so soon after a transaction began shares the next one; what is written in quiet is stored at once.
A call is never kept by it; a transaction for each of its steps would cost it more than all else that is done for it."""
FIRST_RETRY_SECONDS = 0.05
LAST_RETRY_SECONDS = 2.0
PARTING_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Write:
    """What one ``write`` named; ``at`` is the loop's time, ``fence`` the lease under which it was written."""

    things: tuple[Storable, ...]
    at: float
    fence: Fence | None


class StoreJournal:
    """One named task commits all that is pending in one transaction, then the next.

    A database that fails is asked again for ever, in the same order; the log says so at the change, ``failure`` as long
    as it lasts. A write that no database would take (``refused``) is set aside alone, so that others' calls go on.
    What was written under a lease that is lost is refused too: another has written since, and knows better.
    """

    def __init__(self, commit: GroupCommit, announcer: Announcer) -> None:
        self._commit = commit
        self._announcer = announcer
        self._loop = asyncio.get_running_loop()
        self._pending: deque[Write] = deque()
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()
        self._written = self._settled = 0
        self._work = asyncio.Event()
        self._closed = False
        self.failure: str | None = None
        self.refused = 0
        self._fence: Fence | None = None
        self._shut_out = asyncio.Event()
        self._task = asyncio.create_task(self._run(), name="commit the journal")

    def write(self, *things: Storable) -> None:
        """Store ``things`` in one transaction, soon; never waits. Raises NotStored once closed."""
        if self._closed:
            raise NotStored("the journal is closed: nothing may be written once the store is being left")
        for thing in things:
            if not isinstance(thing, STORABLE):  # pyright: ignore[reportUnnecessaryIsInstance]
                raise TypeError(f"the journal does not store a {type(thing).__name__}")
        self._pending.append(Write(things, self._loop.time(), self._fence))
        self._written += 1
        self._work.set()

    async def flushed(self) -> None:
        """Return when all that was written before this moment is committed."""
        if self._settled < self._written:
            done = self._loop.create_future()
            self._waiting.append((self._written, done))
            await done

    def under(self, fence: Fence | None) -> None:
        """What is written from now on is stored only while ``fence`` holds; None: in any case."""
        self._fence = fence
        self._shut_out.clear()

    async def shut_out(self) -> None:
        """Return when a write was refused because the lease of now is lost."""
        await self._shut_out.wait()

    @property
    def backlog(self) -> int:
        """Writes that are not committed yet."""
        return self._written - self._settled

    @property
    def oldest_seconds(self) -> float:
        """How long the oldest of the backlog has waited; 0 where there is none."""
        return self._loop.time() - self._pending[0].at if self._pending else 0.0

    @property
    def healthy(self) -> bool:
        """Whether the database takes what is written."""
        return self.failure is None and not self._task.done()

    async def close(self, patience_seconds: float = PARTING_SECONDS) -> None:
        """Commit the backlog and stop. Raises NotStored when the database takes nothing for so long."""
        self._closed = True
        self._work.set()
        await asyncio.wait({self._task}, timeout=patience_seconds)
        self._task.cancel()
        await asyncio.wait({self._task})
        if self.backlog:
            raise NotStored(f"{self.backlog} writes are lost, the database took nothing: {self.failure}")

    async def _run(self) -> None:
        begun = self._loop.time() - GATHER_SECONDS
        while True:
            await self._work.wait()
            self._work.clear()
            while self._pending:
                if not self._closed and not self._waiting and (rest := begun + GATHER_SECONDS - self._loop.time()) > 0:
                    await asyncio.sleep(rest)
                begun = self._loop.time()
                await self._settle(self._next())
            if self._closed:
                return

    def _next(self) -> Sequence[Write]:
        """The oldest of the pending, as far as they were written under the same lease."""
        fence = self._pending[0].fence
        return list(takewhile(lambda write: write.fence == fence, islice(self._pending, MOST_WRITES)))

    async def _settle(self, writes: Sequence[Write]) -> None:
        """Commit ``writes``, the first of the pending; by halves where one of them is refused."""
        pause = FIRST_RETRY_SECONDS
        while True:
            try:
                things = [thing for write in writes for thing in write.things]
                stored = await self._commit.store(things, writes[0].fence)
            except Fenced as lost:
                return self._refuse(writes, lost)
            except Exception as wrong:
                if _hopeless(wrong):
                    return await self._divide(writes, wrong)
                self._failed(wrong)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LAST_RETRY_SECONDS)
            else:
                self._worked()
                self._announcer.announce(stored)
                return self._remove(len(writes))

    def _refuse(self, writes: Sequence[Write], lost: Fenced) -> None:
        self.refused += len(writes)
        calls = sorted({_call(thing) for write in writes for thing in write.things} - {""})
        log.critical("written too late, and refused", writes=len(writes), calls=calls, why=str(lost))
        if writes[0].fence == self._fence:
            self._shut_out.set()
        self._remove(len(writes))

    async def _divide(self, writes: Sequence[Write], wrong: Exception) -> None:
        if len(writes) > 1:
            half = len(writes) // 2
            await self._settle(writes[:half])
            await self._settle(writes[half:])
            return
        self.refused += 1
        log.critical(
            "a write was refused and set aside",
            error=type(wrong).__name__,
            things=[type(thing).__name__ for thing in writes[0].things],
            calls=sorted({_call(thing) for thing in writes[0].things} - {""}),
        )
        self._remove(1)

    def _remove(self, count: int) -> None:
        for _ in range(count):
            self._pending.popleft()
        self._settled += count
        while self._waiting and self._waiting[0][0] <= self._settled:
            _, done = self._waiting.popleft()
            if not done.done():
                done.set_result(None)

    def _failed(self, wrong: Exception) -> None:
        if self.failure is None:
            log.error("the database takes nothing; trying again until it does", error=told(wrong), backlog=self.backlog)
        self.failure = told(wrong)

    def _worked(self) -> None:
        if self.failure is not None:
            log.warning("the database takes writes again", backlog=self.backlog)
        self.failure = None


def _hopeless(wrong: Exception) -> bool:
    """Whether trying again can't help: the value is at fault, not the database."""
    if isinstance(wrong, IntegrityError | DataError | ValueError | TypeError | OverflowError):
        return True
    if isinstance(wrong, sqlite3.IntegrityError | sqlite3.DataError | sqlite3.ProgrammingError):
        return True
    return isinstance(wrong, StatementError) and not isinstance(wrong, DBAPIError)


def _call(thing: Storable) -> str:
    return thing.id if isinstance(thing, Call) else thing.call or ""
