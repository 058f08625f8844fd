"""The forms of the centre's configuration against the document: nothing is lost on the way there and back."""

from pathlib import Path

import pytest

from agent_console.centre.parts import BY_ID, PARTS, SHAPE, put, raised, shape_of, things, without
from agent_console.centre.problems import checked
from agent_console.centre.rows import NoSuchPlace, added
from agent_console.centre.rows import raised as row_raised
from agent_console.centre.rows import removed as row_removed
from agent_console.centre.shape import Kind
from agent_console.centre.typed import Texts, opened, plain, read
from agent_console.centre.view import Draw, has_doubles
from ivr.seed_file import load
from kernel.centre import Centre
from tests.support.centre_form import filled, form_of, scalars

SEED = load(Path(__file__).parents[2] / "ivr/seeds/fujisawa.yaml")
RICH = {
    "number_leads": {"0466251111": {"queue": "exchange"}},
    "pause_reasons": ["休憩", {"text": "研修", "limit_seconds": 900}],
    "outgoing": {
        "shows": "0501234567",
        "owns": ["0501234567"],
        "never": ["0570"],
        "abroad": ["+1"],
        "purposes": [{"id": "inquiry", "label": "照会", "withheld": True, "queue": "exchange"}],
        "a_day": 0,
    },
    "supervisors": [{"id": "mori", "name": "森", "extension": "7101"}],
    "queues": [
        {
            "id": "enquiries",
            "label": "お問い合わせ",
            "aging_seconds": None,
            "wrap_up_seconds": 0,
            "needs": [{"skill": "英語", "level": 3, "relax": [{"after": 30, "level": 1}, {"after": 60, "level": 0}]}],
            "overflow": [
                {"when": "waited", "after": 300, "to": {"menu": "main"}},
                {"when": "closed", "to": {"message": "message-enquiries"}},
            ],
            "keys": {"1": {"callback": True}, "9": {"menu": "main"}},
            "keys_prompt": "waiting-keys",
            "closed": {"by": "mori", "at": "2026-11-24T03:00:00Z"},
        },
        {"id": "exchange", "label": "電話交換", "strategy": "in_order"},
    ],
    "operators": [
        {
            "id": "sato",
            "name": "佐藤",
            "extension": "7001",
            "phone": "browser",
            "queues": ["enquiries", "exchange"],
            "skills": {"英語": 3},
            "order": {"exchange": 1},
        },
        {"id": "abe", "name": "阿部", "extension": "7002", "queues": []},
    ],
    "hours": {
        "week": {"mon": ["08:30-12:00", "13:00-24:00"], "sun": ["09:00-12:00"]},
        "holidays": ["09:00-12:00"],
        "special": [{"date": "2026-12-29", "reason": "年末休業"}, {"date": "2026-12-05", "periods": ["09:00-12:00"]}],
    },
}
CENTRE = Centre.model_validate({**SEED.model_dump(mode="json"), "pause_limits": {}, **RICH})
DOCUMENT = CENTRE.model_dump(mode="json")
FORMS = [(part, id) for part in PARTS for id in ([one for one, _ in things(part, DOCUMENT)] if part.many else [None])]


def typed(part, form):
    return read(shape_of(part), "", Texts(form))


def saved(part, id, form, document=DOCUMENT):
    """The document with the form's content in it."""
    return put(part, document, id, plain(shape_of(part), typed(part, form)))


@pytest.mark.parametrize(("part", "id"), FORMS, ids=lambda one: getattr(one, "id", one))
def test_a_form_that_is_sent_as_it_was_opened_changes_nothing(part, id):
    assert Centre.model_validate(saved(part, id, form_of(part, CENTRE, id))) == CENTRE


NEEDED = {
    "menus": {"prompt": "menu-main", "wrong_key": "wrong-key", "no_key": "queue:exchange"},
    "voicebots": {"prompt": "voicebot-ask", "menu": "main", "queue": "exchange"},
}


@pytest.mark.parametrize("part", [part for part in PARTS if part.many], ids=lambda part: part.id)
def test_a_new_thing_begins_with_what_holds_anyhow(part):
    shape = shape_of(part)
    given = {"key": "new", "value": "案内です。", "id": "new", "label": "新しい", "name": "新しい", "title": "新しい"}
    form = [(name, given.get(name, text) or text) for name, text in form_of(part, CENTRE)]
    for name, text in (("extension", "7999"), ("text", "定型文 https://www.city.example")):
        form = filled(form, **{name: text}) if name in dict(form) else form
    before = without(part, DOCUMENT, "pt")
    if part.id in ("interpreters", "translations"):
        form = filled([*form, ("numbers", "0"), ("numbers.0", "0466000903")], language="pt")
    form = filled(form, **{f"value__{name}": text for name, text in NEEDED.get(part.id, {}).items()})
    document = put(part, before, None, plain(shape, read(shape, "", Texts(form))))
    centre = Centre.model_validate(document)
    assert part.id != "queues" or centre.queues[-1] == type(centre.queues[-1])(id="new", label="新しい")
    assert len(things(part, document)) == len(things(part, before)) + 1


def test_what_is_empty_is_none_where_that_means_something_and_else_what_holds_anyhow():
    form = filled(form_of(BY_ID["queues"], CENTRE, "exchange"), aging_seconds="", limit="", wrap_up_seconds="")
    queue = Centre.model_validate(saved(BY_ID["queues"], "exchange", form)).queue("exchange")
    assert (queue.aging_seconds, queue.limit, queue.wrap_up_seconds) == (None, 50, None)


def test_what_no_form_shows_stays():
    form = filled(form_of(BY_ID["queues"], CENTRE, "enquiries"), priority="5")
    queue = Centre.model_validate(saved(BY_ID["queues"], "enquiries", form)).queue("enquiries")
    assert (queue.priority, queue.closed.by) == (5, "mori")


def test_rows_are_added_removed_and_moved_and_what_was_typed_stays():
    part = BY_ID["hours"]
    form = filled(form_of(part, CENTRE), hours__week__mon__0__opens="8時")
    content = typed(part, form)
    assert added(shape_of(part), content, "hours.special") == 2
    assert added(shape_of(part), content, "hours.special.2.periods") == 0
    row_raised(shape_of(part), content, "hours.special.1")
    row_removed(shape_of(part), content, "hours.week.mon.1")
    hours = content["hours"]
    assert hours["week"]["mon"] == [{"opens": "8時", "closes": "12:00"}]
    assert [day["date"] for day in hours["special"]] == ["2026-12-05", "2026-12-29", ""]
    assert hours["special"][2]["periods"] == [{"opens": "", "closes": ""}]


@pytest.mark.parametrize(
    "name", ["", "hours", "hours.special.9", "hours.special.x", "hours.week.mon.0.opens", "a.b", "queues.0"]
)
def test_a_row_that_is_not_there_is_refused(name):
    part = BY_ID["hours"]
    content = typed(part, form_of(part, CENTRE))
    with pytest.raises(NoSuchPlace):
        row_removed(shape_of(part), content, f"{name}.0" if name == "hours" else name)
    with pytest.raises(NoSuchPlace):
        added(shape_of(part), content, name)


def test_a_key_that_is_typed_twice_is_told_beside_the_second():
    part = BY_ID["menus"]
    form = filled(form_of(part, CENTRE, "main"), value__keys__1__key="1")
    content = typed(part, form)
    assert has_doubles(shape_of(part), content)
    value = shape_of(part).members[1]
    field = Draw().field(value, content["value"], "value", ("menus", "main"))
    keys = next(one for one in field.parts if one.name == "value.keys")
    assert [pair.parts[0].problems for pair in keys.parts] == [(), ("同じものがすでに上にあります。",), (), (), ()]


def test_problems_stand_beside_their_fields_and_the_rest_is_left_over():
    part, id = BY_ID["queues"], "enquiries"
    form = filled(
        form_of(part, CENTRE, id), ring_seconds="1", needs__0__relax__0__after="0", overflow__0__to="queue:no", label=""
    )
    document = saved(part, id, form)
    centre, problems = checked({**document, "entry": "nowhere"})
    assert centre is None
    draw = Draw(problems=problems)
    content = typed(part, form)
    drawn = [draw.field(one, content[one.name], one.name, ("queues", 0, one.name)) for one in shape_of(part).members]
    told = {field.name: field.problems for field in flat(drawn) if field.problems}
    assert told == {
        "label": ("入力してください。",),
        "ring_seconds": ("3以上の数を入力してください。",),
        "needs.0.relax.0.after": ("0より大きい数を入力してください。",),
        "overflow.0.to": ("窓口「no」はありません。",),
    }
    assert set(problems) - draw.shown == {("entry",)}


def flat(fields):
    for field in fields:
        yield field
        yield from flat(field.parts)


def test_things_are_taken_away_and_moved_up():
    departments = BY_ID["departments"]
    ids = [id for id, _ in things(departments, DOCUMENT)]
    assert [id for id, _ in things(departments, without(departments, DOCUMENT, ids[1]))] == [ids[0], *ids[2:]]
    assert [id for id, _ in things(departments, raised(departments, DOCUMENT, ids[1]))] == [ids[1], ids[0], *ids[2:]]
    assert raised(departments, DOCUMENT, ids[0]) == DOCUMENT
    assert "wrong-key" not in without(BY_ID["announcements"], DOCUMENT, "wrong-key")["announcements"]


def test_times_and_long_texts_are_typed_as_such():
    kinds = {scalar.kind for scalar in scalars(SHAPE)}
    assert kinds >= {Kind.TIME, Kind.DATE, Kind.LONG, Kind.NUMBER, Kind.CHOICE, Kind.TEXT}
    content = opened(shape_of(BY_ID["hours"]), {"hours": DOCUMENT["hours"]})
    assert content["hours"]["week"]["mon"] == [
        {"opens": "08:30", "closes": "12:00"},
        {"opens": "13:00", "closes": "00:00"},
    ]
