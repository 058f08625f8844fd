"""A caller has pressed a key for a link by SMS (T13): it is written down to be sent, and then the caller hears so."""

from __future__ import annotations

from dialplan.scene import Scene
from dialplan.texting import Offer
from kernel.call import Call, Outcome
from kernel.events import EventKind
from kernel.link import Link
from kernel.sms import Sms

SAID = {Offer.MAY: "sms-sending", Offer.NO_MOBILE: "sms-mobile", Offer.MAY_NOT: "sms-not-now"}


async def send_link(call: Call, scene: Scene, link: Link, otherwise: Outcome) -> Call:
    """The call at its end, which came ``otherwise``; back at its menu where no link may be sent."""
    if await tell_and_send(call, scene, link):
        return call.is_over(scene.now(), otherwise)
    return call.at_menu(call.menu or scene.centre().entry)


async def tell_and_send(call: Call, scene: Scene, link: Link) -> bool:
    """Whether it is sent; the caller hears that, or why not."""
    may = await scene.texting.offer(call, scene.now())
    if may is Offer.MAY:
        await write(call, scene, link, "key")
    if text := scene.centre().texts(call.language).get(SAID[may]):
        await scene.line.play(text)
    return may is Offer.MAY


async def write(call: Call, scene: Scene, link: Link, how: str) -> None:
    """Put ``link`` into the outbox for the caller, who agreed to it by ``how``: voicebot or key. Kept on return."""
    assert call.caller is not None
    sms = Sms(call.id, link.id, scene.now(), call.caller, link.text)
    scene.save(call, sms, scene.event(EventKind.SMS_ASKED, call, link=link.id, how=how))
    await scene.texting.stored()
