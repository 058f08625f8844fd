"""The few calls that do more than to ask."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from dialplan.ari.errors import NoReply, NotFound, Overloaded, Refused, refusal
from dialplan.ari.events import ChannelDestroyed, Event, RecordingFailed, RecordingStarted, StasisStart
from dialplan.ari.fields import Fields
from dialplan.ari.request import Request
from dialplan.ari.rest import begun
from dialplan.ari.rest.bridges import PAUSES_SECONDS, Bridges
from dialplan.ari.rest.channels import Channels
from dialplan.ari.router import Router
from dialplan.ari.values import Channel, LiveRecording
from tests.support.fake_asterisk import channel

BRIDGE = {"id": "b1", "technology": "simple_bridge", "bridge_type": "mixing", "name": "", "channels": ["c1"]}


def answering(answers: dict[str, object]):
    """Answers by method and path; a (status, message) pair is a refusal, an iterator gives one after the other."""
    asked: list[str] = []

    async def send(request: Request) -> object:
        asked.append(f"{request.method} {request.route}")
        answer = answers[asked[-1]]
        match next(answer) if isinstance(answer, Iterator) else answer:
            case (int(status), str(message)):
                raise refusal(request.method, request.route, status, message)
            case body:
                return body

    return send, asked


async def test_a_bridge_that_exists_is_taken_over_with_its_channels():
    send, _ = answering(
        {
            "POST bridges/b1": (409, "Bridge with id 'b1' already exists"),
            "POST bridges/b1/addChannel": (400, "Missing parameter channel"),
            "GET bridges/b1": BRIDGE,
        }
    )
    assert (await Bridges(send, Router().listen).create_with_id("b1")).channels == ("c1",)


@pytest.mark.parametrize("end", [(404, "Bridge not found"), (409, "Bridge not in Stasis application")])
async def test_a_bridge_that_is_being_taken_down_is_made_anew(end):
    made = iter([(409, "Bridge with id 'b1' already exists"), BRIDGE | {"channels": []}])
    send, asked = answering({"POST bridges/b1": made, "POST bridges/b1/addChannel": end})
    assert (await Bridges(send, Router().listen).create_with_id("b1")).channels == ()
    assert asked == ["POST bridges/b1", "POST bridges/b1/addChannel", "POST bridges/b1"]


@pytest.mark.parametrize("refused", [(400, "Channel not found"), (422, "Channel not in Stasis application")])
async def test_a_channel_that_hung_up_before_it_joined_is_not_found_and_named(refused):
    send, _ = answering(
        {
            "POST bridges/b1/addChannel": refused,
            "GET channels/c1": channel("c1"),
            "GET channels/c2": (404, "Channel not found"),
        }
    )
    with pytest.raises(NotFound, match="channels/c2"):
        await Bridges(send, Router().listen).add_channel("b1", ["c1", "c2"])


@pytest.mark.parametrize("status", [400, 422])
async def test_channels_that_live_and_are_not_taken_mean_an_overloaded_asterisk(status):
    send, asked = answering({"POST bridges/b1/addChannel": (status, "no"), "GET channels/c1": channel("c1")})
    with pytest.raises(Overloaded, match=rf"POST /bridges/b1/addChannel: {status} no"):
        await Bridges(send, Router().listen).add_channel("b1", ["c1"])
    assert asked.count("POST bridges/b1/addChannel") == 1 + len(PAUSES_SECONDS)


async def test_channels_that_are_taken_at_the_second_try_have_joined():
    tries = iter([(422, "Channel not in Stasis application"), None])
    send, _ = answering({"POST bridges/b1/addChannel": tries, "GET channels/c1": channel("c1")})
    await Bridges(send, Router().listen).add_channel("b1", ["c1"])
    assert next(tries, "none left") == "none left"


async def test_a_bridge_that_vanished_before_its_channels_joined_is_not_found_with_one_question():
    send, asked = answering({"POST bridges/b1/addChannel": (404, "Bridge not found")})
    with pytest.raises(NotFound, match="Bridge not found"):
        await Bridges(send, Router().listen).add_channel("b1", ["c1"])
    assert len(asked) == 1


async def test_a_variable_that_a_channel_lacks_is_empty_and_a_channel_that_is_gone_is_not():
    path = "GET channels/c1/variable"
    send, _ = answering({path: (404, "Provided variable was not found")})
    assert await Channels(send, "denwa", Router().listen).get_var("c1", "LANGUAGE") == ""
    send, _ = answering({path: (404, "Provided channel was not found")})
    with pytest.raises(NotFound):
        await Channels(send, "denwa", Router().listen).get_var("c1", "LANGUAGE")


async def test_no_other_refusal_is_reinterpreted():
    send, _ = answering({"POST bridges/b1/addChannel": (500, "Allocation failed")})
    with pytest.raises(Refused, match="500"):
        await Bridges(send, Router().listen).add_channel("b1", ["c1"])


def telling(answer: object, *events: Event):
    """An Asterisk that answers and then tells ``events``."""
    router = Router()

    async def send(_: Request) -> object:
        asyncio.get_running_loop().call_soon(tell)
        return answer

    def tell() -> None:
        for event in events:
            router.route(event)

    return send, router


async def making(*events: Event):
    send, router = telling(channel("leg", "Down"), *events)
    made = await Channels(send, "denwa", router.listen).create("PJSIP/7001", "leg")
    return made, router


LEG = Channel.read(Fields.of(channel("leg", "Down")))


async def test_a_channel_is_made_when_it_is_in_our_hands_and_is_no_arrival():
    made, router = await making(StasisStart(LEG.created, LEG, (), None))
    assert made == LEG
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(router.arrivals.get(), 0)


async def test_a_channel_that_hangs_up_before_it_is_in_our_hands_is_not_found():
    with pytest.raises(NotFound, match="POST /channels/create"):
        await making(ChannelDestroyed(LEG.created, LEG, 16))


async def test_a_channel_that_never_comes_into_our_hands_is_told(monkeypatch):
    monkeypatch.setattr(begun, "BEGIN_SECONDS", 0.02)
    with pytest.raises(NoReply, match="has not begun"):
        await making()


LIVE = {"name": "r1", "format": "wav", "state": "queued", "target_uri": "bridge:b1"}
RECORDING = LiveRecording.read(Fields.of(LIVE))


async def test_a_bridge_is_recorded_when_asterisk_says_that_it_has_begun():
    send, router = telling(LIVE, RecordingStarted(LEG.created, RECORDING))
    assert (await Bridges(send, router.listen).record("b1", name="r1")).target == "b1"


async def test_a_recording_that_fails_at_its_beginning_is_refused():
    send, router = telling(LIVE, RecordingFailed(LEG.created, RECORDING))
    with pytest.raises(Refused, match=r"POST /bridges/b1/record: 500 the recording failed"):
        await Bridges(send, router.listen).record("b1", name="r1")
