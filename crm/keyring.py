"""The keys of the personal data, in versions, and the file that holds them."""

from __future__ import annotations

import base64
import binascii
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from crm.errors import StoreError

KEY_BYTES = 32
"""AES-256 (CRYPTREC e-government list); HMAC-SHA-256 for the index."""


class KeyringError(StoreError):
    """The keys are missing or unusable. No message repeats any of a key."""


@dataclass(frozen=True, slots=True)
class Keyring:
    """``current`` seals new data, every version of ``keys`` opens what it sealed, ``index`` makes the fingerprints."""

    current: int
    keys: Mapping[int, bytes] = field(repr=False)
    index: bytes = field(repr=False)

    @classmethod
    def new(cls) -> Keyring:
        """Fresh keys, version 1."""
        return cls(1, {1: secrets.token_bytes(KEY_BYTES)}, secrets.token_bytes(KEY_BYTES))

    @classmethod
    def from_json(cls, text: str, where: str = "the given text") -> Keyring:
        """Read what ``to_json`` wrote. Raises KeyringError, which names ``where``."""
        try:
            given = _Document.model_validate_json(text)
        except ValidationError as wrong:
            raise KeyringError(f"{where} holds no usable keys ({_told(wrong)}): restore it from the backup") from None
        if given.current not in given.keys:
            raise KeyringError(f"{where} lacks key {given.current}, which it calls current: restore it from the backup")
        keys = {version: base64.b64decode(key) for version, key in given.keys.items()}
        return cls(given.current, keys, base64.b64decode(given.index))

    def to_json(self) -> str:
        """The key file's content."""
        keys = {str(version): base64.b64encode(key).decode() for version, key in self.keys.items()}
        index = base64.b64encode(self.index).decode()
        return json.dumps({"current": self.current, "keys": keys, "index": index}, indent=1) + "\n"

    def extended(self) -> Keyring:
        """One more key, which opens and does not seal yet."""
        version = max(self.keys) + 1
        return Keyring(self.current, {**self.keys, version: secrets.token_bytes(KEY_BYTES)}, self.index)

    def with_newest_current(self) -> Keyring:
        """The newest key seals from now on; the old ones stay for what they sealed."""
        return Keyring(max(self.keys), self.keys, self.index)


def create_keyring(path: Path) -> Keyring:
    """Make ``path`` (0600) with new keys. Raises KeyringError where it exists: to overwrite keys is to lose data."""
    keyring = Keyring.new()
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(path, keyring)
    except FileExistsError:
        raise KeyringError(f"{path} exists and is not overwritten: what its keys sealed would be lost") from None
    return keyring


def load_keyring(path: Path) -> Keyring:
    """Read ``path``. Raises KeyringError when it is missing, not a key file, or not its owner's alone."""
    try:
        with path.open(encoding="utf-8") as file:
            mode = os.fstat(file.fileno()).st_mode & 0o777
            text = file.read()
    except FileNotFoundError:
        raise KeyringError(
            f"there is no key file {path}: restore it; `denwa migrate` makes one for a new store"
        ) from None
    except (OSError, UnicodeDecodeError) as wrong:
        raise KeyringError(f"the key file {path} can't be read: {type(wrong).__name__}") from wrong
    if mode & 0o077:
        raise KeyringError(f"others may read the key file {path} ({mode:04o}): run `chmod 600 {path}`")
    return Keyring.from_json(text, str(path))


def add_key(path: Path) -> Keyring:
    """Add a new key to ``path``, not used yet: start every process once with it, then call ``use_newest_key``.

    A process that lacked the key could not read what another one, with it, has just sealed.
    """
    return _replace(path, load_keyring(path).extended())


def use_newest_key(path: Path) -> Keyring:
    """Make the newest key of ``path`` the current one; processes seal with it from their next start."""
    return _replace(path, load_keyring(path).with_newest_current())


def _replace(path: Path, keyring: Keyring) -> Keyring:
    """Whole or not at all."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    _write(fresh, keyring)
    fresh.replace(path)
    _sync(path.parent)
    return keyring


def _write(path: Path, keyring: Keyring) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:
        file.write(keyring.to_json())
        file.flush()
        os.fsync(file.fileno())
    _sync(path.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _key(text: str) -> str:
    try:
        size = len(base64.b64decode(text, validate=True))
    except binascii.Error:
        raise ValueError("a key is written in base64") from None
    if size != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes, not {size}")
    return text


Key = Annotated[str, AfterValidator(_key)]


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    current: int = Field(ge=1)
    keys: dict[Annotated[int, Field(ge=1)], Key]
    index: Key


def _told(wrong: ValidationError) -> str:
    errors = wrong.errors(include_url=False, include_input=False, include_context=False)
    return "; ".join(f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in errors)
