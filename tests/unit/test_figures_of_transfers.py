"""Transfers by department, from random events and a directory that changes, compared with a plain recount."""

import csv
import io
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from agent_console.figures.span import day_of, month_of
from agent_console.figures.transfers import COLUMNS, STRANGE, by_target, numbers, total_of, transfers_csv
from crm.directory.values import Change
from crm.figures.transfers import Past, Target, Transfers, transfers
from kernel.directory import Entry
from kernel.events import Event, EventKind

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
EXTENSIONS = [str(number) for number in range(2301, 2309)]
REASONS = ("no_answer", "busy", "declined", "unreachable", "hung_up", "failed", "a new one")


class History:
    """A random directory, minute by minute: what it was is remembered beside the log of its changes."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.now = NOON
        self.entries: dict[str, Entry] = {}
        self.changes: list[Change] = []
        self.events: list[Event] = []
        self.expected: Counter[tuple[str, str]] = Counter()
        for _ in range(300):
            self.now += timedelta(minutes=1)
            self.chance.choice((self.edit, self.transfer, self.transfer, self.tell))()

    def edit(self) -> None:
        id = self.chance.choice("abcdef")
        before = self.entries.pop(id, None)
        free = sorted(set(EXTENSIONS) - {one.extension for one in self.entries.values()})
        after = None
        if before is None or self.chance.random() < 0.7:
            after = Entry(id, self.chance.choice(("税", "国保", "道路")), extension=self.chance.choice(free))
            self.entries[id] = after
        self.changes.append(Change(self.now, "ueda", id, before, after))

    def transfer(self) -> None:
        extension = self.chance.choice(EXTENSIONS)
        section = next((one.section for one in self.entries.values() if one.extension == extension), "")
        self.event(EventKind.HAND_OVER_STARTED, section, "tried", extension=extension)
        match self.chance.choice(("answered", "failed", "hung up")):
            case "answered":
                self.event(EventKind.HAND_OVER_ANSWERED, section, "answered", extension=extension)
            case "failed":
                reason = self.chance.choice(REASONS)
                self.event(EventKind.HAND_OVER_FAILED, section, reason, extension=extension, reason=reason)

    def tell(self) -> None:
        if self.entries:
            entry = self.entries[self.chance.choice(sorted(self.entries))]
            self.event(EventKind.NUMBER_TOLD, entry.section, "told", entry=entry.id)

    def event(self, kind: EventKind, section: str, what: str, **data: str) -> None:
        self.events.append(Event(kind, self.now, "c", "sato", "exchange", data))
        self.expected[section, what] += 1


@pytest.mark.parametrize("seed", range(30))
def test_the_table_is_what_the_events_add_up_to(seed):
    history = History(seed)
    counted: Counter[tuple[str, str]] = Counter()
    for target, one in transfers(history.events, Past(history.changes)).items():
        counted[target.section, "tried"] += one.tried
        counted[target.section, "answered"] += one.answered
        counted[target.section, "told"] += one.told
        for reason, number in one.failed.items():
            counted[target.section, reason] += number
    assert +counted == history.expected


def test_a_table_has_the_most_wanted_first_and_a_sum_of_all():
    tax, strange = Target("zeisei", "財務部", "税制課"), Target()
    days = [
        {strange: Transfers(tried=1, failed={"unreachable": 1})},
        {tax: Transfers(tried=3, answered=1, failed={"busy": 1, "a new one": 1}), strange: Transfers(tried=1)},
    ]
    rows = by_target(days)
    assert [row.section for row in rows] == ["税制課", STRANGE]
    assert dict(zip(COLUMNS[2:], numbers(rows[0]), strict=True)) == {
        "転送": 3,
        "応答": 1,
        "不成立": 2,
        "応答なし": 0,
        "話し中": 1,
        "拒否": 0,
        "番号なし": 0,
        "不通": 0,
        "相手の交換機が無応答": 0,
        "回線がすべて使用中": 0,
        "直前に切断": 0,
        "障害": 0,
        "その他の理由": 1,
        "途中で切断など": 0,
        "番号案内": 0,
    }
    total = total_of(rows).figures
    assert (total.tried, total.answered, total.failures, total.others) == (5, 1, 3, 1)


def test_the_file_has_a_line_for_each_day_and_department():
    tax = Target("zeisei", "財務部", "=税制課")
    text = transfers_csv(month_of(date(2026, 11, 1)), [{}, {tax: Transfers(tried=2, answered=2)}])
    lines = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    assert lines[0] == ["日", *COLUMNS]
    assert lines[1][:5] == ["2026-11-02(月)", "財務部", "'=税制課", "2", "2"]
    assert len(lines) == 2
    assert transfers_csv(day_of(date(2026, 11, 1)), [{}]).count("\n") == 1
