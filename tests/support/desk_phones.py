"""Desk phones outside that answer by themselves where the INVITE asks them to, as makers' phones do."""

from __future__ import annotations

from aiohttp import ClientResponseError

from denwa.parts import utc_now
from denwa.world.leg import OutsideLeg
from tests.support.asterisk import Instance
from tests.support.platform import Platform

ASKING = {"Call-Info": "answer-after=0", "Alert-Info": "info=alert-autoanswer", "Answer-Mode": "Auto"}
FUNCTION_FAILED = 500


async def answering_from_the_page(platform: Platform, *operators: str) -> None:
    """Let the document say that the phones of ``operators`` answer by themselves."""
    version = await platform.store.centres.current_version()
    assert version is not None
    seats = tuple(
        seat.model_copy(update={"phone": "auto_answer"}) if seat.id in operators else seat
        for seat in version.centre.operators
    )
    centre = version.centre.model_copy(update={"operators": seats})
    await platform.store.centres.save(centre, by="test", now=utc_now(), expected_version=version.version)


async def asked_by(outside: Instance, phone: OutsideLeg) -> set[str]:
    """The headers by which the call that rings at ``phone`` asks it to answer by itself."""
    return {name for name, value in ASKING.items() if value in await _header(outside, phone, name)}


async def obeys(platform: Platform, outside: Instance, phone: OutsideLeg) -> None:
    """What such a phone does as soon as it is rung."""
    if await asked_by(outside, phone):
        await platform.world.answers(phone)


async def _header(outside: Instance, phone: OutsideLeg, name: str) -> str:
    """Nothing for one that the INVITE has not got: Asterisk then says that its function failed."""
    try:
        said = await outside.ari("GET", f"/channels/{phone.id}/variable", variable=f"PJSIP_HEADER(read,{name})")
    except ClientResponseError as wrong:
        if wrong.status == FUNCTION_FAILED:
            return ""
        raise
    return str(said["value"])
