"""What was done to cases as wholes, by whom and when: opened, closed, reopened, given to another department."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from crm.case_tables import case_steps
from kernel.case import Case, CaseStatus, CaseStep, StepTaken


def steps_between(before: Case | None, after: Case) -> tuple[CaseStep, ...]:
    """What makes ``after`` of ``before``, which is None for a case that is new. Pure."""
    steps = [] if before else [CaseStep.OPENED]
    was = before.status if before else CaseStatus.OPEN
    if before and before.department != after.department:
        steps.append(CaseStep.ASSIGNED)
    if was is not after.status:
        steps.append(CaseStep.CLOSED if after.status is CaseStatus.CLOSED else CaseStep.REOPENED)
    return tuple(steps)


async def keep_steps(
    connection: AsyncConnection, before: Case | None, after: Case, by: str, now: datetime
) -> tuple[CaseStep, ...]:
    """Store them within the transaction that stores ``after``."""
    steps = steps_between(before, after)
    rows = [
        {
            "id": f"{place}{uuid4().hex}",
            "case": after.id,
            "step": step,
            "at": now,
            "by": by,
            "department": after.department,
        }
        for place, step in enumerate(steps)
    ]
    if rows:
        await connection.execute(insert(case_steps), rows)
    return steps


async def steps_of(connection: AsyncConnection, case: str) -> Sequence[StepTaken]:
    """Those of the case of that id, oldest first."""
    wanted = select(case_steps).where(case_steps.c.case == case).order_by(case_steps.c.at, case_steps.c.id)
    rows = (await connection.execute(wanted)).mappings()
    return [StepTaken(CaseStep(row["step"]), row["at"], row["by"], row["department"]) for row in rows]
