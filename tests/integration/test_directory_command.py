"""``denwa directory``: the seed at the first start, a file in, a file out, and what is wrong with one."""

from __future__ import annotations

from pathlib import Path

import pytest

from crm.directory.csv_text import read_lines
from crm.keyring import load_keyring
from crm.store import open_store
from denwa.parts import KEYS
from denwa.prepare import prepare_store
from kernel.directory import Entry
from tests.support.asterisk import make_settings
from tests.support.command_line import CommandLine
from tests.support.environment import free_port


@pytest.fixture
async def prepared(tmp_path: Path) -> CommandLine:
    """An installation as it is first set up."""
    denwa = CommandLine(make_settings(tmp_path).model_copy(update={"metrics_port": free_port()}))
    await prepare_store(denwa.settings, lambda _: None)
    return denwa


async def entries(denwa: CommandLine) -> list[Entry]:
    async with open_store(denwa.settings.database, load_keyring(denwa.settings.secrets / KEYS)) as store:
        return [kept.entry for kept in await store.directory.all()]


async def test_the_seed_is_there_after_the_first_start_and_comes_out_as_the_file_that_it_was(prepared, tmp_path):
    out = tmp_path / "out.csv"
    assert prepared.run("directory", "export", str(out)).status == 0
    assert out.read_bytes() == prepared.settings.directory_file.read_bytes()
    assert len(await entries(prepared)) == len(read_lines(out.read_bytes()))
    again = prepared.run("directory", "import", str(out))
    assert "0 entries added, 0 changed, 0 removed" in again.told


async def test_a_file_with_a_mistake_is_told_by_line_and_changes_nothing_unless_it_is_asked_for(prepared, tmp_path):
    before = await entries(prepared)
    file = tmp_path / "excel.csv"
    file.write_bytes("課,内線\r\n税制課,2301\r\n国保,x\r\n".encode("cp932"))
    refused = prepared.run("directory", "import", str(file))
    assert refused.status == 1
    assert "3行目 内線: " in refused.told
    assert "nothing was imported" in refused.told
    assert await entries(prepared) == before
    taken = prepared.run("directory", "import", str(file), "--skip-wrong")
    assert (taken.status, "1 lines left out" in taken.told) == (0, True)
    assert [entry.name for entry in await entries(prepared)] == ["税制課"]
    assert prepared.run("seed").status == 0
    assert [entry.name for entry in await entries(prepared)] == ["税制課"], "a seed never replaces what was edited"


def test_a_file_that_can_not_be_read_is_refused_in_plain_words(prepared, tmp_path):
    file = tmp_path / "none.csv"
    assert str(file) in prepared.run("directory", "import", str(file)).refusal
    file.write_bytes("あ,い\n".encode())
    assert "列がありません" in prepared.run("directory", "import", str(file)).refusal
