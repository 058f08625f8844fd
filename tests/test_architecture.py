"""What must hold of the whole repository, whoever changes what."""

import ast
import json
import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("agent_console", "asterisk_conf", "crm", "denwa", "dialplan", "ivr", "kernel")
LONGEST_FILE = 250
LOCKS = ("requirements/dev.lock", "requirements/runtime.lock")
GENERATED = {*LOCKS, "package-lock.json"}
DATA = {"ivr/seeds/fujisawa.yaml"}
"""One document, with what callers hear in six languages; not code."""
WRITTEN_BY_HAND = {".py", ".js", ".css", ".html", ".j2", ".yaml", ".yml", ""}


def files(*endings):
    """Every file of the repository, with those that are not committed yet."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    paths = [ROOT / name for name in dict.fromkeys(listed)]
    return [path for path in paths if path.is_file() and (not endings or path.suffix in endings)]


def texts(paths):
    """Path and content of those that are text."""
    for path in paths:
        try:
            yield path.relative_to(ROOT), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def product(*endings):
    return [path for path in files(*endings) if path.relative_to(ROOT).parts[0] in ROOMS]


def lines_of(path):
    return len(path.read_text(encoding="utf-8").splitlines())


def test_imports_point_down_only():
    program = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_no_file_needs_a_table_of_contents():
    long = {
        str(path.relative_to(ROOT)): lines_of(path)
        for path in files(*WRITTEN_BY_HAND)
        if str(path.relative_to(ROOT)) not in GENERATED | DATA and lines_of(path) > LONGEST_FILE
    }
    assert long == {}


def test_the_median_file_of_the_product_is_short():
    assert statistics.median(lines_of(path) for path in product(".py") if path.name != "__init__.py") <= 90


def test_every_module_says_what_it_is_for():
    sources = {path: path.read_text() for path in product(".py")}
    assert [path for path, source in sources.items() if source and not ast.get_docstring(ast.parse(source))] == []


def test_nothing_unfinished_is_left_in_the_product():
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b")
    assert [str(path) for path, text in texts(product()) if marks.search(text)] == []


def test_no_exception_is_swallowed():
    handlers = [
        (path.relative_to(ROOT), node)
        for path in product(".py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ExceptHandler)
    ]
    assert [f"{path}:{node.lineno}" for path, node in handlers if _catches_all(node) and _does_nothing(node)] == []


def _catches_all(handler):
    caught = handler.type
    return caught is None or (isinstance(caught, ast.Name) and caught.id in ("Exception", "BaseException"))


def _does_nothing(handler):
    return all(isinstance(one, ast.Pass | ast.Continue | ast.Constant) for one in handler.body)


def test_no_path_of_somebodys_machine_is_written_down():
    machine = re.compile(r"(?<![\w.$}])/(?:" + "|".join(("ro" + "ot", "wo" + "rk", "ho" + "me")) + r")/")
    assert [str(path) for path, text in texts(files()) if machine.search(text)] == []


def test_no_private_key_is_in_the_repository():
    key = re.compile("-----BEGIN " + "[A-Z ]*PRIVATE KEY")
    assert [str(path) for path, text in texts(files()) if key.search(text)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_of_python_name_no_host_and_every_package_has_a_hash(lock):
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "--index-url" not in text.replace("--no-emit-index-url", "")
    pins = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert pins
    assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []


def test_the_lock_of_npm_names_no_host_and_every_package_has_a_hash():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if not entry.get("integrity", "").startswith("sha512-")] == []


def pins(lock):
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^ ;\\]+)", (ROOT / lock).read_text(), re.MULTILINE))


def test_production_runs_what_the_tests_ran_with():
    runtime, everything = (pins(lock) for lock in ("requirements/runtime.lock", "requirements/dev.lock"))
    assert runtime.items() <= everything.items()


@pytest.mark.parametrize("name", ["runtime", "dev"])
def test_each_requirement_is_locked(name):
    wanted = re.findall(r"^([A-Za-z0-9._-]+)", (ROOT / f"requirements/{name}.in").read_text(), re.MULTILINE)
    assert {one for one in wanted if not one.startswith("-")} <= pins(f"requirements/{name}.lock").keys()


def test_pages_have_no_script_style_or_handler_of_their_own():
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
    pages = [path for path in product(".html", ".j2") if "agent_console" in path.parts]
    assert pages
    assert [str(path) for path, text in texts(pages) if inline.search(text)] == []


def test_pages_need_no_host_but_ours():
    """City staff are on a closed network: no CDN, no font, no picture from elsewhere."""
    outside = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9-]+\.[a-z]", re.IGNORECASE)
    found = []
    for path, text in texts(product(".html", ".css", ".js", ".svg")):
        code = re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
        found += [f"{path}: {one}" for one in outside.findall(code)]
    assert found == []


def test_every_script_is_one_that_can_be_run_and_stops_at_its_first_error():
    scripts = [
        *(ROOT / "scripts").iterdir(),
        ROOT / ".ci/run",
        ROOT / "docker/make-secrets",
        ROOT / "docker/run-asterisk",
    ]
    for path in (path for path in scripts if path.is_file()):
        text = path.read_text()
        sourced = text.startswith("# shellcheck")
        assert sourced or os.access(path, os.X_OK), path
        if "python" in text.splitlines()[0]:
            continue
        assert re.search(r"^set -[eu]+|^set -uo pipefail|/common\"$", text, re.MULTILINE), path
        subprocess.run(["bash", "-n", path], check=True)
