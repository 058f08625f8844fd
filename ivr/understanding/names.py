"""A name as it is told: 藤沢と申します. Pure."""

from __future__ import annotations

import re

from ivr.understanding.meaning import Name
from ivr.understanding.sound import reading
from ivr.understanding.wording import plain

LONGEST = 24
"""Letters of a reading; what is longer is no name."""

_BEFORE = re.compile("^(はい|私の|わたしの|私|わたくし|わたし|名前は|氏名は|名字は|苗字は|藤沢市の|市内の)+")
_AFTER = re.compile(
    "(と(申|もう)し(ます|まして)|と(言|い)います|といいます|ともーします|でございます|ですけど|ですが|です|になります|だよ|だ|よ|ね)+$"
)


def name(text: str) -> Name | None:
    """None where it is no name: nothing that is read, or too much."""
    told = _AFTER.sub("", _BEFORE.sub("", plain(text)))
    read = reading(told)
    return Name(read, told) if 1 < len(read) <= LONGEST else None
