"""Whether a controller gives signs of life: the beats of its lease, seen by our own clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from crm.store import Store

LEASE = "controller"
SILENCE = timedelta(seconds=10)
"""Five times as long as a lease is kept by a dead holder: by then a standby, where there is one, drives."""


class Pulse:
    """Remembers when the beat last grew."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._beat: int | None = None
        self._grew: datetime | None = None

    async def silent_since(self, now: datetime) -> datetime | None:
        """Since when nobody drives; None while somebody does, or was seen to a moment ago. Raises as the store does."""
        beat = await self._store.beat(LEASE)
        if beat != self._beat or self._grew is None:
            self._beat, self._grew = beat, now
        return self._grew if now - self._grew >= SILENCE else None
