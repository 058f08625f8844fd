"""What is kept of a talk with the voicebot: the words, sealed, and what they were taken for, in the log of events."""

from __future__ import annotations

from dataclasses import dataclass

from dialplan.scene import Scene
from dialplan.voicebot.ears import Heard
from ivr.conversation import Question, Silence
from ivr.understanding.meaning import Meaning, Subject
from kernel.call import Call
from kernel.events import EventKind, Plain
from kernel.utterance import Speaker, Utterance


@dataclass(slots=True)
class Minutes:
    """Of one talk."""

    call: Call
    scene: Scene

    def says(self, *texts: str) -> None:
        """The voicebot speaks."""
        if texts:
            self._said(Speaker.VOICEBOT, "".join(texts))

    def heard(self, answer: Heard | Silence, asked: Question, meaning: Meaning | Silence, name: str) -> None:
        """What the caller answered, and what it was taken for: the likeliest choice is called ``name``."""
        data: dict[str, Plain] = {"question": asked.value, "meaning": type(meaning).__name__.lower()}
        if isinstance(meaning, Subject):
            best = meaning.candidates[0]
            data |= {"choice": best.id, "name": name, "confidence": round(best.confidence, 3)}
        if isinstance(answer, Heard):
            data["took_seconds"] = round(answer.transcript.took, 3)
            self._said(Speaker.CALLER, answer.transcript.text)
        self.scene.save(self.call, self.scene.event(EventKind.VOICEBOT_HEARD, self.call, None, **data))

    def _said(self, speaker: Speaker, text: str) -> None:
        if text:
            self.scene.save(self.call, Utterance(self.call.id, self.scene.now(), speaker, text))
