"""Passwords: argon2id (RFC 9106), off the event loop and a few at a time, for each takes 64 MiB."""

from __future__ import annotations

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from crm.errors import StoreError

LEAST_LENGTH = 12
AT_ONCE = 2


class WeakPassword(StoreError):
    """The password is too short."""


class Passwords:
    """Hashes and compares."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._nobody = self._hasher.hash("nobody's")

    async def hash(self, password: str) -> str:
        """Raises WeakPassword."""
        if len(password) < LEAST_LENGTH:
            raise WeakPassword(f"a password has at least {LEAST_LENGTH} characters")
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def right(self, password: str, stored: str | None) -> bool:
        """Whether ``password`` belongs to the hash ``stored``; None (no such user) takes as long as a wrong one."""
        async with self._turns:
            return await asyncio.to_thread(self._compare, password, stored) and stored is not None

    def _compare(self, password: str, stored: str | None) -> bool:
        try:
            return self._hasher.verify(stored or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
