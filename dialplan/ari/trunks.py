"""The trunks by which the centre rings the world, as their providers want to be asked (T10)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from dialplan.ari.client import Ari
from dialplan.switch import NotAnswered
from kernel.settings import Sip
from kernel.trunk import Trunk

EMERGENCY = frozenset({"110", "118", "119"})
"""Police, coast guard, fire and ambulance: they are told where the line is, which is not where the caller is."""
PREFIXES = ("184", "186")
"""They withhold or show the number for one call, and stand before what is dialled."""
ABROAD = "010"
TECHNOLOGY = "PJSIP"
GROUP = "trunk"
"""The category of Asterisk's GROUP() by which its dialplan counts each call on a trunk with a limit, in and out."""
TELLS_WHY = "CHANNEL(hangup_handler_push)"
"""Asterisk's dialplan keeps why a call was refused, which can be over before anybody listens to its events."""
IDENTITY = "PJSIP_HEADER(add,P-Preferred-Identity)"
COUNTRY = "+81"
TRANSFERS = "PJSIP_TRANSFER_HANDLING()"
"""Asterisk takes a phone's own transfer (REFER) to us, and does nothing about it itself."""


class Trunks:
    """Endpoints are written ``NUMBER@TRUNK``; one without @ is a phone, and of this only its transfers are about it."""

    def __init__(self, sip: Sip | None = None) -> None:
        self._sip = sip
        self._trunks: dict[str, Trunk] = {"carrier": sip.carrier, "city-pbx": sip.city_pbx} if sip else {}
        self._doors = {name: asyncio.Lock() for name, trunk in self._trunks.items() if trunk.max_calls}

    def door(self, endpoint: str) -> asyncio.Lock:
        """Held from looking for a free channel to taking it, so that no two calls take the last one."""
        return self._doors.get(_split(endpoint)[1], asyncio.Lock())

    def is_trunk(self, endpoint: str) -> bool:
        """Whether it is reached by one of the trunks."""
        return _split(endpoint)[1] in self._trunks

    def dial(self, endpoint: str) -> str:
        """``endpoint`` as it is dialled. Raises NotAnswered, emergency, for what is not for this trunk."""
        number, name = _split(endpoint)
        trunk = self._trunks.get(name)
        if trunk is None or name != "carrier":
            return endpoint
        if _bare(number) in EMERGENCY and not trunk.emergency:
            raise NotAnswered("emergency")
        return f"{_international(number) if trunk.manner.spelling == 'e164' else number}@{name}"

    def variables(self, endpoint: str, shows: str) -> Mapping[str, str]:
        """What the new channel must know: in which group it counts, and under which number it calls."""
        name = _split(endpoint)[1]
        trunk = self._trunks.get(name)
        if trunk is None:
            return {TRANSFERS: "ari-only"} if self._sip and self._sip.phones_transfer else {}
        variables = {TELLS_WHY: "why,s,1"} | ({f"GROUP({GROUP})": name} if trunk.max_calls else {})
        if name == "carrier" and trunk.manner.identity == "ppi" and shows:
            variables[IDENTITY] = f"<sip:{shows}@{self._domain(trunk)}{';user=phone' * trunk.manner.user_phone}>"
        return variables

    async def is_full(self, ari: Ari, endpoint: str) -> bool:
        """Whether as many calls are up as the contract allows. One without a limit is never asked about."""
        name = _split(endpoint)[1]
        trunk = self._trunks.get(name)
        if trunk is None or trunk.max_calls is None:
            return False
        return len((await ari.endpoints.get(TECHNOLOGY, name)).channel_ids) >= trunk.max_calls

    def _domain(self, trunk: Trunk) -> str:
        assert self._sip is not None
        return trunk.domain or (str(trunk.host) if trunk.registration else self._sip.domain)


def _split(endpoint: str) -> tuple[str, str]:
    number, _, trunk = endpoint.partition("@")
    return number, trunk


def _bare(number: str) -> str:
    return number[len(PREFIXES[0]) :] if number.startswith(PREFIXES) else number


def _international(number: str) -> str:
    """With + and country code, save behind a prefix, which only stands before what is dialled inside Japan."""
    if number.startswith(ABROAD):
        return "+" + number.removeprefix(ABROAD)
    return COUNTRY + number.removeprefix("0") if number.startswith("0") else number
