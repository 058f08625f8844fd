"""What differs between two versions of the centre's document, in words (窓口「電話交換」の優先度 0 → 5). Pure."""

from __future__ import annotations

from collections.abc import Iterator

from agent_console.centre.parts import BY_ID, PARTS, SHAPE, Part, Plain, label_of, names_of, thing_shape, things
from agent_console.centre.shape import Entries, Items, Member, Record, Scalar, Shape, members
from agent_console.centre.typed import items, mapping
from agent_console.centre.wording import Names, spelled


def changes(before: Plain, after: Plain) -> list[str]:
    """Each change in one line, in the order of the parts; none where both say the same.

    Both are whole documents as ``Centre.model_dump(mode="json")`` writes them.
    """
    both = Both(names_of(before), names_of(after))
    return [line for part in PARTS for line in both.of_part(part, before, after)] + _closings(before, after)


class Both:
    """The names of things in both documents."""

    def __init__(self, old: Names, new: Names) -> None:
        self._old, self._new = old, new

    def of_part(self, part: Part, before: Plain, after: Plain) -> Iterator[str]:
        """The lines of one part."""
        if not part.many:
            for name in part.fields:
                member = members(SHAPE)[name]
                yield from self._of(member.label, member.shape, before.get(name), after.get(name))
            return
        old, new = dict(things(part, before)), dict(things(part, after))
        for id in [one for one in old if one not in new]:
            yield f"{_called(part, id, old[id])}を削除"
        for id, thing in new.items():
            if id not in old:
                yield f"{_called(part, id, thing)}を追加: {spelled(thing_shape(part), thing, self._new)}"
            elif thing != old[id]:
                yield from self._of_thing(part, id, old[id], thing)
        stayed = [id for id in old if id in new]
        if not part.mapped and stayed != [id for id in new if id in old]:
            yield f"{part.title}の順序を変更: {'、'.join(label_of(part, id, new[id]) for id in new)}"

    def _of_thing(self, part: Part, id: str, old: object, new: object) -> Iterator[str]:
        shape, called = thing_shape(part), _called(part, id, old)
        if not isinstance(shape, Record):
            yield f"{called} 「{spelled(shape, old, self._old)}」 → 「{spelled(shape, new, self._new)}」"
            return
        for member in shape.members:
            yield from self._member(called, member, mapping(old), mapping(new))

    def _member(self, called: str, member: Member, old: Plain, new: Plain) -> Iterator[str]:
        yield from self._of(f"{called}の{member.label}", member.shape, old.get(member.name), new.get(member.name))

    def _of(self, called: str, shape: Shape, old: object, new: object) -> Iterator[str]:
        if old == new or (_is_empty(old) and _is_empty(new)):
            return
        match shape:
            case Record() if shape.name != "Period" and mapping(old) and mapping(new):
                for member in shape.members:
                    yield from self._member(called, member, mapping(old), mapping(new))
            case Items(item=Record(name=name)) if name != "Period":
                yield from self._items(called, shape, list(items(old)), list(items(new)))
            case Items(item=Scalar()):
                yield from self._items(called, shape, list(items(old)), list(items(new)))
            case Entries():
                yield from self._entries(called, shape, mapping(old), mapping(new))
            case _:
                yield f"{called} {spelled(shape, old, self._old)} → {spelled(shape, new, self._new)}"

    def _items(self, called: str, shape: Items, old: list[object], new: list[object]) -> Iterator[str]:
        gone, come = [one for one in old if one not in new], [one for one in new if one not in old]
        yield from (f"{called}から削除: {spelled(shape.item, one, self._old)}" for one in gone)
        yield from (f"{called}に追加: {spelled(shape.item, one, self._new)}" for one in come)
        if not gone and not come:
            yield f"{called}の順序を変更: {spelled(shape, new, self._new)}"

    def _entries(self, called: str, shape: Entries, old: Plain, new: Plain) -> Iterator[str]:
        for key in dict.fromkeys((*old, *new)):
            here = f"{called}「{spelled(shape.key, key, self._new)}」"
            if key not in new:
                yield f"{here}を削除({spelled(shape.value, old[key], self._old)})"
            elif key not in old:
                yield f"{here}を追加: {spelled(shape.value, new[key], self._new)}"
            elif old[key] != new[key]:
                after = spelled(shape.value, new[key], self._new)
                yield f"{here} {spelled(shape.value, old[key], self._old)} → {after}"


def _is_empty(value: object) -> bool:
    return value is None or value in ([], {})


def _called(part: Part, id: str, thing: object) -> str:
    return f"{part.one}「{label_of(part, id, thing)}」"


def _closings(before: Plain, after: Plain) -> list[str]:
    """Queues that supervisors have closed or opened; no form changes that."""
    queues = BY_ID["queues"]
    old = {id: mapping(one).get("closed") for id, one in things(queues, before)}
    return [
        f"{_called(queues, id, one)}の受付を{'休止' if mapping(one).get('closed') else '再開'}"
        for id, one in things(queues, after)
        if id in old and bool(old[id]) != bool(mapping(one).get("closed"))
    ]
