"""One connection to the exchange, as the controller sees it. ``dialplan.ari`` is one to Asterisk.

Every method raises Detached when the connection is lost.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from dialplan.arrival import Arrival
from dialplan.switch import Switch


@dataclass(frozen=True, slots=True)
class Phone:
    """An operator's phone has become reachable, or is so no longer."""

    extension: str
    reachable: bool


@dataclass(frozen=True, slots=True)
class Strain:
    """How hard the exchange, and the way to it, have it now.

    ``reply_seconds``: what even the quickest of its answers takes. ``requests`` under way, its ``events`` not read yet.
    """

    reply_seconds: float = 0.0
    requests: int = 0
    events: int = 0


@dataclass(frozen=True, slots=True)
class Referral:
    """The phone of ``leg`` asks for a transfer by itself (SIP REFER, RFC 3515).

    ``extension`` is to where, as it was dialled; None for one that asks for the other end of a call of the phone's own
    (REFER with Replaces, RFC 3891).
    """

    leg: str
    extension: str | None = field(repr=False)


class Link(Protocol):
    """One connection to the exchange, from its beginning to Detached."""

    @property
    def switch(self) -> Switch: ...

    async def ours(self) -> Sequence[str]:
        """The ids of all channels that the exchange has put into our hands."""
        ...

    async def bridges(self) -> Sequence[str]:
        """The ids of all bridges."""
        ...

    async def describe(self, channel: str) -> Arrival | None:
        """The caller of a live channel; None when it is gone."""
        ...

    def arrivals(self) -> AsyncIterator[Arrival]:
        """Callers as they come in, and phones that were answered and that nobody waits for."""
        ...

    def phones(self) -> AsyncIterator[Sequence[Phone]]:
        """How all phones are now, in one; then each change."""
        ...

    def referrals(self) -> AsyncIterator[Referral]:
        """Transfers that phones ask for; none where the installation does not let them."""
        ...

    async def answer_referral(self, leg: str, *, taken: bool) -> None:
        """Tell the phone of ``leg`` that its transfer is taken, or declined; harmless when it has hung up."""
        ...

    def strain(self) -> Strain:
        """As it is now; ``probe`` must run."""
        ...

    async def probe(self) -> None:
        """Ask for a sign of life again and again: a slow exchange is noticed while nobody asks for anything."""
        ...
