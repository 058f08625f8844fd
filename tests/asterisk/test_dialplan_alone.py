"""With no controller connected, Asterisk's own dialplan serves the callers."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from asterisk_conf.centre import render_centre
from kernel.centre import JAPAN, Hours, Period
from tests.support.asterisk import ALWAYS_OPEN, DAYS, TONES, Instance, tones
from tests.support.sound import tone, write
from tests.support.telephones import connected, ring_up

MAIN = "0466251111@centre-carrier"
CALLER = "0312345678"
NORMAL_CLEARING = 16
OFFICE_HOURS = Hours.model_validate({"week": {day: ["08:30-17:15"] for day in DAYS}})


async def change_hours(centre: Instance, hours: Hours, folder, **more) -> None:
    """As an installation does it: render again, tell the running Asterisk."""
    seats = centre.document.operators
    render_centre(centre.settings, seats, hours, tones(folder), centre.rendered.folders.root, **more)
    await centre.ari("PUT", "/asterisk/modules/pbx_config.so")


async def what_is_heard(centre: Instance, outside: Instance, at: datetime | None = None) -> str:
    """Ring the centre, alone, as if it were ``at``; the name of the first prompt."""
    test_time = f"{at.timestamp():.6f}" if at else ""
    await centre.ari("POST", "/asterisk/variable", variable="TESTTIME", value=test_time)
    async with connected(outside) as world:
        call = await ring_up(world, MAIN, CALLER)
        await call.listen()
        heard = await call.hears_one_of(TONES.values())
    return next(name for name, hertz in TONES.items() if hertz == heard)


async def test_a_caller_hears_guidance_then_music_while_all_phones_ring_and_talks_with_who_answers(world, tmp_path):
    write(tmp_path / "caller.wav", tone(1000, 1.0))
    write(tmp_path / "operator.wav", tone(1700, 1.0))
    async with connected(world.outside) as outside:
        call = await ring_up(outside, MAIN, CALLER)
        await call.listen()
        await call.up()
        await call.hears(TONES["please_hold"])
        rung = [await outside.arrival("phone", seat.extension) for seat in world.centre.document.operators]
        assert [phone.channel["caller"]["number"] for phone in rung] == [CALLER] * len(rung)
        await call.hears_that(lambda block: 0.005 < np.std(block) < 0.2, "music")
        answers, *others = rung
        await answers.answer()
        for other in others:
            await other.gone()
        await answers.listen()
        await call.says(str(tmp_path / "caller"))
        await answers.says(str(tmp_path / "operator"))
        await answers.hears(1000)
        await call.hears(1700)
        await answers.hang_up()
        assert (await call.gone())["cause"] == NORMAL_CLEARING


async def test_a_caller_whom_no_phone_can_take_hears_music_until_one_can(own_world):
    await own_world.outside.kill()
    await own_world.outside.start()
    await own_world.phones_registered()
    async with connected(own_world.outside) as outside:
        call = await ring_up(outside, MAIN, CALLER)
        for seat in own_world.centre.document.operators:
            await (await outside.arrival("phone", seat.extension)).hang_up()
        await call.listen()
        await call.hears_that(lambda block: 0.005 < np.std(block) < 0.2, "music")
        outside.seen.clear()
        await (await outside.arrival("phone", "7001")).answer()


async def test_out_of_hours_a_caller_hears_that_it_is_closed_and_the_call_ends(own_world, tmp_path):
    await change_hours(own_world.centre, Hours(week={}), tmp_path)
    async with connected(own_world.outside) as outside:
        call = await ring_up(outside, MAIN, CALLER)
        await call.listen()
        await call.hears(TONES["closed"])
        assert (await call.gone())["cause"] == NORMAL_CLEARING
        assert not [event for event in outside.seen if event.get("args", [""])[:1] == ["phone"]]


async def test_the_dialplan_opens_and_closes_at_the_minute_in_japans_time(own_world, tmp_path):
    centre, outside = own_world.centre, own_world.outside
    await change_hours(centre, OFFICE_HOURS, tmp_path)
    day = datetime.now(JAPAN)
    opens, closes = day.replace(hour=8, minute=30, second=0), day.replace(hour=17, minute=15, second=0)
    second = timedelta(seconds=1)
    assert await what_is_heard(centre, outside, opens - second) == "closed"
    assert await what_is_heard(centre, outside, opens) == "please_hold"
    assert await what_is_heard(centre, outside, closes - second) == "please_hold"
    assert await what_is_heard(centre, outside, closes) == "closed"


async def test_a_dated_closure_wins_over_the_week_and_a_dated_opening_over_a_holiday(own_world, tmp_path):
    centre, outside = own_world.centre, own_world.outside
    # Both days around the test, in case that midnight passes during it.
    days = [datetime.now(JAPAN).date() + timedelta(days=ahead) for ahead in (0, 1)]
    holidays = dict.fromkeys(days, ())
    await change_hours(centre, ALWAYS_OPEN, tmp_path, holidays=holidays)
    assert await what_is_heard(centre, outside) == "closed"
    all_day = Period.model_validate("00:00-24:00")
    special = [{"date": day, "periods": [all_day]} for day in days]
    await change_hours(centre, Hours.model_validate({"week": {}, "special": special}), tmp_path, holidays=holidays)
    assert await what_is_heard(centre, outside) == "please_hold"


async def test_callers_are_served_alone_when_the_controller_has_gone_away(world):
    async with connected(world.centre):
        pass
    assert await what_is_heard(world.centre, world.outside) == "please_hold"


async def test_a_city_phone_that_rings_the_centre_is_served_too(world):
    async with connected(world.outside) as outside:
        call = await ring_up(outside, f"{world.centre.settings.sip.own_extension}@centre-pbx", "2001")
        await call.listen()
        await call.hears(TONES["please_hold"])


async def test_a_call_whose_handling_failed_hears_the_apology_and_ends(world):
    async with connected(world.centre) as centre, connected(world.outside) as outside:
        call = await ring_up(outside, MAIN, CALLER)
        await call.listen()
        arrived = await centre.arrival("inbound")
        await arrived.ari("POST", "/continue", context="apology", extension="s", priority=1)
        await call.hears(TONES["apology"])
        assert (await call.gone())["cause"] == NORMAL_CLEARING


async def test_a_phone_that_dials_the_test_number_hears_itself(world, tmp_path):
    write(tmp_path / "voice.wav", tone(1400, 1.0))
    async with connected(world.outside) as outside:
        call = await ring_up(outside, "*43@phone-7001", "7001")
        await call.listen()
        await call.up()
        await call.says(str(tmp_path / "voice"))
        await call.hears(1400)


@pytest.mark.parametrize("number", ["0311112222", "7001", "2001", "119"])
async def test_a_phone_can_ring_nobody_else(world, number):
    async with connected(world.outside) as outside:
        call = await ring_up(outside, f"{number}@phone-7001", "7001")
        assert (await call.gone())["cause"] == 1
