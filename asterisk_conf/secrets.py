"""Secrets as files: made once, readable by their owner alone, never in git, in a log or on a command line."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from asterisk_conf.certificate import ensure_certificate
from asterisk_conf.errors import ConfError
from kernel.settings import Settings

BYTES = 32
ARI_PASSWORD = "ari_password"  # noqa: S105
OUTSIDE_ARI_PASSWORD = "outside_ari_password"  # noqa: S105
TLS_PEERS = "tls_peers.crt"
"""Given by whoever runs the centre: the certificates by which trunks over TLS are known."""
OTHERS = 0o077


def ensure_secrets(settings: Settings, extensions: Iterable[str]) -> None:
    """Make what is missing in ``settings.secrets``: ARI's password, each phone's, and a certificate for SIP over TLS.

    What is there stays. Raises ConfError for a file that others may read.
    """
    folder = ensure_folder(settings.secrets)
    for name in (ARI_PASSWORD, *map(phone_file, extensions)):
        ensure_secret(folder / name)
    names = (settings.sip.domain, "localhost", str(settings.sip.bind))
    ensure_certificate(folder / "tls.crt", folder / "tls.key", names)


def ensure_folder(folder: Path) -> Path:
    """Make ``folder``, 0700; an existing one keeps its mode."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def phone_file(extension: str) -> str:
    """The name of the file that holds the password of the phone ``extension``."""
    return f"phone_{extension}"


def ensure_secret(file: Path) -> str:
    """The secret in ``file``; where there is none, 256 random bits are written to it first, mode 0600."""
    ensure_folder(file.parent)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read_secret(file)
    with os.fdopen(handle, "w", encoding="ascii") as new:
        new.write(secrets.token_urlsafe(BYTES) + "\n")
    return read_secret(file)


def trunk_file(trunk: str) -> str:
    """The name of the file that holds the provider's password for the trunk ``carrier`` or ``city-pbx``."""
    return f"{trunk.replace('-', '_')}_password"


def read_secret(file: Path) -> str:
    """The secret in ``file``. Raises ConfError when it is missing, empty, or readable by others."""
    name = f"secret {file.name}"
    try:
        mode = file.stat().st_mode
        text = file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise ConfError(name, f"there is no file {file}: `denwa render` makes it") from None
    except PermissionError:
        raise ConfError(name, f"{file} can't be read: it must belong to the user that runs this") from None
    if mode & OTHERS:
        raise ConfError(name, f"{file} may be read by others: chmod 600 {file}")
    if not text:
        raise ConfError(name, f"{file} is empty: delete it, and `denwa render` makes a new one")
    return text
