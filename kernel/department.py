"""所管課: the departments of the city, as data (Q6)."""

from __future__ import annotations

from kernel.document import Id, Value, Word


class Department(Value):
    """``id`` is what cases and users keep; the name may change."""

    id: Id
    name: Word
