"""What a takeover has cost."""

from __future__ import annotations

from dataclasses import dataclass, field

from bench.figures import ms


@dataclass
class Losses:
    """What was lost, by what it was, with whose it was; ``seconds`` are those until this and that, round by round."""

    talks: list[str] = field(default_factory=list[str])
    places: list[str] = field(default_factory=list[str])
    histories: list[str] = field(default_factory=list[str])
    seconds: dict[str, list[float]] = field(default_factory=dict[str, list[float]])

    def took(self, what: str, nanoseconds: int) -> None:
        self.seconds.setdefault(what, []).append(ms(nanoseconds) / 1000)
