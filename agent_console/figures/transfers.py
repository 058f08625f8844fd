"""所管課ごとの転送件数表 (C9): its rows and its CSV. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from agent_console.figures.export import BYTE_ORDER_MARK, safe
from agent_console.figures.span import Span, weekday
from crm.figures.transfers import Target, Transfers

FAILURES: Mapping[str, str] = {
    "no_answer": "応答なし",
    "busy": "話し中",
    "declined": "拒否",
    "no_such_number": "番号なし",
    "unreachable": "不通",
    "no_reply": "相手の交換機が無応答",
    "trunk_full": "回線がすべて使用中",
    "hung_up": "直前に切断",
    "failed": "障害",
}
"""Why transfers fail (``dialplan.switch``), in the order of the table; any other is counted among ``その他の理由``."""

STRANGE = "番号表にない内線"
COLUMNS = ("部", "課・団体", "転送", "応答", "不成立", *FAILURES.values(), "その他の理由", "途中で切断など", "番号案内")


@dataclass(frozen=True, slots=True)
class TransferRow:
    """``time`` is the day in a table by days, "" in one of sums."""

    time: str
    target: Target
    figures: Transfers

    @property
    def section(self) -> str:
        return self.target.section or STRANGE

    @property
    def failed(self) -> tuple[int, ...]:
        """By the reasons of COLUMNS; the last are all others."""
        known = [self.figures.failed.get(reason, 0) for reason in FAILURES]
        return (*known, self.figures.failures - sum(known))


def by_target(days: Iterable[Mapping[Target, Transfers]]) -> tuple[TransferRow, ...]:
    """The sums, the most tried first."""
    sums: dict[Target, Transfers] = {}
    for day in days:
        for target, one in day.items():
            sums[target] = sums.get(target, Transfers()) + one
    return tuple(TransferRow("", target, sums[target]) for target in sorted(sums, key=lambda one: _order(one, sums)))


def total_of(rows: Iterable[TransferRow]) -> TransferRow:
    """All of them together."""
    return TransferRow("", Target(section="合計"), sum((row.figures for row in rows), Transfers()))


def transfers_csv(span: Span, days: Sequence[Mapping[Target, Transfers]]) -> str:
    """A line for each day and department."""
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(["日", *COLUMNS])
    for place, day in enumerate(days):
        at = span.first + timedelta(days=place)
        for row in by_target([day]):
            cells = [f"{at:%Y-%m-%d}({weekday(at)})", row.target.division, row.section, *map(str, numbers(row))]
            writer.writerow([safe(cell) for cell in cells])
    return text.getvalue()


def numbers(row: TransferRow) -> tuple[int, ...]:
    """The cells below the numbers of COLUMNS."""
    one = row.figures
    return (one.tried, one.answered, one.failures, *row.failed, one.others, one.told)


def _order(target: Target, sums: Mapping[Target, Transfers]) -> tuple[int, int, str, str]:
    return -sums[target].tried, -sums[target].told, target.division, target.section
