"""The files of the recordings in their one folder. A path is only ever made of a name that the folder itself listed."""

from __future__ import annotations

import asyncio
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RecordingFile:
    """``name`` is the recording's: the file's up to its first dot. ``changed`` is when it was last written."""

    name: str
    path: Path
    changed: datetime


async def listed(folder: Path) -> Mapping[str, Sequence[RecordingFile]]:
    """All files of ``folder`` by recording, without hidden ones. Raises OSError."""
    return await asyncio.to_thread(_listed, folder)


async def delete(files: Sequence[RecordingFile]) -> None:
    """Remove each of ``files``; those that are gone already are no error. Raises the last OSError."""
    await asyncio.to_thread(_delete, files)


def _listed(folder: Path) -> Mapping[str, Sequence[RecordingFile]]:
    found: dict[str, list[RecordingFile]] = defaultdict(list)
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith("."):
                continue
            try:
                changed = datetime.fromtimestamp(entry.stat(follow_symlinks=False).st_mtime, UTC)
            except FileNotFoundError:
                continue
            name = entry.name.partition(".")[0]
            found[name].append(RecordingFile(name, Path(entry.path), changed))
    return found


def _delete(files: Sequence[RecordingFile]) -> None:
    failure: OSError | None = None
    for file in files:
        try:
            file.path.unlink(missing_ok=True)
        except OSError as wrong:
            failure = wrong
    if failure:
        raise failure
