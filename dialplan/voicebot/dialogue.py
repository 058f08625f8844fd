"""One caller's talk with the voicebot, from its first question to where the call goes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from dialplan.scene import Scene
from dialplan.texting import Offer
from dialplan.voicebot.choices import Choices
from dialplan.voicebot.ears import Ears, Heard
from dialplan.voicebot.links import NO_MOBILE, SENDING, Links
from dialplan.voicebot.listener import Listener
from dialplan.voicebot.minutes import Minutes
from dialplan.voicebot.turns import Key, Turns
from ivr.conversation import Ask, Choose, Goodbye, Listen, Point, Question, Send, Silence, ToPerson, question, reply
from ivr.hearing.recogniser import RecogniserError
from ivr.hours import hours_of, is_open
from ivr.understanding.meaning import Meaning, Slower, Subject
from kernel.announcement import FOR_TELLING, Said, fill, slowly
from kernel.call import Call
from kernel.directory import Entry, Reach
from kernel.routing import Lead
from kernel.telling import Told
from kernel.voicebot import Topic, Voicebot


@dataclass(frozen=True, slots=True)
class Through:
    """The caller is put through to the city's ``extension``."""

    extension: str


@dataclass(frozen=True, slots=True)
class Person:
    """An operator goes on. ``why`` as of ivr.conversation.ToPerson, or out_of_hours, not_transferable."""

    why: str
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Tell:
    """The caller hears a related body's number (T8)."""

    told: Told


@dataclass(frozen=True, slots=True)
class Follow:
    """The call goes where ``lead`` leads, by ``key`` where one was pressed."""

    lead: Lead
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Over:
    """There is nothing else: the end."""


Left = Through | Tell | Person | Follow | Over
Next = tuple[Left | None, tuple[str, ...]]
"""Where the call goes, or what is said next; nothing where the caller goes on speaking."""

PLACES: Mapping[str, tuple[str, ...]] = defaultdict(
    tuple, {"voicebot-confirm": ("name",), "voicebot-which": ("first", "second")}
)
"""What the names of candidates are filled into, in their order."""

GOODBYE = "voicebot-goodbye"


@dataclass(slots=True)
class Dialogue:
    """``run`` it once."""

    call: Call
    scene: Scene
    bot: Voicebot
    ears: Ears
    turns: Turns
    minutes: Minutes
    links: Links
    point: Point = field(default_factory=Point)
    slowly: bool = False

    @classmethod
    def of(cls, call: Call, scene: Scene, bot: Voicebot, ears: Ears, listener: Listener) -> Dialogue:
        """At its beginning."""
        return cls(call, scene, bot, ears, Turns(scene, ears, listener, bot), Minutes(call, scene), Links(call, scene))

    async def run(self) -> Left:
        """Ask until it is known. Raises CallerGone, RecogniserError."""
        texts = self._asking(question(self.point, self.bot))
        while True:
            self.minutes.says(*texts)
            answer = await self.turns.take(self._at_speed(*texts), self.point.question.expecting)
            left, texts = self._pressed(answer.key) if isinstance(answer, Key) else await self._answered(answer)
            if left:
                return left

    def _pressed(self, key: str) -> Next:
        """The keys of the menu hold as well."""
        menu = self.scene.centre().menus.get(self.bot.menu)
        if menu and key in menu.keys:
            return Follow(menu.keys[key], key), ()
        return None, (self._texts["wrong-key"], *self._asking(question(self.point, self.bot)))

    async def _answered(self, answer: Heard | Silence) -> Next:
        meaning = answer if isinstance(answer, Silence) else self._offered(answer.meaning)
        asked, self.slowly = self.point.question, self.slowly or isinstance(meaning, Slower)
        self.point, does = reply(self.point, meaning, self.bot)
        self.minutes.heard(answer, asked, meaning, self._named(meaning))
        match does:
            case Ask():
                return None, self._asking(does)
            case Listen():
                return None, ()
            case Choose(id):
                return await self._chosen(id)
            case Send(id):
                return None, await self._sending(id)
            case ToPerson(why, language):
                await self._say(self._texts["voicebot-person"])
                return Person(why, language), ()
            case Goodbye():
                if goodbye := self._texts.get(GOODBYE):
                    await self._say(goodbye)
                return Over(), ()

    def _named(self, meaning: Meaning | Silence) -> str:
        return self._choices.written(meaning.candidates[0].id) if isinstance(meaning, Subject) else ""

    async def _chosen(self, id: str) -> Next:
        if topic := self._choices.topics.get(id):
            return await self._topic(id, topic)
        entry = self._choices.entries.get(id)
        if entry is None:  # taken out of the directory, or of the topics, since it was asked back for
            self.point = Point(turns=self.point.turns)
            return None, self._asking(question(self.point, self.bot))
        if entry.reach is Reach.TELL and self._texts.keys() >= FOR_TELLING:
            return Tell(Told(entry.id, entry.department, self._choices.spoken(id), entry.outside)), ()
        left, announcement = self._reached(entry)
        await self._say(fill(self._texts[announcement], name=self._choices.spoken(id)))
        return left, ()

    async def _topic(self, id: str, topic: Topic) -> Next:
        if topic.lead:
            return Follow(topic.lead), ()
        told, offer = [self._texts[topic.tells or ""]], await self.links.offer(topic)
        if offer is Offer.NO_MOBILE and NO_MOBILE in self._texts:
            told.append(self._texts[NO_MOBILE])
        asked = Question.SMS if offer is Offer.MAY else Question.ELSE
        self.point = Point(asked, (id,) if offer is Offer.MAY else (), turns=self.point.turns)
        return None, (*told, *self._asking(question(self.point, self.bot)))

    async def _sending(self, id: str) -> tuple[str, ...]:
        sends = await self.links.send(self._choices.topics.get(id))
        told = (self._texts[SENDING],) if sends and SENDING in self._texts else ()
        return (*told, *self._asking(question(self.point, self.bot)))

    def _reached(self, entry: Entry) -> tuple[Left, str]:
        """Where the caller who wants ``entry`` goes now, and what is said before."""
        if not is_open(hours_of(entry.hours, self.scene.centre().hours), self.scene.now()):
            return Person("out_of_hours"), "voicebot-closed"
        if entry.reach is Reach.TRANSFER:
            return Through(entry.extension), "voicebot-connect"
        return Person("not_transferable"), "voicebot-refer"

    async def _say(self, text: str) -> None:
        self.minutes.says(text)
        await self.scene.line.play(*self._at_speed(text))

    def _at_speed(self, *texts: str) -> tuple[Said, ...]:
        """As it is spoken to a caller who may have asked for it to be slower; it stays so for the conversation."""
        return tuple(map(slowly, texts)) if self.slowly else texts

    def _asking(self, ask: Ask) -> tuple[str, ...]:
        names = dict(zip(PLACES[ask.announcement], map(self._choices.spoken, ask.about), strict=True))
        return (fill(self._texts[ask.announcement], **names),)

    def _offered(self, meaning: Meaning) -> Meaning:
        return self._choices.offered_by(self.call.voicebot or "", meaning, departments=self.bot.departments)

    @property
    def _texts(self) -> Mapping[str, str]:
        return self.scene.centre().announcements

    @property
    def _choices(self) -> Choices:
        """As they are now: a clerk may have changed them since the last question."""
        if self.ears.choices is None:
            raise RecogniserError("the voicebots were taken out of the centre's document")
        return self.ears.choices
