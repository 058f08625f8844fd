"""Languages in the forms of the centre's configuration: of the keys of a menu, and of the announcements."""

from agent_console.centre.parts import BY_ID, put, shape_of
from agent_console.centre.problems import checked
from agent_console.centre.typed import Texts, plain, read
from agent_console.centre.view import Draw, spelled_lead
from kernel.centre import Centre
from kernel.routing import Lead
from tests.support.centre_document import CENTRE, DOCUMENT
from tests.support.centre_form import filled, form_of


def saved(part, id, form):
    shape = shape_of(part)
    return put(part, DOCUMENT, id, plain(shape, read(shape, "", Texts(form))))


def test_a_key_of_a_menu_is_given_a_language_and_loses_it_again_in_a_field_of_its_own():
    part = BY_ID["menus"]
    form = [(name, text.partition("@")[0]) for name, text in form_of(part, CENTRE, "main")]
    form = [*form, ("value.keys.1.value.language", "ko"), ("value.keys.3.value.language", "")]
    keys = (
        Centre.model_validate(
            {**(document := saved(part, "main", filled(form, value__keys__3__value="queue:exchange"))), "entry": "main"}
        )
        .menus["main"]
        .keys
    )
    assert document["menus"]["main"]["keys"]["2"] == {"queue": "exchange", "language": "ko"}
    assert keys["8"] == Lead(queue="exchange")


def test_the_form_shows_way_and_language_apart_and_the_words_of_a_lead_say_both():
    value = shape_of(BY_ID["menus"]).members[1]
    typed = read(shape_of(BY_ID["menus"]), "", Texts(form_of(BY_ID["menus"], CENTRE, "main")))["value"]
    keys = next(one for one in Draw().field(value, typed, "value", ("menus", "main")).parts if one.name == "value.keys")
    lead = keys.parts[3].parts[1]
    assert (lead.kind, lead.value) == ("lead", "menu:languages")
    assert [(one.name, one.value, one.label) for one in lead.parts] == [("value.keys.3.value.language", "en", "言語")]
    assert spelled_lead({"menu": "languages", "language": "en"}, {}) == "メニューへ「languages」(英語)"


def test_a_prompt_of_languages_without_any_is_told_in_words():
    main = {**DOCUMENT["menus"]["main"], "keys": {"1": {"queue": "enquiries"}}}
    centre, problems = checked({**DOCUMENT, "menus": {**DOCUMENT["menus"], "main": main}})
    assert centre is None
    assert problems == {
        ("menus", "main"): ["言語の付いた番号がありません。番号に言語を付けるか、この案内文を空欄にしてください。"]
    }


def test_a_translation_of_no_announcement_a_language_that_stands_twice_and_a_missing_place_are_told():
    english, chinese = DOCUMENT["translations"][:2]
    wrong = {**english, "announcements": {"welcom": "Hello.", "position": "You are waiting."}}
    _, problems = checked({**DOCUMENT, "translations": [wrong, {**chinese, "language": "en"}]})
    assert problems == {
        ("translations", 0, "announcements", "welcom"): ["案内文「welcom」はありません。"],
        ("translations", 0, "announcements", "position"): ["本文に {position} を入れてください。"],
        ("translations", 1, "language"): ["「en」は、すでに使われています。"],
    }
