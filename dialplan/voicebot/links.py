"""The voicebot offers a link by SMS after what it has told, and sends it after a yes (T13)."""

from __future__ import annotations

from dataclasses import dataclass

from dialplan.scene import Scene
from dialplan.stages.send_link import write
from dialplan.texting import Offer
from kernel.announcement import FOR_LINKS
from kernel.call import Call
from kernel.link import Link, link_of
from kernel.voicebot import Topic

SENDING = "sms-sending"
NO_MOBILE = "sms-mobile"


@dataclass(slots=True)
class Links:
    """Of one talk, in which one is offered at the most."""

    call: Call
    scene: Scene
    offered: bool = False

    async def offer(self, topic: Topic) -> Offer:
        """Whether the link of ``topic`` is offered now; what it says of a caller without a mobile is said once, too."""
        if self.offered or self._of(topic) is None or not self.scene.centre().announcements.keys() >= FOR_LINKS:
            return Offer.MAY_NOT
        may = await self.scene.texting.offer(self.call, self.scene.now())
        self.offered = may is not Offer.MAY_NOT
        return may

    async def send(self, topic: Topic | None) -> bool:
        """Write it down to be sent; False where it has been taken out of the document meanwhile."""
        link = self._of(topic)
        if link is None or self.call.caller is None:
            return False
        await write(self.call, self.scene, link, "voicebot")
        return True

    def _of(self, topic: Topic | None) -> Link | None:
        return link_of(self.scene.centre().links, topic and topic.link)
