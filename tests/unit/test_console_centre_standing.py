"""What administrators are told before a change is saved that calls stand on, or that Asterisk must be told of."""

from datetime import UTC, datetime

from agent_console.centre.standing import needs_render, warnings
from kernel.call import Call, Stage
from kernel.centre import Centre
from tests.support.centre_document import CENTRE, DOCUMENT, changed, menu, queue

NOW = datetime(2026, 11, 24, 3, tzinfo=UTC)


def waits(id, queue):
    return Call(id, NOW, "0466251111").waits_in(queue, NOW)


def test_calls_that_stand_on_what_goes_are_told_of():
    after = Centre.model_validate(
        changed(
            queues=DOCUMENT["queues"][:1],
            voicebots={},
            operators=[{**DOCUMENT["operators"][1], "queues": ["enquiries"]}],
            menus=menu(keys={"1": {"queue": "enquiries"}}),
        )
    )
    talk = waits("c-3", "enquiries").offered_to("sato", "leg", NOW).talks_with("sato", "leg", NOW)
    assert talk.stage is Stage.TALK
    told = warnings([waits("c-1", "exchange"), waits("c-2", "exchange"), talk], CENTRE, after)
    assert [line.partition("。")[0] for line in told] == [
        "なくなる窓口「電話交換」で、いま2件のお客様が待っています",
        "なくなるオペレーター「佐藤」は、いま対応中です",
    ]
    assert warnings([], CENTRE, after) == []


def test_a_queue_whose_last_operator_goes_is_told_of():
    after = Centre.model_validate(changed(operators=[{**one, "queues": ["exchange"]} for one in DOCUMENT["operators"]]))
    (told,) = warnings([waits("c-1", "enquiries")], CENTRE, after)
    assert told.startswith("窓口「お問い合わせ」を担当するオペレーターがいなくなります。いま待っているお客様は")


def test_only_what_asterisk_itself_says_needs_a_render():
    assert not needs_render(DOCUMENT, changed(queues=queue("exchange", priority=5)))
    assert needs_render(DOCUMENT, changed(numbers=["0466251111", "0466251112"]))
    assert needs_render(DOCUMENT, changed(announcements={**DOCUMENT["announcements"], "closed": "終わりました。"}))
