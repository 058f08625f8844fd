"""``python -m denwa COMMAND`` as its user runs it, in an installation of the test's own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from kernel.settings import Settings
from tests.support.environment import environment

ROOT = Path(__file__).parents[2]
MOST_SECONDS = 100.0


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    status: int
    told: str
    complained: str

    @property
    def refusal(self) -> str:
        """What it complained of; it must have refused in plain words."""
        assert self.status == 1, self
        assert self.complained.startswith("denwa: "), self
        assert "Traceback" not in self.complained, self
        return self.complained


@dataclass(frozen=True)
class CommandLine:
    """``variables`` are set in the environment beside the settings."""

    settings: Settings
    variables: dict[str, str] = field(default_factory=dict)

    def run(self, *command: str, typed: str = "", **variables: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "denwa", *command],
            cwd=ROOT,
            env={**os.environ, **environment(self.settings), **self.variables, **variables},
            input=typed,
            capture_output=True,
            text=True,
            timeout=MOST_SECONDS,
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)
