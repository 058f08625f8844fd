"""Which Asterisk runs here: the host's own, or the private copy in the cache folder."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from asterisk_conf.errors import NoAsterisk

OLDEST = {20: 14, 21: 9, 22: 4}
"""By the major version, the first minor one that takes requests over the events' WebSocket; all later majors do."""
OUTLIVES_REFER = {20: 21, 22: 11, 23: 5}
"""By the major version, the first minor one that no phone can stop by a REFER with Refer-Sub: false (asterisk#2021)."""
ANSWER_SECONDS = 20.0
HOST_MODULES = (
    "/usr/lib/*/asterisk/modules",
    "/usr/lib/asterisk/modules",
    "/usr/local/lib/asterisk/modules",
    "/usr/lib64/asterisk/modules",
)
HOST_DATA = ("/usr/share/asterisk", "/var/lib/asterisk", "/usr/local/share/asterisk", "/usr/local/var/lib/asterisk")
REMEDY = "run `make setup`, which brings a private copy with scripts/fetch-debian, or install Asterisk 22"


@dataclass(frozen=True, slots=True)
class Installation:
    """``command`` starts Asterisk when options are appended; ``modules`` and ``data`` are what its copy brings."""

    command: tuple[str, ...]
    modules: Path
    data: Path
    version: tuple[int, int, int]

    @property
    def outlives_refer(self) -> bool:
        """Whether it may take transfers from phones (``sip.phones_transfer``)."""
        major, minor, _ = self.version
        return major > max(OUTLIVES_REFER) or minor >= OUTLIVES_REFER.get(major, minor + 1)


def find_asterisk(cache_dir: Path) -> Installation:
    """The first Asterisk that is new enough: on the PATH, else ``cache_dir/asterisk``. Raises NoAsterisk."""
    seen: list[str] = []
    for candidate in (_on_path(), _private(cache_dir / "asterisk")):
        if candidate is None:
            continue
        command, modules, data = candidate
        version = _version(command)
        if version is None or not _new_enough(version):
            seen.append(f"{command[-1]} is " + (".".join(map(str, version)) if version else "not able to run"))
        else:
            return Installation(command, modules, data, version)
    found = f" ({'; '.join(seen)})" if seen else ""
    raise NoAsterisk(f"no Asterisk of version 20.14, 21.9, 22.4 or later{found}: {REMEDY}")


def _new_enough(version: tuple[int, int, int]) -> bool:
    major, minor, _ = version
    return major > max(OLDEST) or minor >= OLDEST.get(major, minor + 1)


def _on_path() -> tuple[tuple[str, ...], Path, Path] | None:
    program = shutil.which("asterisk") or shutil.which("asterisk", path="/usr/sbin:/usr/local/sbin")
    modules = _first(HOST_MODULES, "chan_pjsip.so")
    data = _first(HOST_DATA, "documentation")
    return ((program,), modules, data) if program and modules and data else None


def _private(root: Path) -> tuple[tuple[str, ...], Path, Path] | None:
    """A copy that was unpacked, not installed: its own loader finds its own libraries."""
    root = root.resolve()
    loader = next(iter([*root.glob("usr/lib/*/ld-linux-*.so.*"), *root.glob("lib/ld-linux-*.so.*")]), None)
    modules = next(iter(root.glob("usr/lib/*/asterisk/modules")), None)
    if loader is None or modules is None:
        return None
    libraries = str(modules.parent.parent)
    command = (str(loader), "--library-path", libraries, str(root / "usr/sbin/asterisk"))
    return command, modules, root / "usr/share/asterisk"


def _first(patterns: tuple[str, ...], holds: str) -> Path | None:
    found = (folder for one in patterns for folder in Path("/").glob(one.lstrip("/")))
    return next((folder for folder in found if (folder / holds).exists()), None)


def _version(command: tuple[str, ...]) -> tuple[int, int, int] | None:
    try:
        ran = subprocess.run([*command, "-V"], capture_output=True, text=True, timeout=ANSWER_SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"Asterisk (?:certified/)?(\d+)\.(\d+)(?:\.(\d+))?", ran.stdout)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None
