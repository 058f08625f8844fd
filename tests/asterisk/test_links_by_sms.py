"""A citizen agrees in words to a link by SMS, and the gateway is given it, once. The citizen's voice is synthetic."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from kernel.call import Stage
from kernel.sms import SmsState
from tests.support.asterisk import World
from tests.support.citizen_voice import speak
from tests.support.installation import make_platform
from tests.support.talk import in_the_menu

TOKEN = "a-token-of-the-test"


async def test_a_citizen_says_yes_and_the_gateway_is_given_the_link_once(world: World, tmp_path: Path):
    got: asyncio.Queue[tuple[str, dict[str, Any]]] = asyncio.Queue()

    async def take(request: web.Request) -> web.Response:
        got.put_nowait((request.headers["Authorization"], await request.json()))
        return web.json_response({"accepted": True})

    app = web.Application()
    app.router.add_post("/sms", take)
    async with TestServer(app) as gateway, make_platform(world, tmp_path) as platform:
        token = platform.settings.secrets / "sms_token"
        token.touch(0o600)
        token.write_text(TOKEN)
        given = {"gateway": "http", "url": str(gateway.make_url("/sms")), "sender": "FujisawaCty"}
        await platform.start(speech__engine="whisper", **{f"sms__{name}": text for name, text in given.items()})
        await platform.says("callers are understood")
        call, citizen = await in_the_menu(platform, "09012345678")
        await citizen.presses("3")
        await citizen.hears_announcement(await platform.wav("voicebot-ask"), "the voicebot's question")
        await citizen.says(speak(tmp_path, "hours", "受付時間を教えてください"), times=1)
        await citizen.hears_announcement(await platform.wav("sms-offer"), "the offer")
        assert got.empty(), "nothing before a yes"
        await citizen.says(speak(tmp_path, "yes", "はい、お願いします"), times=1)
        authorization, said = await asyncio.wait_for(got.get(), 60)
        assert (authorization, said["to"], said["sender"]) == (f"Bearer {TOKEN}", "+819012345678", "FujisawaCty")
        assert said["text"].startswith("【藤沢市】受付時間のご案内 https://")
        await citizen.hears_announcement(await platform.wav("voicebot-else"), "the next question")
        await citizen.hang_up()
        await platform.at(call.id, Stage.ENDED)

        async def sent() -> bool | None:
            return [one.state for one in await platform.store.outbox.of_call(call.id)] == [SmsState.SENT] or None

        await platform.until(sent, "it is known to be sent")
        assert got.empty()
        assert not [one for one in ("9012345678", said["text"], TOKEN) if one in platform.said()]
        token.unlink()
