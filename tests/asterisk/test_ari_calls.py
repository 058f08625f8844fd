"""What the typed calls do on a real Asterisk. The far end of a channel is an echo: it hears itself."""

from __future__ import annotations

import asyncio
import stat
from collections.abc import AsyncIterator

import pytest
from yarl import URL

from dialplan.ari.client import Ari, connect
from dialplan.ari.errors import Conflict, NotFound, Overloaded, Refused
from dialplan.ari.events import (
    ChannelDtmfReceived,
    ChannelEnteredBridge,
    ChannelStateChange,
    EndpointStateChange,
    PlaybackFinished,
    PlaybackStarted,
    RecordingFinished,
    StasisEnd,
    StasisStart,
)
from kernel.settings import Ari as AriSettings
from tests.support.ari_acts import ECHO, beep, echo, quietly, until
from tests.support.asterisk import Instance, World
from tests.support.sound import loudest, read


@pytest.fixture
async def ari(centre: Instance) -> AsyncIterator[Ari]:
    """A connection, after which no channel and no bridge is left."""
    async with connect(centre.settings.ari, centre.ari_password) as one:
        yield one
        for channel in await one.channels.list():
            await quietly(one.channels.hangup(channel.id))
        for bridge in await one.bridges.list():
            await quietly(one.bridges.destroy(bridge.id))


async def test_a_citizens_call_arrives_with_its_number_and_its_hang_up_is_told(ari, outside):
    world = AriSettings(host=URL(outside.ari_url).host, app=outside.app, user=outside.ari_user)
    async with connect(world, outside.ari_password) as around:
        number = {"CONNECTEDLINE(num,i)": "0466509999"}
        await around.channels.create("PJSIP/0466251111@centre-carrier", "citizen", variables=number)
        await around.channels.dial("citizen", timeout=10)
        arrival = await anext(aiter(ari.arrivals()))
        channel = arrival.channel
        assert arrival.args == ("inbound",)
        assert (channel.dialled, channel.state) == ("0466251111", "Ring")
        assert channel.caller_number == "0466509999"
        assert channel == await ari.channels.get(channel.id)
        with ari.listen(channel.id) as inbox:
            await ari.channels.answer(channel.id)
            await until(inbox, ChannelStateChange, "Up")
            await around.channels.hangup("citizen")
            await until(inbox, StasisEnd)
    with pytest.raises(NotFound):
        await ari.channels.answer(channel.id)


async def test_a_channel_that_is_made_twice_stays_one(ari):
    await ari.channels.create(ECHO, "twice")
    with pytest.raises(Conflict):
        await ari.channels.create(ECHO, "twice")
    assert [one.id for one in await ari.channels.list() if one.id == "twice"] == ["twice"]


async def test_keys_are_heard_one_by_one(ari):
    id = await echo(ari, "keys")
    with ari.listen(id) as inbox:
        await ari.channels.send_dtmf(id, "5#", duration=100)
        assert [(await until(inbox, ChannelDtmfReceived)).digit for _ in "5#"] == ["5", "#"]


async def test_sounds_are_played_one_after_the_other_and_end_once(ari, tmp_path):
    id = await echo(ari, "sounds")
    media = [f"sound:{beep(tmp_path, name)}" for name in ("one", "two")]
    with ari.listen("sounds-1") as inbox:
        playback = await ari.channels.play(id, media, playback_id="sounds-1")
        assert (playback.id, playback.target) == ("sounds-1", id)
        assert isinstance(await inbox.get(), PlaybackStarted)
        finished = await until(inbox, PlaybackFinished)
    assert finished.playback.state == "done"
    assert "two" in finished.playback.media_uri


async def test_a_sound_that_is_stopped_says_so(ari, tmp_path):
    id = await echo(ari, "stopped")
    with ari.listen("stopped-1") as inbox:
        await ari.channels.play(id, [f"sound:{beep(tmp_path, 'long', 60)}"], playback_id="stopped-1")
        await until(inbox, PlaybackStarted)
        await ari.playbacks.control("stopped-1", "pause")
        await ari.playbacks.control("stopped-1", "unpause")
        await ari.playbacks.stop("stopped-1")
        await until(inbox, PlaybackFinished)


async def test_a_sound_that_is_missing_fails_and_says_so(ari):
    id = await echo(ari, "missing")
    with ari.listen("missing-1") as inbox:
        await ari.channels.play(id, ["sound:/nowhere/nothing"], playback_id="missing-1")
        assert (await until(inbox, PlaybackFinished)).playback.state == "failed"


async def test_a_bridge_is_recorded_into_a_file_that_is_ours_alone_and_complete_when_it_says_so(ari, centre, tmp_path):
    id = await echo(ari, "recorded")
    await ari.bridges.create_with_id("recorded~talk")
    await ari.bridges.add_channel("recorded~talk", [id])
    with ari.listen("recording-1") as inbox:
        recording = await ari.bridges.record("recorded~talk", name="recording-1", if_exists="append")
        assert (recording.name, recording.target) == ("recording-1", "recorded~talk")
        with pytest.raises(Conflict):
            await ari.bridges.record("recorded~talk", name="recording-1", if_exists="append")
        with ari.listen("recorded-1") as sounds:
            media = [f"sound:{beep(tmp_path, 'heard', 1.0)}"]
            await ari.bridges.play("recorded~talk", media, playback_id="recorded-1")
            await until(sounds, PlaybackFinished)
        assert (await ari.recordings.live("recording-1")).state == "recording"
        await ari.recordings.stop("recording-1")
        await until(inbox, RecordingFinished)
    file = centre.recordings / "recording-1.wav"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert loudest(read(file)) == pytest.approx(700, abs=10)
    assert "recording-1" in {one.name for one in await ari.recordings.list_stored()}
    assert (await ari.recordings.get_stored("recording-1")).format == "wav"
    await ari.recordings.delete_stored("recording-1")
    assert not file.exists()


async def test_what_a_phone_says_can_be_recorded_and_stopped_without_a_pause(ari, centre):
    id = await echo(ari, "snooped")
    snoop = await ari.channels.snoop(id, snoop_id="snooped~snoop", spy="in")
    with ari.listen("snooped-1") as inbox:
        await ari.channels.record(snoop.id, name="snooped-1")
        await ari.recordings.stop("snooped-1")
        await until(inbox, RecordingFinished)
    assert (centre.recordings / "snooped-1.wav").exists()


async def test_a_bridge_that_vanishes_before_a_channel_joins_is_not_found(ari):
    id = await echo(ari, "late")
    await ari.bridges.create_with_id("late~talk")
    await ari.bridges.destroy("late~talk")
    with pytest.raises(NotFound, match="late~talk"):
        await ari.bridges.add_channel("late~talk", [id])


async def test_a_channel_that_hangs_up_before_it_joins_is_not_found_and_named(ari):
    id = await echo(ari, "early")
    await ari.bridges.create_with_id("early~talk")
    with pytest.raises(NotFound, match="channels/gone"):
        await ari.bridges.add_channel("early~talk", [id, "gone"])


async def test_a_channel_that_is_not_in_our_hands_is_no_channel_that_hung_up(ari):
    id = await echo(ari, "foreign")
    other = next(one.id for one in await ari.channels.list() if one.name.endswith(";2"))
    await ari.bridges.create_with_id("foreign~talk")
    with pytest.raises(Overloaded):
        await ari.bridges.add_channel("foreign~talk", [id, other])


async def test_a_bridge_that_is_taken_down_and_made_again_at_once_is_a_live_one(ari):
    id = await echo(ari, "anew")
    for _ in range(20):
        making = asyncio.create_task(ari.bridges.create_with_id("anew~talk"))
        ending = asyncio.create_task(ari.bridges.destroy("anew~talk"))
        again = asyncio.create_task(ari.bridges.create_with_id("anew~talk"))
        await asyncio.gather(making, ending, again)
        await ari.bridges.add_channel("anew~talk", [id])


async def test_joining_and_making_again_change_nothing(ari):
    id = await echo(ari, "again")
    with ari.listen(id) as inbox:
        for _ in range(2):
            bridge = await ari.bridges.create_with_id("again~talk")
            await ari.bridges.add_channel("again~talk", [id])
        await until(inbox, ChannelEnteredBridge)
    assert bridge.id == "again~talk"
    assert (await ari.bridges.get("again~talk")).channels == (id,)
    await ari.bridges.remove_channel("again~talk", [id])
    with pytest.raises(Refused):
        await ari.bridges.remove_channel("again~talk", [id])


async def test_what_is_heard_can_be_changed_while_a_channel_is_up(ari):
    id = await echo(ari, "heard")
    channels = ari.channels
    for act in (channels.start_moh, channels.start_moh, channels.stop_moh, channels.stop_moh, channels.answer):
        await act(id)
    for act in (channels.hold, channels.unhold, channels.mute, channels.unmute, channels.ring, channels.stop_ringing):
        await act(id)
    await ari.bridges.create_with_id("heard~hold", type="holding")
    await ari.bridges.add_channel("heard~hold", [id], role="participant")
    await ari.bridges.start_moh("heard~hold")
    await ari.bridges.stop_moh("heard~hold")


async def test_variables_are_kept_and_a_missing_one_is_empty(ari):
    id = await echo(ari, "variables")
    await ari.channels.set_var(id, "GREETING", "こんにちは & 100%+?")
    assert await ari.channels.get_var(id, "GREETING") == "こんにちは & 100%+?"
    assert await ari.channels.get_var(id, "MISSING") == ""
    await ari.asterisk.set_variable("HUNGUP_x", "7")
    assert await ari.asterisk.get_variable("HUNGUP_x") == "7"
    await ari.asterisk.delete_variable("HUNGUP_x")
    assert await ari.asterisk.get_variable("HUNGUP_x") == ""
    with pytest.raises(NotFound):
        await ari.channels.get_var("nobody", "MISSING")


async def test_a_channel_that_is_given_back_goes_on_in_the_dialplan(ari):
    id = await echo(ari, "back")
    with ari.listen(id) as inbox:
        await ari.channels.continue_in_dialplan(id, context="apology", extension="s")
        await until(inbox, StasisEnd)
    async with asyncio.timeout(10):  # it leaves our hands first
        while (await ari.channels.get(id)).context != "apology":
            await asyncio.sleep(0.01)


async def test_a_phone_that_is_called_in_one_step_comes_into_our_hands_when_it_answers(ari):
    with ari.listen("originated") as inbox:
        await ari.channels.originate(ECHO, "originated", app_args="operator", timeout=5)
        assert (await until(inbox, StasisStart)).args == ("operator",)


async def test_many_requests_at_once_each_get_their_own_answer(ari):
    ids = [f"many-{n}" for n in range(50)]
    await asyncio.gather(*(ari.bridges.create_with_id(id) for id in ids))
    told = await asyncio.gather(*(ari.bridges.get(id) for id in ids * 10))
    assert [bridge.id for bridge in told] == ids * 10


async def test_a_phone_that_goes_away_is_told(own_world: World):
    centre = own_world.centre
    async with connect(centre.settings.ari, centre.ari_password) as ari:
        with ari.listen_all(EndpointStateChange) as inbox:
            await ari.applications.subscribe("endpoint:PJSIP")
            assert "PJSIP" in (await ari.applications.get()).endpoint_ids
            assert (await ari.endpoints.get("PJSIP", "7001")).state == "online"
            await own_world.outside.stop()
            while (change := await inbox.get()).resource != "7001":
                continue
            assert (change.technology, change.state) == ("PJSIP", "offline")
            assert {one.resource: one.state for one in await ari.endpoints.list("PJSIP")}["7001"] == "offline"
