"""``denwa doctor``: check each part, and say for each that is missing how to get it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

from denwa.checkup import answers, installed, places, sms, trunks
from denwa.checkup.finding import Finding
from kernel.settings import Settings

__all__ = ["Finding", "doctor", "healthy", "print_findings"]

MARKS = {True: "ok", False: "MISSING"}
OPTIONAL = "not here"


async def doctor(settings: Settings) -> list[Finding]:
    """Look at everything; changes nothing."""
    return [
        places.working_folder(),
        installed.python(),
        installed.packages(),
        *await asyncio.to_thread(installed.asterisk, settings),
        installed.voice(),
        installed.ears(settings.speech),
        installed.drafts(settings.speech),
        installed.browser_files(),
        places.keys(settings),
        *places.secrets(settings),
        *places.certificate(settings),
        *trunks.trunks(settings),
        sms.gateway(settings),
        places.recordings(settings),
        places.disk(settings),
        *[finding async for finding in answers.database(settings)],
        *[finding async for finding in answers.redis(settings)],
        *[finding async for finding in answers.ports(settings)],
        *installed.test_programs(),
    ]


def healthy(findings: Sequence[Finding]) -> bool:
    """Whether the platform can run."""
    return all(finding.ok or finding.optional for finding in findings)


def print_findings(findings: Sequence[Finding]) -> None:
    """A table for the person at the terminal, one line a part, and below what to do."""
    width = max((len(finding.part) for finding in findings), default=0)
    for finding in findings:
        mark = OPTIONAL if finding.optional and not finding.ok else MARKS[finding.ok]
        sys.stdout.write(f"{mark:<8} {finding.part:<{width}}  {finding.detail}\n")
        if not finding.ok:
            sys.stdout.write(f"{'':<8} {'':<{width}}  -> {finding.remedy}\n")
