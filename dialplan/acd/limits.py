"""How long operators may stay in a state, as the centre sets it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Self

from dialplan.acd.shift import NotPossible
from kernel.centre import Centre
from kernel.operator import OperatorState, OperatorStatus
from kernel.routing import Queue


@dataclass(frozen=True, slots=True)
class PauseLimits:
    """``seconds`` by reason; ``after`` is what an operator becomes whose pause has lasted so long, None for nothing."""

    seconds: Mapping[str, int] = field(default_factory=dict[str, int])
    after: OperatorState | None = None

    @classmethod
    def of(cls, centre: Centre) -> Self:
        """As the centre is set now."""
        after = None if centre.after_pause_limit == "nothing" else OperatorState(centre.after_pause_limit)
        return cls(dict(centre.pause_limits), after)

    def on(self, status: OperatorStatus) -> OperatorStatus:
        """``status`` with the end of its pause; a pause keeps the limit with which it began, whatever is set later."""
        seconds = self.seconds.get(status.reason or "")
        if status.state is not OperatorState.PAUSED or status.until or not seconds:
            return status
        return replace(status, until=status.since + timedelta(seconds=seconds))


def extended(status: OperatorStatus, queue: Queue) -> OperatorStatus:
    """More time for the wrap-up, as ``queue`` gives it. Raises NotPossible where it has no limit, or had enough."""
    if status.state is not OperatorState.WRAP_UP:
        raise NotPossible("wrong_state")
    if status.until is None:
        raise NotPossible("no_limit")
    if status.extended >= queue.wrap_up_extensions:
        raise NotPossible("no_more_extensions")
    more = timedelta(seconds=queue.wrap_up_extension_seconds)
    return replace(status, until=status.until + more, extended=status.extended + 1)
