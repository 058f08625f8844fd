"""Bring each event to those who listen for it. Never waits: Asterisk cuts off a reader that is slow."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, TypeVar

from dialplan.ari.errors import Ended
from dialplan.ari.events import Event, StasisStart
from dialplan.ari.inbox import LIMIT, Inbox

E = TypeVar("E", bound=Event)


class Overflow(Exception):
    """An inbox is full, so an event is lost to its reader; the message says which kind of event."""


class Router:
    """Inboxes by the ids, and by the kinds of event, that they listen for."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._listening: dict[Hashable, list[Inbox[Any]]] = {}
        self._ended: Ended | None = None
        self.arrivals: Inbox[StasisStart] = self._make(())

    def listen(self, *ids: str) -> Inbox[Event]:
        """An inbox for all events that concern one of ``ids``."""
        return self._make(ids)

    def listen_all(self, *kinds: type[E]) -> Inbox[E]:
        """An inbox for all events of ``kinds``, whatever they concern."""
        return self._make(kinds)

    @property
    def unread(self) -> int:
        """Events that wait in all inboxes."""
        inboxes = {inbox for listening in self._listening.values() for inbox in listening}
        return len(self.arrivals) + sum(map(len, inboxes))

    def route(self, event: Event) -> None:
        """Put ``event`` once into each inbox that wants it; a StasisStart that none wants by its ids is an arrival.

        Raises Overflow.
        """
        by_id = {inbox: None for id in event.ids for inbox in self._listening.get(id, ())}
        for inbox in by_id:
            self._put(inbox, event)
        for inbox in self._listening.get(type(event), ()):
            self._put(inbox, event)
        if isinstance(event, StasisStart) and not by_id:
            self._put(self.arrivals, event)

    def end(self, ended: Ended) -> None:
        """Tell every inbox, present and to come, that no event comes any more."""
        self._ended = ended
        self.arrivals.end(ended)
        for inboxes in self._listening.values():
            for inbox in inboxes:
                inbox.end(ended)

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
