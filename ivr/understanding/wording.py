"""What callers say around what they want: hesitations and politeness are taken away. Pure."""

from __future__ import annotations

import re
import unicodedata

_HESITATIONS = (
    "えーっと|えーと|えっとー?|えーっ|えと|えー+|ええっと|ええと|あのー+|あのう|あの(?=[、。ー ]|$)|うーんと?"
    "|んー+|そのー+|まあ|まぁ|あー+"
)
_HESITATION = re.compile(_HESITATIONS)
_MARKS = re.compile(r"[\s、。,.!?!?…「」『』・〜~\-]+")
_PAUSES = re.compile(r"[、。,.!?!?…\s]+")
_BETWEEN = re.compile("(?<=[一-鿿ァ-ヶー])の(?=[一-鿿ァ-ヶ])")
_POLITE = re.compile(
    "(を|に|へ|さん|の方|のかた|方|まで|と)*"
    "(お願い(いた|致)?し(ます|たい(のですが|んですが|んですけど)?)|お願いでき(ますか|ますでしょうか)?|お願い"
    "|(お)?つない(で|でください|でいただけますか|でもらえますか)|(お)?つなぎ(ください|いただけますか)?|です|ですが)+$"
)
MADE_UP = ("ご視聴ありがとう", "チャンネル登録", "字幕", "おやすみなさい", "最後までご視聴")
"""What Whisper writes where nothing was said."""


def plain(text: str) -> str:
    """``text`` in one width, without marks and hesitations."""
    return _MARKS.sub("", _HESITATION.sub("", _PAUSES.sub("、", unicodedata.normalize("NFKC", text))))


def joined(text: str) -> str:
    """Without the の that callers put between the parts of a name: 六会の市民センター."""
    return _BETWEEN.sub("", text)


def core(text: str) -> str:
    """``plain`` text without its politeness: 市民税課 of 市民税課をお願いします."""
    return _POLITE.sub("", text)


def is_made_up(text: str) -> bool:
    """Whether it is what a recogniser writes of noise: a phrase of its own, or one syllable again and again."""
    return any(phrase in text for phrase in MADE_UP) or bool(re.fullmatch(r"(.{1,4})\1{3,}.?", text))
