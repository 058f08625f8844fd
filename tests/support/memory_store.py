"""The store in memory, for tests in virtual time; the contract tests hold it against the real one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from kernel.call import Call, Stage
from kernel.centre import Centre
from kernel.directory import Entry
from kernel.events import Event, EventKind, StoredEvent
from kernel.operator import OperatorStatus
from kernel.phone_number import PhoneNumber
from kernel.ports import Bus, Storable
from kernel.recording import Recording
from kernel.sms import Sms, SmsRecord, SmsState
from kernel.utterance import Utterance


class MemoryStore:
    """Journal, Calls, Operators, Histories, Centres and EventLog in one; written at once."""

    def __init__(self, centre: Centre, bus: Bus | None = None) -> None:
        self.centre = centre
        self.bus = bus
        self.calls: dict[str, Call] = {}
        self.versions: list[Call] = []
        self.by_operator: dict[str, OperatorStatus] = {}
        self.recordings: dict[str, Recording] = {}
        self.said: list[Utterance] = []
        self.sms: dict[str, Sms] = {}
        self.stored: list[StoredEvent] = []
        self.directory: dict[str, Entry] = {}
        self.unreadable = False
        self.backlog = 0

    def write(self, *things: Storable) -> None:
        for thing in things:
            match thing:
                case Call():
                    before = self.calls.get(thing.id)
                    if before is None or before.stage is not Stage.ENDED:
                        self.calls[thing.id] = thing
                        self.versions.append(thing)
                case OperatorStatus():
                    self.by_operator[thing.operator] = thing
                case Recording():
                    self.recordings[thing.name] = thing
                case Utterance():
                    self.said.append(thing)
                case Sms():
                    self.sms.setdefault(thing.id, thing)
                case Event():
                    self.stored.append(StoredEvent(len(self.stored) + 1, thing))

    async def flushed(self) -> None:
        return

    async def unfinished(self) -> Sequence[Call]:
        return [call for call in self.calls.values() if call.stage is not Stage.ENDED]

    async def find(self, id: str) -> Call | None:
        return self.calls.get(id)

    def mark(self, number: PhoneNumber) -> bytes:
        return number.digits.encode()

    def seal_number(self, number: PhoneNumber, command: str) -> str:
        return f"{command} {number.digits}"

    def open_number(self, sealed: str, command: str) -> PhoneNumber:
        owner, _, digits = sealed.partition(" ")
        if owner != command:
            raise ValueError("of another command")
        return PhoneNumber(digits)

    async def of_call(self, call: str) -> Sequence[SmsRecord]:
        self._readable()
        own = [one for one in self.sms.values() if one.call == call]
        return [SmsRecord(one.id, one.call, one.link, one.at, one.by, SmsState.TO_SEND) for one in own]

    async def sent_to(self, number: PhoneNumber, since: datetime) -> int:
        self._readable()
        return sum(one.number == number and one.at >= since for one in self.sms.values())

    async def last_talks(self, limit: int) -> Sequence[tuple[bytes, str]]:
        answered = [one.event for one in self.stored if one.event.kind is EventKind.CALL_ANSWERED]
        talks = [(self.calls[event.call].caller, event.operator) for event in answered if event.call]
        return [(self.mark(caller), operator) for caller, operator in talks if caller and operator][-limit:]

    async def statuses(self) -> Sequence[OperatorStatus]:
        return list(self.by_operator.values())

    async def at(self, extension: str) -> Entry | None:
        self._readable()
        return self.directory.get(extension)

    async def is_written(self, call: str) -> bool:
        saved = (stored.event for stored in self.stored if stored.event.kind is EventKind.HISTORY_SAVED)
        return any(event.call == call for event in saved)

    def _readable(self) -> None:
        if self.unreadable:
            raise ConnectionError("the database is gone")

    async def current(self) -> Centre:
        return self.centre

    async def refresh(self) -> None:
        return

    async def since(self, id: int, limit: int = 1000) -> Sequence[StoredEvent]:
        self._readable()
        return self.stored[id : id + limit]

    async def last_id(self) -> int:
        return len(self.stored)

    async def of_kinds(self, kinds: Collection[EventKind], since: datetime, limit: int) -> Sequence[StoredEvent]:
        found = [stored for stored in self.stored if stored.event.kind in kinds and stored.event.at >= since]
        newest = sorted(found, key=lambda stored: (stored.event.at, stored.id))[-limit:]
        return sorted(newest, key=lambda stored: stored.id)

    async def opening(self, since: datetime) -> Sequence[StoredEvent]:
        before = [stored for stored in self.stored if stored.event.at < since]
        changes = [stored for stored in before if stored.event.kind is EventKind.OPERATOR_CHANGED]
        in_time = sorted(changes, key=lambda stored: (stored.event.at, stored.id))
        latest = {stored.event.operator: stored for stored in in_time if stored.event.operator in self.by_operator}
        return sorted(latest.values(), key=lambda stored: stored.id)

    def changed_directory(self, at: datetime) -> StoredEvent:
        """The event that tells of it, stored."""
        self.write(Event(EventKind.DIRECTORY_CHANGED, at))
        return self.stored[-1]

    def kinds(self, call: str) -> list[str]:
        """The kinds of the events of one call, in order."""
        return [stored.event.kind.value for stored in self.stored if stored.event.call == call]
