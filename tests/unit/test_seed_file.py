import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ivr.seed_file import SeedError, load
from ivr.yaml_lines import read
from kernel.centre import Centre
from kernel.settings import Settings

REPOSITORY = Path(__file__).parents[2]
SEED = REPOSITORY / "ivr/seeds/fujisawa.yaml"
TEXT = SEED.read_text(encoding="utf-8")


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


@pytest.fixture
def problems(tmp_path):
    """The problems of a seed file with that content, as (line, path, message)."""

    def found(text: str | bytes) -> list[tuple[int, str, str]]:
        path = tmp_path / "seed.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        with pytest.raises(SeedError) as refused:
            load(path)
        return [(one.line, one.path, one.message) for one in refused.value.problems]

    return found


@pytest.fixture
def changed(problems):
    """The one problem of the city's seed with ``old`` written as ``new``; it must be told at the line of ``old``."""

    def found(old: str, new: str, at: str | None = None) -> tuple[str, str]:
        text = TEXT.replace(old, new, 1)
        ((line, path, message),) = problems(text)
        assert line == (line_of(text, at) if at else line_of(TEXT, old))
        return path, message

    return found


def test_the_citys_seed_is_the_default_and_loads():
    assert REPOSITORY / Settings.model_fields["seed_file"].default == SEED
    centre = load(SEED)
    assert (centre.name, centre.numbers) == ("藤沢市コールセンター", ("0466251111",))
    assert [seat.extension for seat in centre.operators] == ["7001", "7002", "7003"]
    assert {key: lead.name for key, lead in centre.menus["main"].keys.items()} == {
        "1": "enquiries",
        "2": "exchange",
        "3": "main",
        "8": "languages",
        "0": "enquiries",
    }
    assert centre.menus["main"].keys["3"].voicebot == "main"
    assert {key: lead.language for key, lead in centre.menus["languages"].keys.items()} == {
        "1": "en",
        "2": "zh",
        "3": "ko",
        "4": "es",
        "5": "pt",
        "9": "ja",
    }


def test_a_centre_survives_being_stored_as_json():
    centre = load(SEED)
    assert Centre.model_validate_json(centre.model_dump_json()) == centre
    assert Centre.model_validate(json.loads(json.dumps(centre.model_dump(mode="json")))) == centre


def test_an_unknown_key_is_told_with_the_one_that_was_meant(changed):
    path, message = changed("    prompt: menu-main\n", "    prompt: menu-main\n    trys: 2\n", at="trys")
    assert (path, message) == ("menus.main.trys", "unknown key: did you mean tries?")


def test_a_missing_field_is_told_at_the_line_of_what_lacks_it(changed):
    path, message = changed("{id: exchange, label: 電話交換, ", "{id: exchange, ")
    assert (path, message) == ("queues[1].label", "this is missing: add it")


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        ("2: {queue: exchange}", "2: {queue: exchnage}", "menus.main.keys.2.queue", "there is no queue 'exchnage'"),
        ("2: {queue: exchange}", "2: {menu: other}", "menus.main.keys.2.menu", "there is no menu 'other'"),
        ("2: {queue: exchange}", "2: {}", "menus.main.keys.2", "exactly one of queue, menu, voicebot, announcement"),
        ("2: {queue: exchange}", "2: {queue: exchange, menu: main}", "menus.main.keys.2", "exactly one of"),
        ("2: {queue: exchange}", "12: {queue: exchange}", "menus.main.keys.12", "a key is one of 0 to 9, * and #"),
        ("prompt: menu-main", "prompt: menu-mian", "menus.main.prompt", "there is no announcement 'menu-mian'"),
        ("wrong_key: wrong-key", "wrong_key: wrong", "menus.main.wrong_key", "there is no announcement 'wrong'"),
        ("entry: main", "entry: first", "entry", "there is no menu 'first'; there are languages, main"),
        ("no_key: {queue: enquiries}", "no_key: {menu: main}", "menus.main.no_key", "never gets out of main -> main"),
        ("7002, queues: [enquiries, exchange]", "7002, queues: [sales]", "operators[1].queues[0]", "no queue 'sales'"),
        ("extension: 7002", "extension: 7001", "operators[1].extension", "'7001' is given twice"),
        ("id: suzuki", "id: sato", "operators[1].id", "'sato' is given twice"),
        ("extension: 7002", "extension: 70-02", "operators[1].extension", "an extension has 2 to 8 digits"),
        ("tue: [08:30-17:15]", "tue: [8.30-17:15]", "hours.week.tue[0].opens", "a time is written 08:30"),
        ("tue: [08:30-17:15]", "tue: [17:15-08:30]", "hours.week.tue[0]", "closes (08:30) before it opens (17:15)"),
        ("tue: [08:30-17:15]", "tue: [08:30]", "hours.week.tue[0]", "a period is written 08:30-17:15"),
        ("tue: [08:30-17:15]", "tue: [08:30-12:00, 11:00-13:00]", "hours.week.tue", "two periods overlap at 11:00"),
        ("tue: [08:30-17:15]", "tue: [08:30Z-17:15]", "hours.week.tue[0].opens", "a time is Japan's"),
        ("tue: [08:30-17:15]", "tue:  # later", "hours.week.tue", "nothing is written here"),
        ("{date: 2026-12-30", "{date: 2026-12-29", "hours.special[1].date", "'2026-12-29' is given twice"),
        ("{date: 2026-12-30", "{date: 2026-12-32", "hours.special[1].date", "a date is written 2026-12-29"),
        ('["0466251111"]', '["0466-25-1111"]', "numbers[0]", "no hyphens"),
        ("現在、{position}番目", "現在、{place}番目", "announcements.position", "nothing fills in {place}"),
        ("現在、{position}番目", "現在、3番目", "announcements.position", "must contain {position}"),
        ("welcome: お電話", "welcome: お{電話", "announcements.welcome", "braces only enclose a name"),
        ("tries: 2", "tries: two", "menus.main.tries", "valid integer"),
    ],
)
def test_what_does_not_fit_is_told_with_its_line_and_place(changed, old, new, path, message):
    found = changed(old, new)
    assert found[0] == path
    assert message in found[1]


def test_an_unknown_weekday_is_told(changed):
    path, message = changed("tue: [08:30-17:15]", "tuesday: [08:30-17:15]")
    assert path == "hours.week.tuesday"
    assert "'tue'" in message


def test_an_announcement_that_the_platform_speaks_must_be_there(changed):
    path, message = changed("  please-hold:", "  please-wait:", at="announcements:")
    assert (path, message) == ("announcements.please-hold", "the platform speaks this announcement itself: write it")


def test_a_circle_of_silence_over_two_menus_is_told_at_each_of_them(problems):
    other = "  other: {prompt: menu-main, keys: {}, no_key: {menu: main}, wrong_key: wrong-key}\n"
    text = TEXT.replace("no_key: {queue: enquiries}", "no_key: {menu: other}").replace("menus:\n", "menus:\n" + other)
    assert [path for _, path, _ in problems(text)] == ["menus.other.no_key", "menus.main.no_key"]


def test_a_key_that_is_written_twice_is_told_with_both_lines(problems):
    text = TEXT.replace("      2: {queue: exchange}", "      1: {queue: exchange}")
    ((line, path, message),) = problems(text)
    assert (line, path) == (line_of(text, "1: {queue: exchange}"), "menus.main.keys.1")
    assert f"line {line_of(text, '1: {queue: enquiries}')}" in message


WHICH = "there is no menu 'x'; there are languages, main"
WRONG_KEYS = ("menus.main.wrong_key", "menus.languages.wrong_key")


def test_everything_that_is_wrong_is_told_at_once_in_the_order_of_the_lines(problems):
    text = TEXT.replace("name: 藤沢", "nam: 藤沢").replace("tries: 2", "tries: 9").replace("entry: main", "entry: x")
    text = text.replace("wrong_key: wrong-key", "wrong_key: wrong-kee")
    found = problems(text)
    assert {path for _, path, _ in found} == {"nam", "name", "entry", "menus.main.tries", *WRONG_KEYS}
    assert [line for line, _, _ in found] == sorted(line for line, _, _ in found)


def test_the_message_names_file_line_and_place(tmp_path):
    path = tmp_path / "seed.yaml"
    path.write_text(TEXT.replace("entry: main", "entry: x"), encoding="utf-8")
    with pytest.raises(SeedError) as refused:
        load(path)
    assert str(refused.value) == f"{path}:{line_of(TEXT, 'entry: main')}: entry: {WHICH}"


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n"])
def test_an_empty_file_is_called_empty(problems, text):
    ((_, path, message),) = problems(text)
    assert (path, message) == ("", "the file is empty")


def test_a_list_in_place_of_the_document_is_refused(problems):
    assert any("dictionary" in message for _, _, message in problems("- a\n- b\n"))


def test_a_tab_is_told_with_its_line(problems):
    text = TEXT.replace("    prompt: menu-main", "\tprompt: menu-main")
    assert problems(text) == [(line_of(text, "\tprompt"), "", "a tab character: indent with spaces")]


def test_a_file_in_another_encoding_is_told_with_its_line(problems):
    lines = TEXT.encode().split(b"\n")
    lines[20] = "お電話".encode("shift_jis")
    assert problems(b"\n".join(lines)) == [(21, "", "this is not UTF-8: save the file as UTF-8")]


def test_a_byte_order_mark_does_no_harm(tmp_path):
    path = tmp_path / "seed.yaml"
    path.write_bytes(b"\xef\xbb\xbf" + TEXT.encode())
    assert load(path) == load(SEED)


def test_a_control_character_is_told_with_its_line(problems):
    ((line, _, message),) = problems(TEXT.replace("entry: main", "entry: ma\x07in"))
    assert line == line_of(TEXT, "entry: main")
    assert "control character" in message


def test_broken_yaml_is_told_with_its_line(problems):
    text = TEXT.replace("      2: {queue: exchange}", "      2: {queue: exchange")
    ((line, _, _),) = problems(text)
    assert line in range(line_of(text, "2: {queue"), line_of(text, "2: {queue") + 3)


def test_a_file_that_is_not_there_is_told_with_what_to_set(tmp_path):
    with pytest.raises(SeedError, match=r"No such file.*DENWA_SEED_FILE"):
        load(tmp_path / "none.yaml")


def test_references_are_refused_because_their_lines_would_mislead(problems):
    text = TEXT.replace("mon: [08:30-17:15]", "mon: &day [08:30-17:15]").replace("tue: [08:30-17:15]", "tue: *day")
    assert any("write it out" in message for _, _, message in problems(text))


def test_tags_are_refused(changed):
    assert "tags" in changed("entry: main", "entry: !env main")[1]


plain = st.recursive(
    st.text(st.characters(min_codepoint=32, max_codepoint=0x9FFF, exclude_categories=["Cs", "Cc"]), min_size=1),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abcdefgh-_", min_size=1, max_size=8), inner),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["menus", "queues", "announcements", "entry", "operators", "hours"]), plain))
def test_a_document_of_any_shape_is_refused_in_words_and_never_with_a_crash(tmp_path_factory, document):
    path = tmp_path_factory.mktemp("seed") / "seed.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    with pytest.raises(SeedError) as refused:
        load(path)
    assert all(problem.message for problem in refused.value.problems)


@given(plain)
def test_every_part_of_a_document_has_a_line(data):
    text = yaml.safe_dump({"a": data}, allow_unicode=True)
    document = read(text)
    assert document.problems == []
    assert all(1 <= line <= text.count("\n") + 1 for line in document.lines.values())
