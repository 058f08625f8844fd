"""Whether a caller who pauses for a moment has said all that is needed, so that it can be answered at once. Pure."""

from __future__ import annotations

import re
import unicodedata

from ivr.understanding.meaning import Again, Expecting, Meaning, Person, Slower, Subject, Yes

_OVER = re.compile("(です|ます|ません|ください|下さい|お願い|おねがい|たい|しょう|か|ね|よ)$")
"""So a sentence ends. What ends in a noun may be the first half of a name, and what ends in a particle goes on."""

_REQUEST = re.compile(
    "(?:たい(?:ん|の)?です|(?<!た)(?:ん|の)です|(?<![たんの])です|ます)(?:が|けど|けれど|けれども|けども)$"
)
"""A request that politeness leaves open: 行きたいんですけど. What has been tells a reason: 引っ越してきたんですが."""

_MARKS = "。.!?！？… "


def is_whole(text: str, meaning: Meaning, expecting: Expecting, fair: float, sure: float) -> bool:
    """``text`` was taken for ``meaning``: a subject of at least the confidence ``fair``, from which on it is asked back
    for, or a wish, in a sentence that is over; one of ``sure`` in a request; a yes to a question. A no is not: what is
    right comes after it.
    """
    match meaning:
        case Subject(candidates):
            confidence = candidates[0].confidence
            return (confidence >= fair and _is_over(text)) or (confidence >= sure and _is_request(text))
        case Yes():
            return expecting is Expecting.YES_NO
        case Person() | Again() | Slower():
            return _is_over(text)
        case _:
            return False


def _is_over(text: str) -> bool:
    return bool(_OVER.search(unicodedata.normalize("NFKC", text).rstrip(_MARKS)))


def _is_request(text: str) -> bool:
    return bool(_REQUEST.search(unicodedata.normalize("NFKC", text).rstrip(_MARKS + "、")))
