"""The few calls that do more than to ask."""

from __future__ import annotations

import pytest

from dialplan.ari.errors import NotFound, Overloaded, Refused, refusal
from dialplan.ari.request import Request
from dialplan.ari.rest.bridges import Bridges
from dialplan.ari.rest.channels import Channels
from tests.support.fake_asterisk import channel

BRIDGE = {"id": "b1", "technology": "simple_bridge", "bridge_type": "mixing", "name": "", "channels": ["c1"]}


def answering(answers: dict[str, object]):
    """Answers by method and path; a (status, message) pair is a refusal. Keeps what was asked."""
    asked: list[str] = []

    async def send(request: Request) -> object:
        asked.append(f"{request.method} {request.route}")
        match answers[asked[-1]]:
            case (int(status), str(message)):
                raise refusal(request.method, request.route, status, message)
            case answer:
                return answer

    return send, asked


async def test_a_bridge_that_exists_is_taken_over_with_its_channels():
    send, _ = answering({"POST bridges/b1": (409, "Bridge with id 'b1' already exists"), "GET bridges/b1": BRIDGE})
    assert (await Bridges(send).create_with_id("b1")).channels == ("c1",)


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
        await Bridges(send).add_channel("b1", ["c1", "c2"])


@pytest.mark.parametrize("status", [400, 422])
async def test_channels_that_live_and_are_not_taken_mean_an_overloaded_asterisk(status):
    send, _ = answering({"POST bridges/b1/addChannel": (status, "no"), "GET channels/c1": channel("c1")})
    with pytest.raises(Overloaded, match=rf"POST /bridges/b1/addChannel: {status} no"):
        await Bridges(send).add_channel("b1", ["c1"])


async def test_a_bridge_that_vanished_before_its_channels_joined_is_not_found_with_one_question():
    send, asked = answering({"POST bridges/b1/addChannel": (404, "Bridge not found")})
    with pytest.raises(NotFound, match="Bridge not found"):
        await Bridges(send).add_channel("b1", ["c1"])
    assert len(asked) == 1


async def test_a_variable_that_a_channel_lacks_is_empty_and_a_channel_that_is_gone_is_not():
    path = "GET channels/c1/variable"
    send, _ = answering({path: (404, "Provided variable was not found")})
    assert await Channels(send, "denwa").get_var("c1", "LANGUAGE") == ""
    send, _ = answering({path: (404, "Provided channel was not found")})
    with pytest.raises(NotFound):
        await Channels(send, "denwa").get_var("c1", "LANGUAGE")


async def test_no_other_refusal_is_reinterpreted():
    send, _ = answering({"POST bridges/b1/addChannel": (500, "Allocation failed")})
    with pytest.raises(Refused, match="500"):
        await Bridges(send).add_channel("b1", ["c1"])
