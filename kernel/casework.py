"""What the centre's document says of cases: departments, categories, set phrases."""

from __future__ import annotations

from kernel.document import Id, Text, Value, Word


class Department(Value):
    """A department of the city hall that may own cases (所管課). ``division`` is the one above it (部)."""

    id: Id
    name: Word
    division: Word | None = None


class Phrase(Value):
    """A set phrase (定型文): chosen by its title, inserted as its text."""

    title: Word
    text: Text
