"""Links by SMS (T13): written before they are sent, sent at most once, sealed, and gone as other personal data is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from crm.retention import Retention
from crm.store import open_store
from kernel.bus.memory import MemoryBus
from kernel.events import EventKind
from kernel.phone_number import PhoneNumber
from kernel.sms import SmsState
from tests.support.recordings import DRAFT, written
from tests.support.sms import MOBILE, NOON, TEXT, an_sms, asked

SECOND = timedelta(seconds=1)


async def state_of(store, sms):
    (found,) = [one for one in await store.outbox.of_call(sms.call) if one.id == sms.id]
    return found.state, found.why


async def kinds(store):
    return [one.event.kind for one in await store.events.since(0)]


async def test_what_the_journal_writes_is_claimed_once_whole(store):
    sms = an_sms()
    await written(store, sms, asked(sms))
    claimed = await store.outbox.claim(NOON, a_day=3)
    assert (claimed.sms, claimed.tries) == (sms, 1)
    assert await store.outbox.claim(NOON + SECOND, a_day=3) is None
    assert await state_of(store, sms) == (SmsState.SENDING, None)
    for _ in range(2):
        await store.outbox.settle(claimed, SmsState.SENT, None, NOON + SECOND)
    assert await state_of(store, sms) == (SmsState.SENT, None)
    assert await kinds(store) == [EventKind.SMS_ASKED, EventKind.SMS_SENT]


async def test_the_same_link_is_sent_once_in_a_call_whoever_asks(store):
    sms = an_sms()
    await written(store, sms, asked(sms))
    await store.outbox.settle(await store.outbox.claim(NOON, 3), SmsState.SENT, None, NOON)
    await written(store, an_sms(at=NOON + SECOND, text="x https://other"))
    again = an_sms(at=NOON + 2 * SECOND, by="sato")
    assert not await store.outbox.put(again, asked(again))
    assert await store.outbox.claim(NOON + 9 * SECOND, a_day=3) is None
    assert await state_of(store, sms) == (SmsState.SENT, None)
    assert (await kinds(store)).count(EventKind.SMS_ASKED) == 1


async def test_an_operators_link_is_put_with_its_event(store):
    sms = an_sms(by="sato")
    assert await store.outbox.put(sms, asked(sms))
    (stored,) = await store.events.since(0)
    assert (stored.event.operator, stored.event.data) == ("sato", {"link": "juminhyo", "how": "operator"})
    assert (await store.outbox.of_call("c1"))[0].by == "sato"


async def test_what_was_being_sent_when_its_sender_died_is_uncertain_and_never_sent_again(store):
    sms = an_sms()
    await written(store, sms)
    await store.outbox.claim(NOON, a_day=3)
    assert await store.outbox.doubt(NOON - SECOND, NOON) == 0
    assert await store.outbox.doubt(NOON + SECOND, NOON + 60 * SECOND) == 1
    assert await state_of(store, sms) == (SmsState.UNCERTAIN, "died")
    assert await store.outbox.claim(NOON + 61 * SECOND, a_day=3) is None
    assert await kinds(store) == [EventKind.SMS_UNCERTAIN]


async def test_a_sender_that_was_thought_dead_may_still_say_that_it_was_sent_but_not_try_again(store):
    one, other = an_sms(), an_sms(link="waste")
    await written(store, one, other)
    first, second = await store.outbox.claim(NOON, a_day=3), await store.outbox.claim(NOON, a_day=3)
    await store.outbox.doubt(NOON + SECOND, NOON + SECOND)
    await store.outbox.settle(first, SmsState.SENT, None, NOON + 2 * SECOND)
    await store.outbox.again(second, NOON + 2 * SECOND, "unreachable")
    assert await state_of(store, first.sms) == (SmsState.SENT, None)
    assert await state_of(store, second.sms) == (SmsState.UNCERTAIN, "died")


async def test_one_that_was_not_taken_waits_and_is_counted(store):
    sms = an_sms()
    await written(store, sms)
    await store.outbox.again(await store.outbox.claim(NOON, 3), NOON + 5 * SECOND, "unreachable")
    assert await state_of(store, sms) == (SmsState.TO_SEND, "unreachable")
    assert await store.outbox.claim(NOON + 4 * SECOND, a_day=3) is None
    assert (await store.outbox.claim(NOON + 5 * SECOND, a_day=3)).tries == 2


async def test_too_many_to_one_number_in_a_day_are_refused_and_another_day_is_another(store):
    for number in range(3):
        await written(store, an_sms(f"c{number}"))
    await written(store, an_sms("c9", number=PhoneNumber("08011112222")))
    claimed = [await store.outbox.claim(NOON + number * SECOND, a_day=2) for number in range(4)]
    assert [one and one.sms.call for one in claimed].count(None) == 1
    assert [await store.outbox.of_call(f"c{n}") for n in range(3)].count([]) == 0
    whys = {one.why for n in range(3) for one in await store.outbox.of_call(f"c{n}")}
    assert whys == {None, "too_many"}
    assert await store.outbox.sent_to(MOBILE, NOON - SECOND) == 2
    await written(store, an_sms("tomorrow", at=NOON + timedelta(hours=25)))
    assert (await store.outbox.claim(NOON + timedelta(hours=25), a_day=2)).sms.call == "tomorrow"


async def test_what_could_not_be_sent_for_an_hour_is_refused(store):
    sms = an_sms()
    await written(store, sms)
    assert await store.outbox.claim(NOON + timedelta(minutes=61), a_day=3) is None
    assert await state_of(store, sms) == (SmsState.REFUSED, "too_late")


async def test_one_that_can_not_be_read_is_refused_and_holds_up_no_other(store):
    broken, sound = an_sms(), an_sms("c2", at=NOON + SECOND)
    await written(store, broken, sound)
    async with store.database.write() as connection:
        await connection.execute(
            text("update sms set content_sealed = (select content_sealed from sms where call = 'c2')")
        )
    assert (await store.outbox.claim(NOON + 2 * SECOND, a_day=3)).sms == sound
    assert await state_of(store, broken) == (SmsState.REFUSED, "unreadable")


async def test_nobody_reads_number_or_text_without_the_key(store, url):
    await written(store, an_sms())
    async with store.database.read() as connection:
        rows = (await connection.execute(text("select * from sms"))).all()
    assert len(rows) == 1
    assert not [cell for cell in rows[0] if MOBILE.digits in str(cell) or TEXT in str(cell)]
    assert not [cell for cell in rows[0] if isinstance(cell, bytes) and MOBILE.digits.encode() in cell]


async def test_what_waits_is_still_sent_after_a_change_of_keys(url, keyring):
    sms, gone = an_sms(), an_sms("gone", at=NOON - timedelta(hours=30))
    async with open_store(url, keyring) as store:
        await written(store, sms, gone)
        await store.outbox.forget(NOON - timedelta(hours=24))
    async with open_store(url, keyring.extended().with_newest_current()) as store:
        assert (await store.rotate())["sms"] == 2
        assert (await store.outbox.claim(NOON, a_day=3)).sms == sms


def retention(store, folder, now):
    age = timedelta(hours=24)
    stores = store.recordings, (store.outbox,), store.events, MemoryBus()
    return Retention(*stores, folder, clock=lambda: now, max_age=age)


async def kept(store):
    async with store.database.read() as connection:
        return (await connection.execute(text("select count(content_sealed), count(number_index) from sms"))).one()


async def test_number_and_text_go_with_the_history_and_that_it_was_sent_stays(store, tmp_path):
    sms = an_sms()
    await written(store, sms)
    claimed = await store.outbox.claim(NOON, a_day=3)
    await store.cases.save_history(DRAFT, NOON + SECOND)
    await retention(store, tmp_path, NOON + SECOND).of_calls({"c1"})
    assert tuple(await kept(store)) == (1, 1), "it is being sent"
    await store.outbox.settle(claimed, SmsState.SENT, None, NOON + SECOND)
    await retention(store, tmp_path, NOON + 2 * SECOND).of_calls({"c1"})
    assert tuple(await kept(store)) == (0, 1), "the limit of the day still counts it"
    assert await state_of(store, sms) == (SmsState.SENT, None)


async def test_number_and_text_go_with_the_age_of_recordings_and_the_fingerprint_a_day_later(store, tmp_path):
    await written(store, an_sms())
    await retention(store, tmp_path, NOON + timedelta(hours=24)).sweep()
    assert tuple(await kept(store)) == (1, 1)
    await retention(store, tmp_path, NOON + timedelta(hours=24, seconds=1)).sweep()
    assert tuple(await kept(store)) == (0, 1)
    assert await store.outbox.claim(NOON + timedelta(hours=25), a_day=3) is None
    await retention(store, tmp_path, NOON + timedelta(hours=48, seconds=1)).sweep()
    assert tuple(await kept(store)) == (0, 0)


@pytest.mark.parametrize("digits", ["09012345678", "08012345678", "07012345678"])
def test_a_message_shows_no_number_and_no_text(digits):
    sms = an_sms(number=PhoneNumber(digits))
    assert digits not in repr(sms)
    assert TEXT not in repr(sms)
