"""A store full of cases and histories, made once and kept in the cache folder."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import insert, update

from bench.console.invented import FILE, citizen, history, number
from crm.case_rows import CaseRows
from crm.case_tables import cases, histories, signature_counts, signatures
from crm.database import Database
from crm.finding.documents import FORM
from crm.finding.signatures import Signatures, Signed
from crm.keyring import Keyring, create_keyring, load_keyring
from crm.migrate import migrate
from crm.rows import CallRows
from crm.tables import calls
from denwa.parts import KEYS
from kernel.call import Call, Outcome, Stage
from kernel.case import Case, CaseStatus, History

DB = "denwa.db"
CHUNK = 500
LAST_DAY = datetime(2026, 10, 31, 8, tzinfo=UTC)
"""Before every run, so that a run's own calls are the newest."""
DAYS = 5 * 365
OPERATORS = 20
QUEUES = ("enquiries", "exchange")
OUTCOMES = ("回答済み", "所管課へ転送", "折り返し依頼", "他機関を案内", "その他")

FORMS = ("spelling.py", "grams.py", "bits.py", "documents.py")
"""What makes a signature what it is."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    cases: int
    histories: int


@dataclass(frozen=True, slots=True)
class Chunk:
    """Rows of some cases with their calls, histories and signatures."""

    calls: list[Row]
    cases: list[Row]
    histories: list[Row]
    signed: list[Signed]


async def fill(var: Path, cache: Path, size: Size) -> None:
    """Lay a full database and its keys into ``var``; they are copied from ``cache``, where they are made if missing."""
    kept = cache / f"bench-console-{size.cases}-{size.histories}-{_version()}"
    if not (kept / DB).exists():
        await _make(kept, size)
    (var / "secrets").mkdir(parents=True, mode=0o700)
    for name in (DB, f"secrets/{KEYS}"):
        await asyncio.to_thread(shutil.copy2, kept / name, var / name)


async def _make(kept: Path, size: Size) -> None:
    """Some minutes; what is not finished is not taken for whole."""
    shutil.rmtree(kept, ignore_errors=True)
    half = kept.with_name(f"{kept.name}.half-{os.getpid()}")
    (half / "secrets").mkdir(parents=True, mode=0o700)
    keyring = create_keyring(half / "secrets" / KEYS)
    url = f"sqlite+aiosqlite:///{half / DB}"
    await migrate(url)
    database = Database(url)
    try:
        await _write_all(database, keyring, half, size)
    finally:
        await database.close()
    half.rename(kept)


async def _write_all(database: Database, keyring: Keyring, half: Path, size: Size) -> None:
    starts, slot, loop = range(0, size.cases, CHUNK), 0, asyncio.get_running_loop()
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        chunks = (loop.run_in_executor(pool, make_chunk, half, size, start) for start in starts)
        ahead = list(islice(chunks, 6))
        while ahead:
            chunk = await ahead.pop(0)
            ahead += islice(chunks, 1)
            slot = await _write(database, chunk, slot, keyring.current)
            _tell(f"{len(starts)} chunks of {CHUNK} cases; signatures so far: {slot}")
    async with database.write() as connection:
        for name in ("change", "slot"):
            named = signature_counts.c.name == name
            await connection.execute(update(signature_counts).where(named).values(last=slot))


async def _write(database: Database, chunk: Chunk, slot: int, key_version: int) -> int:
    rows = list(_signature_rows(chunk.signed, slot, key_version))
    tables = ((calls, chunk.calls), (cases, chunk.cases), (histories, chunk.histories), (signatures, rows))
    async with database.write() as connection:
        for table, values in tables:
            await connection.execute(insert(table), values)
    return slot + len(rows)


def _signature_rows(signed: list[Signed], slot: int, key_version: int) -> Iterator[Row]:
    for one in signed:
        for part, sealed in enumerate(one.sealed):
            slot += 1
            yield {
                "id": f"{one.document}~{part}" if part else one.document,
                "document": one.document,
                "part": part,
                "case": one.case,
                "slot": slot,
                "change": slot,
                "form": FORM,
                "bits_sealed": sealed,
                "key_version": key_version,
            }


def make_chunk(folder: Path, size: Size, start: int) -> Chunk:
    """CHUNK cases from the number ``start`` + 1 on; the same for the same start."""
    return _Maker(load_keyring(folder / "secrets" / KEYS), size, start).chunk()


class _Maker:
    def __init__(self, keyring: Keyring, size: Size, start: int) -> None:
        self._rows, self._calls = CaseRows(keyring), CallRows(keyring)
        self._signatures = Signatures(keyring)
        self._chance = Random(f"chunk {start}")
        self._size, self._start = size, start
        self._chunk = Chunk([], [], [], [])

    def chunk(self) -> Chunk:
        for place in range(self._start + 1, min(self._start + CHUNK, self._size.cases) + 1):
            self._case(place)
        return self._chunk

    def _case(self, number: int) -> None:
        opened = LAST_DAY - timedelta(days=DAYS) * (1 - number / self._size.cases)
        status = CaseStatus.CLOSED if self._chance.random() < 0.9 else CaseStatus.OPEN
        case = Case(f"case{number:08}", number, opened, status, citizen(self._chance), 1)
        row = self._rows.case_row(case) | {"changed": opened, "changed_by": "operator0"}
        self._chunk.cases.append(row)
        self._chunk.signed.append(self._signatures.signed(case))
        share = self._size.histories / self._size.cases
        for part in range(int(number * share) - int((number - 1) * share)):
            self._history(case, part)

    def _history(self, case: Case, part: int) -> None:
        chance, id = self._chance, f"{case.number:08}{part:04}"
        at = min(case.opened + timedelta(hours=part * chance.randint(1, 72)), LAST_DAY)
        operator = f"operator{chance.randrange(OPERATORS)}"
        subject, text = history(chance)
        outcome = chance.choice(OUTCOMES)
        made = History(f"history{id}", case.id, f"call{id}", operator, at, subject, text, outcome, 1)
        self._chunk.histories.append(self._rows.history_row(made))
        self._chunk.signed.append(self._signatures.signed(made))
        self._chunk.calls.append(self._calls.row(self._call(made)))

    def _call(self, history: History) -> Call:
        asked = history.written - timedelta(minutes=5)
        return Call(
            history.call or "",
            asked,
            "0466251111",
            caller=number(self._chance),
            stage=Stage.ENDED,
            queue=self._chance.choice(QUEUES),
            waiting_since=asked,
            operator=history.author,
            answered=asked + timedelta(seconds=8),
            talk_ended=history.written - timedelta(minutes=1),
            ended=history.written,
            outcome=Outcome.ANSWERED,
        )


def _version() -> str:
    """Another one where the tables, the signatures or the texts are others."""
    here = Path(__file__)
    root = here.parents[2]
    told = [
        root / "crm/tables.py",
        here,
        here.with_name("invented.py"),
        FILE,
        *(root / "crm/finding" / name for name in FORMS),
    ]
    return sha256(b"".join(path.read_bytes() for path in told)).hexdigest()[:12]


def _tell(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
