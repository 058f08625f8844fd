"""Each decision in words: why this operator, why another call still waits."""

from __future__ import annotations

from dialplan.acd.explain import Reason, explain_match, explain_waiting
from dialplan.acd.floor import Floor, Waiting
from dialplan.acd.outlook import outlook
from dialplan.acd.policy import Match, next_decision
from kernel.operator import OperatorState, OperatorStatus
from tests.unit.test_acd import ENGLISH, NOON, later, queue, ready, seat


def codes(floor: Floor, call: str, seconds: float) -> list[str]:
    assert next_decision(floor, later(seconds)) is None
    return [reason.code for reason in explain_waiting(floor, call, later(seconds))]


def match(floor: Floor, seconds: float) -> Reason:
    decision = next_decision(floor, later(seconds))
    assert isinstance(decision, Match)
    return explain_match(floor, decision, later(seconds))


def test_a_call_that_waits_for_a_skill_says_which_level_and_until_when():
    floor = Floor([seat("sato", skills={"英語": 2})], [queue(needs=(ENGLISH,))])
    ready(floor, "sato")
    floor.wait(Waiting(NOON, "c-1", "enquiries"))
    assert next_decision(floor, later(5)) is None
    (reason,) = explain_waiting(floor, "c-1", later(5))
    assert reason.text == (
        "必要なスキル（英語 3以上）を持つ受付可能なオペレーターがいません。12:00:30に条件が緩和されます"
    )
    assert reason.values == {"skills": "英語 3以上", "until": later(30).isoformat()}
    relaxed = match(floor, 30)
    assert relaxed.code == "skills_relaxed"
    assert "30秒待ったので、必要なスキルは英語 2以上に緩和" in relaxed.text


def test_a_call_whose_operators_are_all_busy_says_what_they_do_and_who_is_ahead():
    floor = Floor([seat("sato"), seat("suzuki", extension=7002)], [queue()])
    floor.set(OperatorStatus("sato", OperatorState.TALKING, NOON, call="c-0"))
    floor.set(OperatorStatus("suzuki", OperatorState.PAUSED, NOON))
    floor.wait(Waiting(NOON, "c-1", "enquiries"))
    floor.wait(Waiting(later(1), "c-2", "enquiries"))
    assert codes(floor, "c-1", 5) == ["all_busy"]
    assert codes(floor, "c-2", 5) == ["all_busy", "calls_ahead"]
    busy = explain_waiting(floor, "c-1", later(5))[0]
    assert busy.text == "受付可能なオペレーターがいません（通話中1名、離席1名）"
    floor.set(OperatorStatus("sato", OperatorState.LOGGED_OUT, later(6)))
    assert codes(floor, "c-1", 6) == ["nobody_at_work"]


def test_an_operator_whose_phone_is_gone_is_counted_as_that():
    floor = Floor([seat("sato")], [queue()])
    ready(floor, "sato")
    floor.reach("7001", False)
    floor.wait(Waiting(NOON, "c-1", "enquiries"))
    assert codes(floor, "c-1", 1) == ["nobody_at_work"]
    (reason,) = explain_waiting(floor, "c-1", later(1))
    assert reason.text == "この窓口で応対できるオペレーターがいません（電話機なし1名）"


def test_what_would_change_the_wait_names_people_and_moments():
    rules = [
        {"when": "waited", "after": 120, "to": {"queue": "exchange"}},
        {"when": "no_operator", "after": 40, "to": {"announcement": "congested"}},
    ]
    floor = Floor([seat("sato", skills={"英語": 1})], [queue(needs=(ENGLISH,), overflow=rules), queue("exchange")])
    floor.wait(Waiting(NOON, "c-1", "enquiries"))
    assert next_decision(floor, later(5)) is None
    reasons = explain_waiting(floor, "c-1", later(5))
    assert outlook(floor, "c-1", reasons, later(5)) == (
        "この窓口のオペレーターが受付可になれば、すぐに呼び出します",
        "12:00:30から、必要なスキルは英語 2以上でよくなります",
        "12:01:00から、必要なスキルはなしでよくなります",
        "12:02:00になると、「exchange」へ回ります",
        "オペレーター不在のまま12:00:45になると、案内を流して終了します",
    )
    assert outlook(floor, "c-2", (), later(5)) == ()


def test_a_call_that_waits_for_the_operator_of_the_last_talk_says_so():
    floor = Floor([seat("sato"), seat("suzuki", extension=7002)], [queue(last_operator_seconds=20)])
    ready(floor, "suzuki")
    floor.set(OperatorStatus("sato", OperatorState.TALKING, NOON, call="c-0"))
    floor.wait(Waiting(NOON, "c-1", "enquiries", last="sato"))
    assert codes(floor, "c-1", 1) == ["last_operator"]
    assert "satoさんを12:00:20まで" in explain_waiting(floor, "c-1", later(1))[0].text
    ready(floor, "sato", at=later(2))
    assert match(floor, 2).code == "last_operator"


def test_a_match_says_the_strategy_and_how_long_the_operator_was_idle():
    floor = Floor([seat("sato")], [queue()])
    ready(floor, "sato", at=later(-90))
    floor.wait(Waiting(later(-3), "c-1", "enquiries"))
    reason = match(floor, 0)
    assert (reason.code, reason.text) == ("longest_idle", "satoさん：最も長く待機しているため")
    assert reason.values == {"operators": "sato", "waited_seconds": 3.0, "idle_seconds": 90.0}


def test_a_call_that_does_not_wait_has_nothing_to_explain():
    assert explain_waiting(Floor(), "c-1", NOON) == ()
