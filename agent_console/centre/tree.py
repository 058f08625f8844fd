"""Where callers are led, as a tree: from the numbers through menus to queues and what they lead on to. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from agent_console.centre.labels import word
from agent_console.centre.parts import Plain, short
from agent_console.centre.typed import CALLBACK, items, lead_parts, lead_text, mapping

NO_KEY = "押さない"
SEEN = "(同上)"


@dataclass(frozen=True, slots=True)
class Node:
    """``by`` is what leads here: a number, a key, a condition. ``kind`` is number, menu, voicebot, queue, announcement,
    message, callback or lost. ``page`` is the address of what it shows below /admin/centre, "" where there is none.
    """

    kind: str
    label: str
    by: str = ""
    page: str = ""
    children: tuple[Node, ...] = ()


def tree(document: Plain) -> Node:
    """The whole of it. A menu or queue to which several ways lead is drawn out at the first, so that it ends."""
    return Node("number", str(document.get("name") or ""), children=tuple(_Walk(document).numbers()))


class _Walk:
    def __init__(self, document: Plain) -> None:
        self._document = document
        self._menus = mapping(document.get("menus"))
        self._queues = {str(mapping(one).get("id")): mapping(one) for one in items(document.get("queues"))}
        self._texts = mapping(document.get("announcements"))
        self._seen: set[str] = set()

    def numbers(self) -> Iterator[Node]:
        leads = mapping(self._document.get("number_leads"))
        led = [str(one) for one in items(self._document.get("numbers")) if one not in leads]
        if led:
            yield self._menu(str(self._document.get("entry")), "、".join(led))
        for number, lead in leads.items():
            yield self._lead(lead, number)

    def _lead(self, data: object, by: str) -> Node:
        kind, id, language = lead_parts(lead_text(mapping(data)))
        by = f"{by} {word(language)}" if language else by
        match kind:
            case "queue":
                return self._queue(id, by)
            case "menu":
                return self._menu(id, by)
            case "voicebot":
                return self._voicebot(id, by)
            case "announcement" | "message":
                said = "案内して終わる" if kind == "announcement" else "伝言を受ける"
                return Node(kind, f"{said}: {short(self._texts.get(id, id))}", by, f"announcements/{id}")
            case "link":
                return Node(kind, f"SMSでリンクを送る: {id}", by, f"links/{id}")
            case _:
                return (
                    Node(CALLBACK, "折り返しを受け付ける", by) if kind == CALLBACK else Node("lost", "行き先なし", by)
                )

    def _menu(self, id: str, by: str) -> Node:
        menu = mapping(self._menus.get(id))
        if not menu:
            return Node("lost", f"メニュー{id}はありません", by)
        node = Node("menu", f"メニュー {id}", by, f"menus/{id}")
        return self._drawn(node, _keys(menu) | {NO_KEY: menu.get("no_key")})

    def _voicebot(self, id: str, by: str) -> Node:
        bot = mapping(mapping(self._document.get("voicebots")).get(id))
        if not bot:
            return Node("lost", f"音声応答{id}はありません", by)
        topics = [mapping(one) for one in items(bot.get("topics"))]
        leads: dict[str, object] = {f"「{one.get('label')}」": _led(one) for one in topics}
        leads |= {"担当者": {"queue": bot.get("queue")}, "聞き取れない": {"menu": bot.get("menu")}}
        return self._drawn(Node("voicebot", f"音声応答 {id}", by, f"voicebots/{id}"), leads)

    def _queue(self, id: str, by: str) -> Node:
        queue = self._queues.get(id)
        if queue is None:
            return Node("lost", f"窓口{id}はありません", by)
        rules = {_condition(mapping(rule)): mapping(rule).get("to") for rule in items(queue.get("overflow"))}
        return self._drawn(Node("queue", f"窓口 {queue.get('label')}", by, f"queues/{id}"), _keys(queue) | rules)

    def _drawn(self, node: Node, leads: Mapping[str, object]) -> Node:
        if node.page in self._seen:
            return replace(node, label=node.label + (SEEN if leads else ""))
        self._seen.add(node.page)
        return replace(node, children=tuple(self._lead(lead, key) for key, lead in leads.items()))


def _keys(holder: Plain) -> dict[str, object]:
    """By key, in the order of a telephone's."""
    return dict(sorted(mapping(holder.get("keys")).items(), key=lambda pair: "1234567890*#".find(pair[0])))


def _led(topic: Plain) -> object:
    return topic.get("lead") or {"announcement": topic.get("tells")}


def _condition(rule: Plain) -> str:
    after = mapping(rule).get("after")
    return word(str(rule.get("when"))).removesuffix("のとき").removesuffix("とき") + (
        f"({after:g}秒)" if isinstance(after, float) and after else ""
    )
