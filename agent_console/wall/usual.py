"""What is usual on a day, read once a day from the days that are kept."""

from __future__ import annotations

from datetime import date

from agent_console.japan_day import midnight
from agent_console.wall.curves import Counts, same_weekdays, usual
from crm.figures.kept import shape
from crm.store import Store
from kernel.figures import Rules


class Usual:
    """What is usual on a day, kept in memory until the day or a queue's target changes."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: tuple[tuple[date, str], Counts] | None = None

    async def on(self, day: date, rules: Rules) -> Counts:
        """Calls by quarter and queue."""
        key = (day, shape(rules))
        if self._known is None or self._known[0] != key:
            kept = {one: await self._store.figures.kept_quarters(midnight(one), rules) for one in same_weekdays(day)}
            self._known = key, usual({one: figures for one, figures in kept.items() if figures})
        return self._known[1]
