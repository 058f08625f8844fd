"""Bring each event to those who listen for it. Never waits: Asterisk cuts off a reader that is slow."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from dialplan.ari.errors import ConnectionLost, Ended
from dialplan.ari.events import Event, StasisStart
from dialplan.ari.inbox import LIMIT, Inbox

E = TypeVar("E", bound=Event)


class Overflow(Exception):
    """An inbox is full, so an event is lost to its reader; the message says which kind of event."""


Leave = Callable[[], None]


@dataclass(frozen=True, slots=True, eq=False)
class Attendant:
    """Whoever sees events at once instead of reading them."""

    take: Callable[[Event], None]
    lost: Callable[[ConnectionLost], None]


class Router:
    """Attendants by the ids that they watch; inboxes by the ids, and by the kinds of event, that they listen for."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._listening: dict[Hashable, list[Inbox[Any]]] = {}
        self._attending: dict[str, list[Attendant]] = {}
        self._ended: Ended | None = None
        self.arrivals: Inbox[StasisStart] = self._make(())

    def listen(self, *ids: str) -> Inbox[Event]:
        """An inbox for all events that concern one of ``ids``."""
        return self._make(ids)

    def listen_all(self, *kinds: type[E]) -> Inbox[E]:
        """An inbox for all events of ``kinds``, whatever they concern."""
        return self._make(kinds)

    def attend(self, id: str, take: Callable[[Event], None], lost: Callable[[ConnectionLost], None]) -> Leave:
        """``take`` sees each event that concerns ``id`` at once, with no task between; ``lost`` is called at the end.

        Call what is returned to hear no more; harmless when done twice.
        """
        attendant = Attendant(take, lost)
        self._attending.setdefault(id, []).append(attendant)
        if self._ended:
            lost(self._ended.error())
        return lambda: self._dismiss(id, attendant)

    @property
    def unread(self) -> int:
        """Events that wait in all inboxes."""
        inboxes = {inbox for listening in self._listening.values() for inbox in listening}
        return len(self.arrivals) + sum(map(len, inboxes))

    def route(self, event: Event) -> None:
        """Put ``event`` once into each inbox that wants it; a StasisStart that none wants by its ids is an arrival.

        Raises Overflow.
        """
        attended = {attendant: None for id in event.ids for attendant in self._attending.get(id, ())}
        for attendant in attended:
            attendant.take(event)
        by_id = {inbox: None for id in event.ids for inbox in self._listening.get(id, ())}
        for inbox in by_id:
            self._put(inbox, event)
        for inbox in self._listening.get(type(event), ()):
            self._put(inbox, event)
        if isinstance(event, StasisStart) and not by_id and not attended:
            self._put(self.arrivals, event)

    def end(self, ended: Ended) -> None:
        """Tell every inbox, present and to come, that no event comes any more."""
        self._ended = ended
        self.arrivals.end(ended)
        for inboxes in self._listening.values():
            for inbox in inboxes:
                inbox.end(ended)
        for attendants in self._attending.values():
            for attendant in attendants:
                attendant.lost(ended.error())

    def _dismiss(self, id: str, attendant: Attendant) -> None:
        attendants = self._attending.get(id, [])
        if attendant in attendants:
            attendants.remove(attendant)
            if not attendants:
                del self._attending[id]

    def _make(self, keys: tuple[Hashable, ...]) -> Inbox[Any]:
        inbox = Inbox[Any](lambda left: self._forget(left, keys), self._limit)
        for key in keys:
            self._listening.setdefault(key, []).append(inbox)
        if self._ended:
            inbox.end(self._ended)
        return inbox

    def _forget(self, inbox: Inbox[Any], keys: tuple[Hashable, ...]) -> None:
        for key in keys:
            inboxes = self._listening.get(key, [])
            if inbox in inboxes:
                inboxes.remove(inbox)
                if not inboxes:
                    del self._listening[key]

    def _put(self, inbox: Inbox[Any], event: Event) -> None:
        if not inbox.put(event):
            raise Overflow(f"{type(event).__name__} found {self._limit} events unread")
