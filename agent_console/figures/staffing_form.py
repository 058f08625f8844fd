"""What is typed into the page of staffing. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kernel.erlang import Demand
from kernel.staffing import QUARTER_SECONDS, Goal, Measure

MEASURES: Mapping[Measure, str] = {Measure.IN_TIME: "目標時間内の応答", Measure.ANSWERED: "応答(時間を問わない)"}


@dataclass(frozen=True, slots=True)
class Field:
    """A number from ``least`` to ``most``; where it is empty, ``usual``, or nothing where that is empty too."""

    name: str
    label: str
    usual: str
    least: float
    most: float
    step: str = "any"


FIELDS = (
    Field("calls", "15分あたりの呼数", "30", 0.1, 3000),
    Field("handling", "平均処理時間(秒、通話+後処理)", "180", 1, 3600),
    Field("patience", "平均我慢時間(秒、空欄は放棄なし)", "", 1, 3600),
    Field("target", "目標時間(秒)", "10", 0, 600),
    Field("goal", "目標(%)", "80", 1, 99.9),
    Field("seats", "席数(空欄可)", "", 1, 1000, "1"),
)


@dataclass(frozen=True, slots=True)
class Typed:
    """``values``: as they were typed or usual; ``problems``: by field, in words."""

    values: Mapping[str, str]
    problems: Mapping[str, str]
    numbers: Mapping[str, float] = field(default_factory=dict[str, float])
    measure: Measure = Measure.IN_TIME

    @property
    def demand(self) -> Demand:
        """Only where there are no problems."""
        numbers = self.numbers
        return Demand(numbers["calls"] / QUARTER_SECONDS, numbers["handling"], numbers.get("patience"))

    @property
    def goal(self) -> Goal:
        """Only where there are no problems."""
        return Goal(self.measure, self.numbers["goal"] / 100, self.numbers["target"])

    @property
    def seats(self) -> int | None:
        return int(self.numbers["seats"]) if "seats" in self.numbers else None


def typed(query: Mapping[str, str], usual: Mapping[str, str]) -> Typed:
    """Read the form; ``usual`` stands where nothing was sent at all, else the fields' own."""
    known = {one.name: usual.get(one.name, one.usual) for one in FIELDS}
    values = {one.name: query.get(one.name, known[one.name]).strip() for one in FIELDS}
    problems: dict[str, str] = {}
    numbers: dict[str, float] = {}
    for one in FIELDS:
        text = values[one.name]
        if not text and not one.usual:
            continue
        number = _number(text, whole=one.step == "1")
        if number is None or not one.least <= number <= one.most:
            problems[one.name] = f"{one.least:g}から{one.most:g}までの数を入力してください。"
        else:
            numbers[one.name] = number
    measure = Measure.ANSWERED if query.get("of") == Measure.ANSWERED else Measure.IN_TIME
    return Typed(values, problems, numbers, measure)


def usual_of(demand: Demand) -> dict[str, str]:
    """A demand as the form shows it, within what the form takes."""
    return {
        "calls": f"{demand.arrivals * QUARTER_SECONDS:.1f}",
        "handling": f"{max(demand.handling, 1):.0f}",
        "patience": f"{max(demand.patience, 1):.0f}" if demand.patience else "",
    }


def _number(text: str, *, whole: bool) -> float | None:
    try:
        return int(text) if whole else float(text)
    except ValueError:
        return None
