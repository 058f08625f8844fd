"""The steps of the demonstration as they are seen to happen: on the terminal, and in a report."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was to happen. ``at_ms`` counts from the beginning of the call."""

    name: str
    ok: bool
    at_ms: int
    detail: str


@dataclass(slots=True)
class Timeline:
    """Collects steps and tells each as it happens."""

    tell: Callable[[str], None]
    steps: list[Step] = field(default_factory=list[Step])
    began: float = field(default_factory=time.monotonic)

    def seen(self, name: str, detail: str) -> None:
        """The step ``name`` was seen to happen now."""
        self._add(name, ok=True, detail=detail)

    def missed(self, name: str, why: str) -> None:
        """The step ``name`` did not happen."""
        self._add(name, ok=False, detail=why)

    @property
    def ok(self) -> bool:
        """Whether every step was seen."""
        return bool(self.steps) and all(step.ok for step in self.steps)

    def report(self, file: Path) -> None:
        """Write the steps as JSON: ``{"ok": bool, "steps": [{"name", "ok", "at_ms", "detail"}]}``."""
        file.parent.mkdir(parents=True, exist_ok=True)
        content = {"ok": self.ok, "steps": [asdict(step) for step in self.steps]}
        file.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

    def _add(self, name: str, *, ok: bool, detail: str) -> None:
        before = self.steps[-1].at_ms if self.steps else 0
        step = Step(name, ok, int((time.monotonic() - self.began) * 1000), detail)
        self.steps.append(step)
        mark = "✓" if ok else "✗"
        self.tell(f"  {mark} {step.at_ms / 1000:7.2f} s  (+{(step.at_ms - before) / 1000:5.2f} s)  {name:<22} {detail}")
