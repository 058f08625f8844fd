"""Which queues' callers somebody may see and serve."""

from __future__ import annotations

from crm.users import Role, User
from kernel.centre import Centre


def serves(user: User, queue: str | None, centre: Centre) -> bool:
    """An operator those of the own seat, a supervisor all, also of a queue that is no more; nobody else any."""
    if user.role is Role.SUPERVISOR:
        return True
    seat = centre.operator(user.id) if user.role is Role.OPERATOR else None
    return seat is not None and queue in seat.queues
