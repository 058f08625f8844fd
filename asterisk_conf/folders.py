"""Where one Asterisk keeps what is its own; all of it under one folder that only its user may enter."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from asterisk_conf.errors import ConfError

LONGEST_SOCKET = 100
"""Bytes of a Unix socket's path (sun_path, 108 on Linux, less a margin); Asterisk cuts a longer one silently."""
SPEAKABLE = re.compile(r"[\w ./+@~-]+")
SOUND_ENDINGS = (".wav", ".ulaw", ".alaw", ".sln", ".sln16")


@dataclass(frozen=True, slots=True)
class Folders:
    """``root`` is absolute and free of the characters that have a meaning in Asterisk's files."""

    root: Path

    @property
    def etc(self) -> Path:
        return self.root / "etc"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def spool(self) -> Path:
        return self.root / "spool"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def db(self) -> Path:
        return self.root / "db"

    @property
    def sounds(self) -> Path:
        return self.root / "sounds"

    @property
    def music(self) -> Path:
        return self.root / "music"


def make_folders(root: Path, recordings: Path) -> Folders:
    """Make all folders below ``root`` (0700), with ``recordings`` (made 0700) as the place of ARI's recordings.

    Raises ConfError for a path that can't be written into Asterisk's files.
    """
    folders = Folders(checked_path("var_dir", root))
    if len(bytes(folders.run / "asterisk.ctl")) > LONGEST_SOCKET:
        raise ConfError("var_dir", f"{folders.root} is too long for a Unix socket in it: choose a shorter one")
    folders.root.mkdir(parents=True, exist_ok=True)
    for folder in (folders.root, folders.etc, folders.run, folders.spool, folders.log, folders.db):
        _private(folder)
    for folder in (folders.sounds, folders.music):
        _private(folder)
    _private(recordings)
    _point(folders.spool / "recording", checked_path("recordings_dir", recordings))
    return folders


def checked_path(setting: str, path: Path) -> Path:
    """``path``, absolute. Raises ConfError where a character in it means something to Asterisk's dialplan."""
    absolute = path.resolve()
    if not SPEAKABLE.fullmatch(str(absolute)):
        raise ConfError(setting, f"{str(absolute)!r} holds a character that Asterisk takes for syntax")
    return absolute


def copy_sound(name: str, source: Path, sounds: Path) -> None:
    """Put the sound files ``source.*`` (a path without ending) into ``sounds`` under ``name``.

    Asterisk's own dialplan must speak when nothing else works, so it keeps copies. Raises ConfError for none.
    """
    found = [ending for ending in SOUND_ENDINGS if Path(f"{source}{ending}").is_file()]
    if not found:
        raise ConfError(f"prompt {name}", f"there is no sound file {source} with one of {', '.join(SOUND_ENDINGS)}")
    for ending in SOUND_ENDINGS:
        (sounds / f"{name}{ending}").unlink(missing_ok=True)
    for ending in found:
        copy = sounds / f"{name}{ending}"
        shutil.copyfile(f"{source}{ending}", copy)
        copy.chmod(0o600)


def _private(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)


def _point(link: Path, target: Path) -> None:
    """Make ``link`` point to ``target``; Asterisk may have made an empty folder there before."""
    if link.is_symlink():
        link.unlink()
    elif link.is_dir():
        link.rmdir()
    link.symlink_to(target, target_is_directory=True)
