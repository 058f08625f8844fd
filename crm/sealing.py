"""Personal data at rest: AES-256-GCM, bound to its place (Q2).

A sealed value is the key's version (4 bytes, big-endian), a random nonce (12 bytes), the ciphertext and its tag (16
bytes). Table, column, row and version are authenticated with it, so that a value moved elsewhere does not open. Random
nonces allow 2**32 values a key (NIST SP 800-38D, 8.3): some thousand years of this centre's calls.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from crm.errors import StoreError
from crm.keyring import Keyring

VERSION_BYTES = 4
NONCE_BYTES = 12


class SealBroken(StoreError):
    """A sealed value does not open: tampered with, moved from another place, or sealed by a key that is not ours."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed value lies."""

    table: str
    column: str
    row: str

    def __str__(self) -> str:
        return f"{self.table}.{self.column} of row {self.row}"


class Sealer:
    """Seals and opens with one keyring."""

    def __init__(self, keyring: Keyring) -> None:
        self.version = keyring.current
        self._ciphers = {version: AESGCM(key) for version, key in keyring.keys.items()}

    def seal(self, value: object, place: Place) -> bytes:
        """``value``, plain data as JSON knows it, for ``place`` alone."""
        return self.seal_bytes(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode(), place)

    def seal_bytes(self, plain: bytes, place: Place) -> bytes:
        """``plain`` for ``place`` alone."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self.version].encrypt(nonce, plain, _bound(place, self.version))
        return self.version.to_bytes(VERSION_BYTES) + nonce + sealed

    def open(self, sealed: bytes, place: Place) -> object:
        """What ``seal`` sealed for ``place``. Raises SealBroken."""
        try:
            return json.loads(self.open_bytes(sealed, place))
        except ValueError:
            raise SealBroken(f"{place} holds no data of ours: restore the row from the backup") from None

    def open_bytes(self, sealed: bytes, place: Place) -> bytes:
        """What was sealed for ``place``. Raises SealBroken, which says what to do and nothing of the content."""
        version = int.from_bytes(sealed[:VERSION_BYTES])
        nonce, rest = sealed[VERSION_BYTES : VERSION_BYTES + NONCE_BYTES], sealed[VERSION_BYTES + NONCE_BYTES :]
        cipher = self._ciphers.get(version)
        if cipher is None:
            raise SealBroken(f"{place} was sealed by key {version}, which the key file lacks: restore that key")
        try:
            return cipher.decrypt(nonce, rest, _bound(place, version))
        except (InvalidTag, ValueError):
            raise SealBroken(
                f"{place} does not open: it was altered or moved, or key {version} is another of that number; "
                "restore the row, or the key file, from the backup"
            ) from None


def _bound(place: Place, version: int) -> bytes:
    return json.dumps([place.table, place.column, place.row, version]).encode()
