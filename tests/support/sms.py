"""Messages, and a gateway in memory whose answers a test gives."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from kernel.events import Event, EventKind
from kernel.phone_number import PhoneNumber
from kernel.sms import Sms, SmsAnswer, Taken

NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)
MOBILE = PhoneNumber("09012345678")
TEXT = "【藤沢市】住民票のご案内 https://www.city.fujisawa.kanagawa.jp/juminhyo"


def an_sms(
    call: str = "c1",
    link: str = "juminhyo",
    at: datetime = NOON,
    *,
    number: PhoneNumber = MOBILE,
    text: str = TEXT,
    by: str | None = None,
) -> Sms:
    return Sms(call, link, at, number, text, by)


def asked(sms: Sms) -> Event:
    how = "operator" if sms.by else "voicebot"
    return Event(EventKind.SMS_ASKED, sms.at, sms.call, sms.by, data={"link": sms.link, "how": how})


class FakeGateway:
    """Answers with what it is given, the last for ever; ``answers`` is held while ``holds`` is cleared."""

    def __init__(self, *answers: SmsAnswer) -> None:
        self.answers = list(answers) or [Taken()]
        self.got: list[Sms] = []
        self.open = asyncio.Event()
        self.open.set()
        self.asked = asyncio.Event()

    async def send(self, sms: Sms) -> SmsAnswer:
        self.got.append(sms)
        self.asked.set()
        await self.open.wait()
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
