"""Figures as CSV for a spreadsheet. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from agent_console.figures.report import Report, Row
from kernel.figures import OperatorFigures, QueueFigures

BYTE_ORDER_MARK = "\ufeff"
"""Without it a Japanese spreadsheet takes UTF-8 for Shift_JIS."""

RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")

Cell = int | float | timedelta | None

MEANS: Mapping[str, Callable[[QueueFigures | OperatorFigures], Cell]] = {
    "平均通話時間(秒)": lambda one: one.mean_talk,
    "平均保留時間(秒)": lambda one: one.mean_hold,
    "平均後処理時間(秒)": lambda one: one.mean_wrap_up,
    "AHT(秒)": lambda one: one.handling,
}
OCCUPANCY = "稼働率"

QUEUE_COLUMNS: Mapping[str, Callable[[QueueFigures], Cell]] = {
    "受付数": lambda one: one.offered,
    "応答数": lambda one: one.answered,
    "放棄数": lambda one: one.abandoned,
    "うち短時間放棄": lambda one: one.short,
    "その他終了": lambda one: one.left,
    "折り返し希望": lambda one: one.callbacks,
    "折り返し応対": lambda one: one.reached,
    "折り返し不達": lambda one: one.given_up,
    "待機中": lambda one: one.waiting,
    "目標内応答": lambda one: one.within,
    "目標超過": lambda one: one.beyond,
    "サービスレベル(受付数に対し)": lambda one: one.service_level_of_offered,
    "サービスレベル(応答数に対し)": lambda one: one.service_level_of_answered,
    "サービスレベル(短時間放棄を除く)": lambda one: one.service_level_without_short,
    "応答率": lambda one: one.answer_rate,
    "平均応答時間(秒)": lambda one: one.speed_of_answer,
    "最長待ち(秒)": lambda one: one.longest_wait,
    "転送数": lambda one: one.transfers,
    "戻り数": lambda one: one.returned,
    "戻り後の放棄": lambda one: one.lost,
    "通話(秒)": lambda one: one.talk,
    "保留(秒)": lambda one: one.hold,
    "後処理(秒)": lambda one: one.wrap_up,
    **MEANS,
}

OPERATOR_COLUMNS: Mapping[str, Callable[[OperatorFigures], Cell]] = {
    "応答数": lambda one: one.answered,
    "不応答": lambda one: one.not_answered,
    "転送数": lambda one: one.transfers,
    "受付可(秒)": lambda one: one.ready,
    "着信(秒)": lambda one: one.ringing,
    "通話(秒)": lambda one: one.talk,
    "保留(秒)": lambda one: one.hold,
    "後処理(秒)": lambda one: one.wrap_up,
    "離席(秒)": lambda one: one.paused,
    "離席扱い(秒)": lambda one: one.not_answering,
    "電話機未登録(秒)": lambda one: one.phone_gone,
    "その他(秒)": lambda one: one.other,
    "勤務(秒)": lambda one: one.shift,
    "引き継ぎ数": lambda one: one.taken_over,
    "引き継ぎ通話(秒)": lambda one: one.led,
    "平均着信時間(秒)": lambda one: one.speed_of_answer,
    **MEANS,
}


def queues_csv(report: Report) -> str:
    """A line for each time and queue."""
    lines = [[row.time, row.label, *_cells(row, QUEUE_COLUMNS)] for row in report.queues_by_time]
    return _written(report, "窓口", list(QUEUE_COLUMNS), lines)


def operators_csv(report: Report) -> str:
    """A line for each time and operator."""
    lines = [[row.time, row.label, *_cells(row, OPERATOR_COLUMNS)] for row in report.operators_by_time]
    return _written(report, "オペレーター", list(OPERATOR_COLUMNS), lines)


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula (OWASP, CSV injection)."""
    return f"'{text}" if text.startswith(RISKY) else text


def _cells(row: Row[QueueFigures] | Row[OperatorFigures], columns: Mapping[str, Callable[..., Cell]]) -> list[str]:
    return [*(_cell(read(row.figures)) for read in columns.values()), _cell(row.occupancy)]


def _cell(value: Cell) -> str:
    match value:
        case None:
            return ""
        case timedelta():
            return f"{value.total_seconds():.0f}"
        case float():
            return f"{value:.4f}"
        case _:
            return str(value)


def _written(report: Report, what: str, columns: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text)
    writer.writerow(["日" if report.span.is_month else "時刻", what, *columns, OCCUPANCY])
    writer.writerows([safe(cell) for cell in line] for line in lines)
    return text.getvalue()
