"""Why an operator gets no call, in words: each thing that can be in the way."""

from __future__ import annotations

import pytest

from dialplan.acd.floor import Floor, Waiting
from dialplan.acd.passed_over import explain_operator
from dialplan.acd.policy import next_decision
from kernel.operator import OperatorState, OperatorStatus
from tests.unit.test_acd import ENGLISH, NOON, later, queue, ready, seat


def why(floor: Floor, operator: str, seconds: float = 5) -> tuple[str, str]:
    assert next_decision(floor, later(seconds)) is None
    reason = explain_operator(floor, operator, later(seconds))
    return reason.code, reason.text


def test_one_who_is_not_there_or_has_no_seat():
    floor = Floor([seat("sato")], [queue()])
    assert why(floor, "sato") == ("logged_out", "ログアウトしています")
    ready(floor, "mori")
    assert why(floor, "mori")[0] == "no_seat"


@pytest.mark.parametrize(
    ("state", "code", "text"),
    [
        (OperatorState.TALKING, "has_call", "通話中です"),
        (OperatorState.WRAP_UP, "has_call", "後処理です"),
        (OperatorState.PAUSED, "paused", "離席です（研修）"),
        (OperatorState.NOT_ANSWERING, "not_answering", "離席扱いです"),
    ],
)
def test_one_who_is_not_ready(state, code, text):
    floor = Floor([seat("sato")], [queue()])
    reason = "研修" if state is OperatorState.PAUSED else None
    floor.set(OperatorStatus("sato", state, NOON, reason=reason))
    assert why(floor, "sato") == (code, text)


def test_one_whose_phone_is_gone_though_calls_wait():
    floor = Floor([seat("sato", extension=7009)], [queue()])
    ready(floor, "sato")
    floor.reach("7009", False)
    floor.wait(Waiting(NOON, "c-1", "enquiries"))
    assert why(floor, "sato") == ("phone_gone", "電話機（内線7009）につながりません")


def test_one_who_serves_no_queue():
    nowhere = seat("sato").model_copy(update={"queues": ()})
    floor = Floor([nowhere], [queue()])
    ready(floor, "sato")
    assert why(floor, "sato")[0] == "no_queues"


def test_others_who_are_idle_longer_come_first():
    floor = Floor([seat("sato"), seat("suzuki", extension=7002)], [queue()])
    ready(floor, "sato", at=later(-60))
    ready(floor, "suzuki", at=later(-10))
    assert why(floor, "sato")[1].endswith("「enquiries」では次に呼び出されます")
    code, text = why(floor, "suzuki")
    assert code == "no_calls"
    assert text.endswith("「enquiries」では2番目です（最も長く待機している人から）")


def test_one_who_lacks_a_skill_for_ever_and_one_who_lacks_it_for_a_while():
    never = ENGLISH.model_copy(update={"relax": ()})
    floor = Floor([seat("sato", skills={"英語": 2})], [queue(needs=(never,))])
    ready(floor, "sato")
    assert "必要なスキル（英語 3以上）に足りません" in why(floor, "sato")[1]
    floor.wait(Waiting(NOON, "c-1", "enquiries"))
    assert why(floor, "sato")[0] == "skill_missing"
    floor = Floor([seat("sato", skills={"英語": 2})], [queue(needs=(ENGLISH,))])
    ready(floor, "sato")
    floor.wait(Waiting(NOON, "c-1", "enquiries"))
    code, text = why(floor, "sato")
    assert code == "skill_later"
    assert text.endswith("12:00:30に条件が緩和されます")


def test_calls_that_wait_for_somebody_else():
    floor = Floor([seat("sato"), seat("suzuki", extension=7002)], [queue(last_operator_seconds=20)])
    ready(floor, "suzuki")
    floor.set(OperatorStatus("sato", OperatorState.TALKING, NOON, call="c-0"))
    floor.wait(Waiting(NOON, "c-1", "enquiries", last="sato"))
    assert why(floor, "suzuki")[0] == "reserved"
    floor.advance(later(20))
    floor.stirred(later(20))
    assert explain_operator(floor, "suzuki", later(20)).code == "about_to_ring"
