"""Rare ends on a real Asterisk that no fake can be trusted with."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from denwa.parts import utc_now
from dialplan.ari.client import connect
from dialplan.ari.exchange import AriSwitch
from dialplan.switch import NotAnswered
from ivr.prompts import SpokenPrompts
from tests.support.asterisk import World


async def test_a_phone_that_is_not_registered_has_not_answered(own_world: World, tmp_path: Path):
    centre = own_world.centre
    async with connect(centre.settings.ari, centre.ari_password) as ari, SpokenPrompts(tmp_path) as prompts:
        await own_world.outside.stop()
        while (await ari.endpoints.get("PJSIP", "7001")).state != "offline":
            await asyncio.sleep(0.02)
        with pytest.raises(NotAnswered, match="unreachable"):
            await AriSwitch(ari, prompts, utc_now).ring("c-1~operator~sato~1", "7001", "", 5)
