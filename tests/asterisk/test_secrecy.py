"""Nobody reads who called: after real calls no file, figure or page of others has a number or a citizen's data."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import make_url

from crm.users import Role
from denwa.world.operator import ClickFailed, ConsoleOperator
from kernel.call import Stage
from tests.support.asterisk import World
from tests.support.platform import Platform
from tests.support.talk import Talk, in_the_menu, talking

OTHERS = 0o077
CALLER = "0467982431"
CITIZEN = {
    "name": "鵠沼 海子",
    "reading": "クゲヌマ ウミコ",
    "address": "藤沢市鵠沼海岸九丁目",
    "phone": "08064197253",
    "email": "umiko@citizen.example",
    "subject": "庭木越境困惑",
    "text": "飼い犬の届け出を案内した",
}
"""As typed into the history."""
SPELLINGS = (
    (
        "0467982431",
        "467982431",
        "0467-98-2431",
        "046-798-2431",
        "467-98-2431",
        "０４６７９８２４３１",
        "０４６７－９８－２４３１",
    ),
    ("08064197253", "8064197253", "080-6419-7253", "80-6419-7253", "０８０６４１９７２５３"),
)
"""What would betray either number; with 81, +81 or tel: before them too."""
SECRETS = tuple(
    form.encode(codec)
    for text in (*SPELLINGS[0], *SPELLINGS[1], *(value for name, value in CITIZEN.items() if name != "phone"))
    for form in (text, text.replace(" ", ""))
    for codec in ("utf-8", "utf-16-le", "unicode-escape")
)


def betrayed(content: bytes) -> set[bytes]:
    return {secret for secret in SECRETS if secret in content}


def files(*places: Path) -> Iterable[Path]:
    """All files in or below ``places``."""
    for place in places:
        yield from (file for file in (place.rglob("*") if place.is_dir() else [place]) if file.is_file())


def database(platform: Platform) -> Path:
    return Path(make_url(platform.settings.database).database or "")


def kept(platform: Platform, world: World) -> list[Path]:
    """Every file of the centre, its Asterisk and its store; not the sounds, and not the world outside."""
    store = database(platform)
    beside = [store, *store.parent.glob(f"{store.name}-*")]
    places = (platform.settings.var_dir, world.centre.rendered.folders.root)
    return [file for file in files(*places, *beside) if file.suffix not in {".wav", ".ulaw"}]


async def whole_call(platform: Platform) -> Talk:
    """A citizen rings with a number, talks, hangs up; the operator writes down who it was."""
    await platform.ready_operators("sato")
    await platform.start()
    async with platform.at_desk() as desk:
        talk = await talking(platform, number=CALLER)
        await others_see_nothing(platform, talk.call.id)
        await talk.citizen.hang_up()
        await platform.at(talk.call.id, Stage.WRAP_UP)
        await desk.write_history(talk.call.id, {**CITIZEN, "outcome": "回答済み"})
        await platform.at(talk.call.id, Stage.ENDED)
    return talk


async def others_see_nothing(platform: Platform, call: str) -> None:
    """Another operator, a supervisor, staff and an administrator look at all pages that show running calls."""
    pages = ("/", "/wall", "/figures", "/staffing", "/admin/recordings", f"/calls/{call}/citizen")
    seen = 0
    for user, role in (
        ("suzuki", Role.OPERATOR),
        ("kanri", Role.SUPERVISOR),
        ("ka", Role.STAFF),
        ("sys", Role.ADMINISTRATOR),
    ):
        async with platform.at_desk(user, role) as desk:
            for path in pages:
                page = await shown(desk, path)
                seen += "</main>" in page
                assert not betrayed(page.encode()), (user, path)
    assert seen > len(pages)


async def shown(desk: ConsoleOperator, path: str) -> str:
    """The page, or how it was refused."""
    try:
        return await desk.page(path)
    except ClickFailed as refused:
        return str(refused)


async def test_no_file_figure_log_or_page_of_others_shows_who_called(own_platform: Platform, own_world: World):
    platform = own_platform
    talk = await whole_call(platform)
    abandoned, citizen = await in_the_menu(platform, CALLER)
    await citizen.hang_up()
    await platform.at(abandoned.id, Stage.ENDED)
    assert not betrayed((await platform.health("/metrics"))[1].encode())
    assert not betrayed((await platform.health("/readyz"))[1].encode())
    looked_at = kept(platform, own_world)
    assert not {str(file): found for file in looked_at if (found := betrayed(file.read_bytes()))}
    assert await platform.stop() == 0
    await own_world.centre.stop()
    looked_at = kept(platform, own_world)
    assert not {str(file): found for file in looked_at if (found := betrayed(file.read_bytes()))}
    await own_world.centre.start()
    names = {file.name for file in looked_at}
    assert {"platform.log", "denwa.db", "messages", "astdb.sqlite3"} <= names, names
    history = await platform.store.cases.history_of_call(talk.call.id)
    assert history is not None
    case = await platform.store.cases.case(history.case)
    assert (case.citizen.name, history.text) == (CITIZEN["name"], CITIZEN["text"])
    call = await platform.store.calls.find(talk.call.id)
    assert call is not None
    assert call.caller is not None
    assert call.caller.digits == CALLER


def test_what_would_be_betrayed_is_found(tmp_path: Path):
    """The search itself can find."""
    for text in ("tel:+81467982431", "from 0467-98-2431", '{"name": "鵠沼 海子"}', '"\\u9d60\\u6cbc \\u6d77\\u5b50"'):
        file = tmp_path / "leak"
        file.write_text(text, encoding="utf-8")
        assert betrayed(file.read_bytes()), text
    assert not betrayed(b"centre-1732459000.12 7001")


async def test_what_the_platform_keeps_can_be_read_by_its_user_alone(platform: Platform, world: World):
    await whole_call(platform)
    settings, folders = platform.settings, world.centre.rendered.folders
    for folder in (settings.secrets, settings.recordings_dir, folders.root, folders.etc, folders.log, folders.db):
        assert folder.stat().st_mode & 0o777 == 0o700, folder
    private = [
        *files(settings.secrets, folders.etc, folders.log, folders.db),
        database(platform),
        *database(platform).parent.glob("denwa.db-*"),
    ]
    assert len(private) > 10
    open_to_others = {str(file): oct(file.stat().st_mode) for file in private if file.stat().st_mode & OTHERS}
    assert not [file for file in open_to_others if not file.endswith(".crt")], open_to_others
