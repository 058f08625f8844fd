"""Citizens and histories that nobody has had: invented, seeded, of the length and the variety of real ones."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import cast

import yaml

from kernel.case import Citizen
from kernel.phone_number import PhoneNumber

FILE = Path(__file__).with_name("words.yaml")
WORDS = cast("dict[str, list[str]]", yaml.safe_load(FILE.read_text(encoding="utf-8")))


def _pairs(name: str) -> list[tuple[str, str]]:
    return [(name, reading) for name, _, reading in (pair.partition(" ") for pair in WORDS[name])]


FAMILY, GIVEN = _pairs("surnames"), _pairs("given_names")


def citizen(chance: Random) -> Citizen:
    """Somebody who does not exist; numbers are of an area that is not in use."""
    (family, family_reading), (given, given_reading) = chance.choice(FAMILY), chance.choice(GIVEN)
    return Citizen(
        name=f"{family} {given}",
        reading=f"{family_reading} {given_reading}",
        sex=chance.choice(("男", "女", "")),
        age=chance.choice(("20代", "30代", "40代", "50代", "60代", "70代", "")),
        occupation=chance.choice(WORDS["jobs"]),
        postal_code=f"251{chance.randrange(10_000):04}",
        address=f"藤沢市{chance.choice(WORDS['towns'])}{chance.randint(1, 9)}-{chance.randint(1, 30)}",
        phone=number(chance),
        email=f"user{chance.randrange(10**6)}@example.jp" if chance.random() < 0.2 else "",
    )


def number(chance: Random) -> PhoneNumber:
    """A telephone number."""
    return PhoneNumber(f"0466{chance.randrange(10**6):06}")


def history(chance: Random) -> tuple[str, str]:
    """Subject and text, some 60 to 250 letters."""
    topic = chance.choice(WORDS["topics"])
    sentences = [chance.choice(WORDS["openings"]), *chance.sample(WORDS["answers"], chance.randint(1, 4))]
    text = "".join(sentences).format(
        topic=topic,
        yen=chance.choice((200, 300, 450, 750)),
        town=chance.choice(WORDS["towns"]),
        days=chance.randint(2, 14),
        extension=chance.randint(2000, 4999),
        phone=f"0466-{chance.randrange(100):02}-{chance.randrange(10_000):04}",
        ticket=chance.randrange(10**7),
        month=chance.randint(1, 12),
        day=chance.randint(1, 28),
    )
    return topic, text
