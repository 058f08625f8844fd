"""What would let a waiting call go on: a moment that comes by itself, or something that somebody does. Pure.

As the explanations, only for people.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from dialplan.acd.explain import Reason, clock, levels
from dialplan.acd.floor import Floor
from dialplan.acd.rules import waited
from kernel.routing import Overflow

HELPS: Mapping[str, str] = {
    "last_operator": "その方が受付可になれば、すぐにつながります",
    "nobody_at_work": "この窓口のオペレーターが受付可になれば、すぐに呼び出します",
    "all_busy": "だれかの通話・後処理が終わるか、離席中の方が受付可になれば、順に呼び出します",
    "skill_missing": "必要なスキルを持つオペレーターが受付可になれば、すぐに呼び出します",
}


def outlook(floor: Floor, call: str, reasons: tuple[Reason, ...], now: datetime) -> tuple[str, ...]:
    """Sentences on what would end the wait of ``call``, given why it waits; empty when it does not wait."""
    return tuple(_outlook(floor, call, reasons, now))


def _outlook(floor: Floor, call: str, reasons: tuple[Reason, ...], now: datetime) -> Iterator[str]:
    place = floor.calls.place(call)
    if place is None:
        return
    for reason in reasons:
        if reason.code in HELPS:
            yield HELPS[reason.code]
    rules, passed = floor.rules(place.queue), waited(place.since, now)
    for tier in rules.tiers[rules.open_tiers(passed) :]:
        asked = levels(rules.levels(tier))
        yield f"{clock(place.since + tier)}から、必要なスキルは{asked or 'なし'}でよくなります"
    if (rule := rules.queue.leads_on("waited")) and rules.waited_after is not None:
        yield f"{clock(place.since + rules.waited_after)}になると、{_leads(floor, rule)}"
    unstaffed = floor.unstaffed_since(place.queue, now)
    if (rule := rules.queue.leads_on("no_operator")) and rules.unstaffed_after is not None and unstaffed:
        yield f"オペレーター不在のまま{clock(unstaffed + rules.unstaffed_after)}になると、{_leads(floor, rule)}"


def _leads(floor: Floor, rule: Overflow) -> str:
    if rule.to.queue:
        return f"「{floor.rules(rule.to.queue).queue.label}」へ回ります"
    return "メニューへ戻ります" if rule.to.menu else "案内を流して終了します"
