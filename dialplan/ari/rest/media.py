"""What playing and recording share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

IfExists = Literal["fail", "overwrite", "append"]


def media_list(media: Sequence[str]) -> str:
    """Asterisk's list of media. Raises ValueError for none, and for a comma in a name, which would split it."""
    if not media:
        raise ValueError("nothing to play")
    if any("," in one for one in media):
        raise ValueError("the name of a sound holds a comma")
    return ",".join(media)
