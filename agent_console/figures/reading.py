"""What is reported of a day or a month, read from the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from agent_console.figures.span import Span
from crm.figures.reader import StoredFigures
from kernel.centre import Centre
from kernel.figures import Figures, rules_of


async def figures_of(store: StoredFigures, span: Span, centre: Centre, now: datetime) -> Sequence[Figures]:
    """A day by quarters of an hour, a month by days."""
    if span.is_month:
        return await store.days(span.begins, span.days, rules_of(centre), now)
    return [await store.day(span.begins, rules_of(centre), now)]
