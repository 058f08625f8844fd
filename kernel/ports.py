"""What the rooms need of each other, as Protocols; ``denwa`` plugs the real parts in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from kernel.announcement import Said
from kernel.call import Call
from kernel.centre import Centre
from kernel.commands import Command
from kernel.directory import Entry
from kernel.events import Event, EventKind, StoredEvent
from kernel.operator import OperatorStatus
from kernel.phone_number import PhoneNumber
from kernel.recording import Recording
from kernel.sms import Sms, SmsAnswer, SmsRecord
from kernel.utterance import Utterance

Clock = Callable[[], datetime]
Storable = Call | OperatorStatus | Recording | Utterance | Sms | Event


class Line(Protocol):
    """The caller's end of the call, as the voice dialogue sees it. Every method raises CallerGone on hang-up."""

    async def answer(self) -> None:
        """Take the call; harmless when it is taken already."""
        ...

    async def play(self, *texts: Said) -> None:
        """Speak ``texts`` one after the other; returns when the last word has been heard."""
        ...

    async def ask(self, *texts: Said, wait_seconds: float, digits: int = 1) -> str:
        """Speak ``texts``, if any, and collect up to ``digits`` keys. A key interrupts the speech.

        Returns "" when none came within ``wait_seconds`` of the end of the speech.
        """
        ...


class Prompts(Protocol):
    """Announcements as sound files."""

    async def media(self, text: str, language: str = "ja", *, slowly: bool = False) -> str:
        """The path, without ending, of a file that speaks ``text``, perhaps ``slowly``; made on the first use."""
        ...


class Journal(Protocol):
    """Where facts go, in order, without making the call wait for the disk.

    What one ``write`` names is stored in one transaction; events are published after its commit. A failing database
    makes the queue grow and the log loud; nothing is dropped.
    """

    def write(self, *things: Storable) -> None: ...

    async def flushed(self) -> None:
        """Return when all that was written before this moment is committed."""
        ...

    @property
    def backlog(self) -> int:
        """Writes that are not committed yet."""
        ...


class Calls(Protocol):
    """The stored calls, read on recovery and by the console."""

    async def unfinished(self) -> Sequence[Call]:
        """Every call that is not in the stage ENDED."""
        ...

    async def find(self, id: str) -> Call | None: ...

    def mark(self, number: PhoneNumber) -> bytes:
        """A keyed fingerprint: the same for the same number, and no way back to it."""
        ...

    def seal_number(self, number: PhoneNumber, command: str) -> str:
        """``number`` for the command of that id, legible to nobody without the keys."""
        ...

    def open_number(self, sealed: str, command: str) -> PhoneNumber:
        """What ``seal_number`` sealed for ``command``. Raises ValueError for anything else."""
        ...

    async def last_talks(self, limit: int) -> Sequence[tuple[bytes, str]]:
        """Whose call (its caller's mark) which operator answered: the newest ``limit``, oldest first."""
        ...


class Histories(Protocol):
    """The stored histories, as far as the controller must know of them."""

    async def is_written(self, call: str) -> bool:
        """Whether the history of ``call`` is saved."""
        ...


class Operators(Protocol):
    """The stored states of the operators."""

    async def statuses(self) -> Sequence[OperatorStatus]: ...


class Directory(Protocol):
    """The city's telephone directory, as far as the controller must know of it."""

    async def at(self, extension: str) -> Entry | None:
        """Whose extension it is."""
        ...


class Centres(Protocol):
    """The versions of the centre's document."""

    async def current(self) -> Centre:
        """The newest document, perhaps a second old."""
        ...

    async def refresh(self) -> None:
        """Read the newest document now: for who was told that it has changed."""
        ...


class EventLog(Protocol):
    async def since(self, id: int, limit: int = 1000) -> Sequence[StoredEvent]:
        """Events after ``id``, oldest first."""
        ...

    async def last_id(self) -> int: ...

    async def of_kinds(self, kinds: Collection[EventKind], since: datetime, limit: int) -> Sequence[StoredEvent]:
        """The newest ``limit`` events of ``kinds`` that happened from ``since`` on, oldest first."""
        ...

    async def opening(self, since: datetime) -> Sequence[StoredEvent]:
        """What each operator did last before ``since``: one OPERATOR_CHANGED each."""
        ...


class SmsOutbox(Protocol):
    """The messages that were asked for, as far as the controller must know of them; the journal writes them."""

    async def of_call(self, call: str) -> Sequence[SmsRecord]:
        """Those of one call, oldest first."""
        ...

    async def sent_to(self, number: PhoneNumber, since: datetime) -> int:
        """How many were asked for since, without those that were refused."""
        ...


class SmsGateway(Protocol):
    """Who sends messages on (T13). Two tries with the same ``Sms.id`` are the same message."""

    async def send(self, sms: Sms) -> SmsAnswer:
        """Hand ``sms`` over, once. Raises nothing that says anything of the message: what fails is an answer."""
        ...


class Lease(Protocol):
    """The right to drive the Asterisk application; one holder at a time (hard case 4)."""

    async def take(self) -> None:
        """Wait until the lease is ours; says in the log who holds it meanwhile."""
        ...

    async def lost(self) -> None:
        """Keep the lease renewed; return when another holder has taken it."""
        ...

    async def successor(self, patience_seconds: float) -> str | None:
        """Who waits for the lease and goes on once it is given; None when nobody says so in time."""
        ...

    async def give(self, to: str) -> None:
        """Hand the lease to a successor: at no moment is it nobody's."""
        ...

    async def release(self) -> None: ...


class Bus(Protocol):
    """News and commands between processes. At-least-once: a reader drops what it has seen, by id.

    A subscription hears all that is published after its context was entered; one to commands first hears those of the
    last CLICK_LIFETIME again, so that a controller that goes on for another misses no click. The iterator of a reader
    that falls behind raises Lagged; the reader then reads the store anew and subscribes again.
    """

    async def publish_event(self, event: StoredEvent) -> None: ...

    async def publish_command(self, command: Command) -> None: ...

    def events(self) -> AbstractAsyncContextManager[AsyncIterator[StoredEvent]]: ...

    def commands(self) -> AbstractAsyncContextManager[AsyncIterator[Command]]: ...

    async def unready(self) -> str | None:
        """Why nothing can be published now; None when all is well."""
        ...

    async def close(self) -> None: ...


class Lagged(Exception):
    """The reader was too slow and has missed news; read the store again from the last id."""
