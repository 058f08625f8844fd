"""The templates: escaping on, unknown names are errors, our words as filters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2s
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from agent_console import transfer_words, words
from kernel.operator import OperatorState
from kernel.transfer import Step

FOLDER = Path(__file__).parent / "templates"


NAMES: Mapping[str, object] = {
    "OperatorState": OperatorState,
    "Step": Step,
    "HISTORY_OUTCOMES": words.HISTORY_OUTCOMES,
}


def dom_key(id: str) -> str:
    """A short name for ``id`` that is safe in an HTML id and in a selector."""
    return "k" + blake2s(id.encode(), digest_size=6).hexdigest()


def _iso(moment: datetime) -> str:
    return moment.isoformat()


class Pages:
    """Renders; what is rendered twice from equal values is equal, so that unchanged fragments are recognised."""

    def __init__(self) -> None:
        self._jinja = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._jinja.filters |= {
            "state": words.STATES.__getitem__,
            "monitor_mode": words.MONITOR_MODES.__getitem__,
            "case_status": words.CASE_STATUSES.__getitem__,
            "case_step": words.CASE_STEPS.__getitem__,
            "language": words.language,
            "alike": words.alike,
            "day": words.day,
            "clock_time": words.clock_time,
            "clock_seconds": words.clock_seconds,
            "date_and_time": words.date_and_time,
            "iso": _iso,
            "alarm": words.ALARMS.__getitem__,
            "goal_of": words.GOALS.__getitem__,
            "percent": words.percent,
            "weekday": words.weekday,
            "strain": words.strain,
            "role": words.ROLES.__getitem__,
            "shown": words.shown,
            "transfer_step": transfer_words.step_words,
            "transfer_reason": transfer_words.reason,
            "key": dom_key,
        }

    def render(self, template: str, **values: object) -> str:
        """The HTML of ``template``."""
        return self._jinja.get_template(template).render({**NAMES, **values})
