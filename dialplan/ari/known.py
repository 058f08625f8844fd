"""What one connection knows of a call's parts because it has made or moved them itself, and need not ask for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from dialplan.ari.end import End
from dialplan.names import owner


@dataclass(slots=True)
class Known:
    """Of one call: its legs that are watched, those rung here, bridges made and ended here, who was put where."""

    legs: dict[str, End] = field(default_factory=dict[str, End])
    rung: set[str] = field(default_factory=set[str])
    made: set[str] = field(default_factory=set[str])
    ended: set[str] = field(default_factory=set[str])
    inside: dict[str, str] = field(default_factory=dict[str, str])

    def are_in(self, bridge: str, channels: Collection[str]) -> bool:
        """Whether all of ``channels`` were put there and not moved since; who has hung up tells so by its own end."""
        return all(self.inside.get(channel) == bridge for channel in channels)

    def is_new(self, bridge: str, channels: Collection[str]) -> bool:
        """Whether ``bridge`` can't be there yet: one of those who are to join was rung here, and it was not made."""
        return bridge not in self.made and not self.rung.isdisjoint(channels)

    def has_made(self, bridge: str) -> None:
        self.made.add(bridge)
        self.ended.discard(bridge)

    def has_lost(self, bridge: str) -> None:
        """The bridge is no more, or nobody knows any longer who is in it."""
        self.made.discard(bridge)
        self.inside = {channel: place for channel, place in self.inside.items() if place != bridge}

    def has_ended(self, bridge: str) -> None:
        self.has_lost(bridge)
        self.ended.add(bridge)


class Knowledge:
    """By call; an id that is not derived from a call's is the call's own."""

    def __init__(self) -> None:
        self._calls: dict[str, Known] = {}

    def of(self, id: str) -> Known:
        """What is known of the call that the channel or bridge ``id`` belongs to."""
        return self._calls.setdefault(owner(id) or id, Known())

    def put(self, bridge: str, channels: Collection[str]) -> None:
        """``channels`` are in ``bridge`` now, and nowhere else."""
        for channel in channels:
            self.of(channel).inside[channel] = bridge

    def is_elsewhere(self, channel: str, bridge: str) -> bool:
        """Whether ``channel`` was put into another bridge than ``bridge``."""
        return self.of(channel).inside.get(channel, bridge) != bridge

    def forget(self, call: str) -> None:
        """The call is over."""
        known = self._calls.pop(call, None)
        for end in known.legs.values() if known else ():
            end.release()
