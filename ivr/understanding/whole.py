"""Whether a caller who pauses for a moment has said all that is needed, so that it can be answered at once. Pure."""

from __future__ import annotations

import re
import unicodedata

from ivr.understanding.meaning import Again, Expecting, Meaning, Person, Slower, Subject, Yes

_GOES_ON = re.compile(
    "(、|[てでがをにはもとや]|の|けど|けれど|けれども|から|ので|とか|って|えっ?と|えーっ?と|あのー*|そのー*|んー*)$"
)
"""After a particle or a hesitation a sentence mostly goes on: 市民税課に…, 引っ越してきたんですが…"""

_MARKS = "。.!?！？… "


def is_whole(text: str, meaning: Meaning, expecting: Expecting, fair: float) -> bool:
    """``text`` was taken for ``meaning``: a subject of at least the confidence ``fair``, from which on it is asked back
    for, after whose words nothing must follow; a wish; a yes to a question. A no is not: what is right comes after it.
    """
    match meaning:
        case Subject(candidates):
            return candidates[0].confidence >= fair and not _goes_on(text)
        case Yes():
            return expecting is Expecting.YES_NO
        case Person() | Again() | Slower():
            return True
        case _:
            return False


def _goes_on(text: str) -> bool:
    return bool(_GOES_ON.search(unicodedata.normalize("NFKC", text).rstrip(_MARKS)))
