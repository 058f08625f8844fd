"""Where a thing of the centre's document is used, so that it is seen before it is changed or taken away. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from agent_console.centre.parts import SHAPE, Part, Plain
from agent_console.centre.problems import Elsewhere, elsewhere
from agent_console.centre.shape import Entries, Items, Leading, Record, Scalar, Several, Shape
from agent_console.centre.typed import items, lead_parts, lead_text, mapping
from agent_console.centre.view import LEADS, Location

REFERRED = frozenset({"announcements", "menus", "voicebots", "queues", "links"})
"""The parts whose things others name."""

SPOKEN: Mapping[str, str] = {
    "welcome": "はじめのあいさつ",
    "closed": "受付時間外",
    "congested": "混雑して受けられないとき",
    "please-hold": "オペレーターを呼び出すとき",
    "apology": "障害のおわび",
    "position": "待ち順({position} に順番が入ります)",
    "expected-wait": "予想待ち時間({minutes} に分が入ります)",
    "queue-closed": "窓口の受付休止",
    "interpreter-rung": "通訳を呼び出すとき(お客様は保留)",
    "interpreter-aside": "オペレーターと通訳だけで話すとき(お客様は保留)",
    "callback-number": "折り返し: 番号の読み上げの前",
    "callback-confirm": "折り返し: 番号の確認",
    "callback-enter": "折り返し: 別の番号の入力",
    "callback-bad-number": "折り返し: かけられない番号",
    "callback-known": "折り返し: すでに承っている番号",
    "callback-not-asked": "折り返し: とりやめ",
    "callback-goodbye": "折り返し: 終わりのあいさつ",
    "tell-number": "番号案内: 番号の前({name} に名称が入ります)",
    "tell-number-after": "番号案内: 番号の後",
    "tell-goodbye": "番号案内: 終わりのあいさつ",
    "message-thanks": "伝言: 終わりのあいさつ",
    "voicebot-confirm": "音声応答: 確認({name} に名称が入ります)",
    "voicebot-which": "音声応答: どちらかの質問({first} と {second} に名称が入ります)",
    "voicebot-narrow": "音声応答: 聞き取れなかったとき",
    "voicebot-connect": "音声応答: つなぐとき({name} に名称が入ります)",
    "voicebot-closed": "音声応答: 受付時間外の課({name} に名称が入ります)",
    "voicebot-refer": "音声応答: 内線でつなげない先({name} に名称が入ります)",
    "voicebot-person": "音声応答: 担当者につなぐとき",
    "voicebot-else": "音声応答: 答えたあとの質問",
    "sms-offer": "SMS: 音声応答で、送ってよいかの質問",
    "sms-sending": "SMS: 送るとき",
    "sms-mobile": "SMS: 携帯電話の番号が分からないお客様に",
    "sms-not-now": "SMS: 上限などで送れないとき",
    "voicebot-goodbye": "音声応答: 終わりのあいさつ",
}
"""When the platform itself speaks an announcement (kernel.announcement)."""


def uses(document: Plain, part: Part, id: str) -> list[Elsewhere]:
    """The places that name the thing, in the document's order; each of them is told with the page that holds it."""
    places = list(dict.fromkeys(_naming(SHAPE, document, (), (part.id, id))))
    return elsewhere(document, {at: [""] for at in places}, set())


def _naming(shape: Shape, data: object, at: Location, wanted: tuple[str, str]) -> Iterator[Location]:
    match shape:
        case Scalar() | Several() | Leading():
            if wanted in _named(shape, data):
                yield at
        case Record():
            for one in shape.members:
                yield from _naming(one.shape, mapping(data).get(one.name), (*at, one.name), wanted)
        case Items():
            for number, one in enumerate(items(data)):
                yield from _naming(shape.item, one, (*at, number), wanted)
        case Entries():
            for key, value in mapping(data).items():
                yield from _naming(shape.key, key, (*at, key), wanted)
                yield from _naming(shape.value, value, (*at, key), wanted)


def _named(shape: Scalar | Several | Leading, data: object) -> list[tuple[str, str]]:
    """Which things a value names, each by its part and its own name."""
    match shape:
        case Scalar():
            return [(shape.refers, str(data))]
        case Several():
            return [(shape.refers, str(one)) for one in items(data)]
        case Leading():
            kind, name, _ = lead_parts(lead_text(mapping(data)))
            return [(part, name) for one, part, _, _ in LEADS if one == kind]
