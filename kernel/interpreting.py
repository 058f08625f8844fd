"""通訳: the interpreting centres that are rung for callers who speak another language (T11)."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kernel.document import Number, Value
from kernel.language import Language


class Interpreter(Value):
    """Who interprets ``language``: ``numbers`` of the public network, rung one after the other until one answers.

    Each is rung for ``ring_seconds``, and is shown the centre's number.
    """

    language: Language
    numbers: Annotated[tuple[Number, ...], Field(min_length=1, max_length=5)]
    ring_seconds: int = Field(default=25, ge=5, le=120)
