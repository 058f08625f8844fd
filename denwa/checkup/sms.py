"""The gateway for SMS: whether its settings are whole. Nothing is sent."""

from __future__ import annotations

from asterisk_conf.errors import ConfError
from denwa.checkup.finding import Finding, ill, well
from denwa.sms import token
from kernel.settings import Settings

PART = "SMS gateway"


def gateway(settings: Settings) -> Finding:
    """What is set, and whether the token is there."""
    sms = settings.sms
    if sms.gateway == "none":
        return Finding(PART, False, "none: no link is offered", "docs/sms-gateway.md says how to set one up", True)
    if sms.gateway == "local":
        remedy = "for a centre that is open, set DENWA_SMS__GATEWAY=http (docs/sms-gateway.md)"
        return Finding(PART, False, "local: messages stay in the store, nobody gets one", remedy, True)
    try:
        token(settings)
    except ConfError as error:
        return ill(PART, str(error), "see the text beside this")
    return well(PART, f"{sms.url}, as {sms.sender}, {sms.a_day} a day to one number")
