"""番号案内: a related body's number that a caller is told by the platform, instead of being put through (T8)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Told:
    """The ``number``, as it is written, of the directory's ``entry``, which ``department`` owns ("" for none).

    ``name`` is how it is spoken.
    """

    entry: str
    department: str
    name: str
    number: str
