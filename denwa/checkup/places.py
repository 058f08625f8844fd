"""Files and folders."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509

from crm.keyring import KeyringError, load_keyring
from denwa.checkup.finding import Finding, ill, well
from denwa.parts import KEYS
from denwa.tls import BadCertificate, console_files, console_tls
from kernel.settings import Settings

OTHERS = 0o077
LEAST_FREE_BYTES = 1 << 30
ENDS_SOON = timedelta(days=21)
MIGRATE = "run `python -m denwa migrate`, which makes what is missing"


def keys(settings: Settings) -> Finding:
    """The key file of the personal data."""
    file = settings.secrets / KEYS
    if not file.exists():
        return ill("key file", f"there is no {file}", f"{MIGRATE}; or restore it from the backup")
    try:
        keyring = load_keyring(file)
    except KeyringError as error:
        return ill("key file", str(error), "see the text beside this")
    return well("key file", f"{file}, key {keyring.current} is current")


def secrets(settings: Settings) -> Iterator[Finding]:
    """Whether nobody else can read a secret."""
    folder = settings.secrets
    if not folder.is_dir():
        return
    open_to_others = sorted(path for path in (folder, *folder.iterdir()) if path.stat().st_mode & OTHERS)
    if open_to_others:
        names = " ".join(map(str, open_to_others))
        yield ill("secrets", f"others may read: {names}", f"chmod go= {names}")
    else:
        yield well("secrets", f"{folder}, for one user alone")


def certificate(settings: Settings) -> Iterator[Finding]:
    """The console's certificate; one that this machine makes for itself is made at the first start."""
    if not (settings.web.certificate or (settings.secrets / "console.crt").exists()):
        return
    try:
        console_tls(settings)
        file, _ = console_files(settings)
        ends = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except (BadCertificate, ValueError) as error:
        yield ill("certificate", str(error), "see the text beside this")
        return
    if ends < datetime.now(UTC) + ENDS_SOON:
        yield ill("certificate", f"{file} ends on {ends:%Y-%m-%d}", "put a newer one in its place and start again")
    else:
        yield well("certificate", f"{file}, until {ends:%Y-%m-%d}")


def recordings(settings: Settings) -> Finding:
    """Where recordings lie between a talk and its history: for one user alone (T12)."""
    folder = settings.recordings_dir
    if not folder.is_dir():
        return ill("recordings", f"there is no folder {folder}", f"mkdir -m 700 {folder}")
    if folder.stat().st_mode & OTHERS:
        return ill("recordings", f"others may look into {folder}", f"chmod 700 {folder}")
    if not os.access(folder, os.W_OK | os.X_OK):
        return ill("recordings", f"{folder} can't be written", f"chown it to the user that runs this: {folder}")
    left = sum(1 for path in folder.iterdir() if not path.name.startswith("."))
    return well("recordings", f"{folder}, {left} at the moment")


def disk(settings: Settings) -> Finding:
    """Room for the database and the logs."""
    folder = next(path for path in (settings.var_dir.resolve(), *settings.var_dir.resolve().parents) if path.exists())
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        return ill("disk", f"{_gigabytes(free)} free at {folder}", f"free {_gigabytes(LEAST_FREE_BYTES)} or more")
    return well("disk", f"{_gigabytes(free)} free at {folder}")


def _gigabytes(size: int) -> str:
    return f"{size / (1 << 30):.1f} GiB"


def working_folder(root: Path = Path()) -> Finding:
    """Relative paths of the settings begin here."""
    if not (root / "pyproject.toml").exists():
        return ill("working folder", f"{root.resolve()} is not the platform's", "cd to the folder with pyproject.toml")
    return well("working folder", str(root.resolve()))
