"""Keyed fingerprints: equal values are found in the database, which can't be read without the key (C2, Q2).

Values are brought to one spelling first (``crm.spelling``).
Who has the database, not the key, learns which rows are alike, and nothing of what they hold.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Literal

from crm.keyring import Keyring
from crm.spelling import spell_address, spell_email, spell_name
from kernel.case import Citizen
from kernel.phone_number import PhoneNumber

Field = Literal["phone", "name", "address", "email", "login", "browser", "recovery", "check"]

SPELLING: dict[Field, Callable[[str], str]] = {"name": spell_name, "address": spell_address, "email": spell_email}


class Fingerprints:
    """Makes fingerprints with one keyring's index key; each field has its own, so that a name never equals a number."""

    def __init__(self, keyring: Keyring) -> None:
        self._key = keyring.index

    def of(self, field: Field, value: str) -> bytes | None:
        """32 bytes, the same for values that mean the same; None for an empty one, which equals nothing."""
        plain = SPELLING.get(field, str)(value)
        return hmac.digest(self._key, f"{field}\0{plain}".encode(), "sha256") if plain else None

    def of_number(self, number: PhoneNumber | None) -> bytes | None:
        return self.of("phone", number.digits) if number else None

    def of_citizen(self, citizen: Citizen) -> dict[Field, bytes | None]:
        """One for each field that makes two cases the same citizen's."""
        return {
            "name": self.of("name", citizen.name),
            "address": self.of("address", citizen.address),
            "email": self.of("email", citizen.email),
            "phone": self.of_number(citizen.phone),
        }
