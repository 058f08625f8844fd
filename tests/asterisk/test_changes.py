"""The centre's document is changed while calls go on."""

from __future__ import annotations

from pathlib import Path

from denwa.parts import utc_now
from ivr.seed_file import written
from kernel.call import Outcome, Stage
from kernel.centre import Hours, Lead
from kernel.user import Role
from tests.support.platform import Platform
from tests.support.talk import in_the_menu, waiting

ONE_KEY = {"keys": {"5": Lead(queue="exchange")}, "language_prompt": None}


async def test_a_changed_announcement_and_menu_are_heard_by_the_next_caller_without_a_restart(platform: Platform):
    await platform.start()
    _, first = await waiting(platform)
    version = await platform.store.centres.current_version()
    assert version is not None
    centre = version.centre
    text = "ただいま回線工事中ですが、お電話は承ります。"
    menus = {**centre.menus, "main": centre.menus["main"].model_copy(update=ONE_KEY)}
    changed = type(centre).model_validate(
        {**centre.model_dump(), "announcements": {**centre.announcements, "welcome": text}, "menus": menus}
    )
    await platform.store.centres.save(changed, by="test", now=utc_now(), expected_version=version.version)
    spoken = Path(f"{await platform.prompts.media(text)}.wav")

    async def followed() -> bool:
        citizen = await platform.world.rings("0466251111", "0466000000")
        try:
            await citizen.hears_announcement(spoken, "the new welcome", timeout=6)
        except AssertionError:
            await citizen.hang_up()
            return False
        await citizen.presses("5")
        calls = await platform.store.calls.waiting("exchange")
        while not calls:
            calls = await platform.store.calls.waiting("exchange")
        return True

    await platform.until(followed, "the next caller hears the new welcome and key 5 leads on")
    await first.hears_music()


async def test_a_centre_that_closes_lets_its_callers_finish_and_tells_the_next_one(platform: Platform):
    await platform.start()
    call, citizen = await in_the_menu(platform)
    version = await platform.store.centres.current_version()
    assert version is not None
    closed = version.centre.model_copy(update={"hours": Hours(week={})})
    await platform.store.centres.save(closed, by="test", now=utc_now(), expected_version=version.version)
    await citizen.presses("1")
    await platform.at(call.id, Stage.WAIT)

    async def told() -> bool:
        late = await platform.world.rings("0466251111", "0466000000")
        try:
            await late.hears_announcement(await platform.wav("closed"), "that the centre is closed", timeout=6)
        except AssertionError:
            await late.hang_up()
            return False
        await late.is_over()
        return True

    await platform.until(told, "the next caller hears that the centre is closed, and the call ends")

    async def stored() -> bool:
        return Outcome.CLOSED in {one.outcome for one in await platform.store.calls.between(call.arrived, utc_now())}

    await platform.until(stored, "a call is stored as closed")
    await citizen.hears_music()


async def newest(platform: Platform) -> int:
    """The number of the newest version, read now."""
    await platform.store.centres.refresh()
    version = await platform.store.centres.current_version()
    assert version is not None
    return version.version


async def test_what_an_administrator_changes_at_the_console_is_heard_and_followed_by_the_next_caller(
    platform: Platform,
):
    await platform.start()
    text = "こちらは、訓練のご案内です。防災のお問い合わせは、五番を押してください。"
    async with platform.at_desk("ueda", Role.ADMINISTRATOR) as admin:
        prompt = {"key": "menu-main", "value": text, "version": str(await newest(platform))}
        assert text in await admin.post("/admin/centre/announcements/menu-main", {**prompt, "do": "check"})
        await admin.post("/admin/centre/announcements/menu-main", {**prompt, "do": "save"})
        seen = await newest(platform)
        centre = await platform.centre()
        keys = {**centre.menus["main"].keys, "5": Lead(queue="exchange")}
        menus = {**centre.menus, "main": centre.menus["main"].model_copy(update={"keys": keys})}
        file = written(centre.model_copy(update={"menus": menus}))
        await admin.post("/admin/centre/file", {"text": file, "version": str(seen), "do": "save"})
        assert "メニュー「main」の番号「5」を追加" in await admin.page("/admin/centre/log")
    spoken = Path(f"{await platform.prompts.media(text)}.wav")

    async def followed() -> bool:
        citizen = await platform.world.rings("0466251111", "0466000000")
        try:
            await citizen.hears_announcement(spoken, "the new menu", timeout=12)
        except AssertionError:
            await citizen.hang_up()
            return False
        await citizen.presses("5")
        calls = await platform.store.calls.waiting("exchange")
        while not calls:
            calls = await platform.store.calls.waiting("exchange")
        return True

    await platform.until(followed, "the next caller hears the new menu and key 5 leads on")
