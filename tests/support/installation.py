"""An installation of the platform around running Asterisks, suited to tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from asterisk_conf.secrets import OUTSIDE_ARI_PASSWORD, read_secret
from crm.keyring import load_keyring
from crm.store import Store, open_store
from denwa.parts import KEYS, utc_now
from denwa.prepare import prepare_store, prompts_folder
from denwa.world.world import open_world
from ivr.prompts import SpokenPrompts
from kernel.settings import Ari as AriSettings
from kernel.settings import Settings
from tests.support import asterisk
from tests.support.asterisk import ALWAYS_OPEN
from tests.support.environment import free_port
from tests.support.platform import Platform

SPOKEN = Settings(_env_file=None).cache_dir / "test-prompts"
"""Announcements are spoken once for all test runs."""


@asynccontextmanager
async def make_platform(both: asterisk.World, folder: Path, database_url: str | None = None) -> AsyncIterator[Platform]:
    """An installation, not started, with a store of its own on the running Asterisks of ``both``; SQLite by default."""
    settings = both.centre.settings.model_copy(
        update={
            "database_url": database_url or f"sqlite+aiosqlite:///{folder}/denwa.db",
            "metrics_port": free_port(),
            "web": both.centre.settings.web.model_copy(update={"host": both.centre.settings.ari.host}),
        }
    )
    await _clear(both)
    SPOKEN.mkdir(parents=True, exist_ok=True)
    if not prompts_folder(settings).exists():
        prompts_folder(settings).symlink_to(SPOKEN)
    settings = settings.model_copy(update={"var_dir": settings.var_dir})
    await prepare_store(settings, lambda _: None)
    keyring = load_keyring(settings.secrets / KEYS)
    outside = both.outside
    ari = AriSettings(host=settings.sip.carrier.host.exploded, app=outside.app, user=outside.ari_user)
    async with (
        open_store(settings.database, keyring, None) as store,
        open_world(ari, read_secret(settings.secrets / OUTSIDE_ARI_PASSWORD), outside.recordings) as world,
        SpokenPrompts(SPOKEN) as prompts,
    ):
        await _suit_tests(store)
        platform = Platform(settings, both.centre, store, world, prompts)
        platform.log.unlink(missing_ok=True)
        try:
            yield platform
        finally:
            platform.end()
            await _clear(both)


SHORT = {
    "welcome": "こちらは藤沢市です。",
    "menu-main": "お問い合わせは一番、電話交換は二番を押してください。",
    "wrong-key": "その番号はございません。",
    "position": "現在{position}番目にお待ちです。",
    "closed": "ただいまの時間は受け付けておりません。",
}
"""Announcements that are heard in full so often need not be long."""
GONE = {404, 409}
"""How Asterisk refuses to end what has ended meanwhile, or is being taken down."""
SILENCE_SECONDS = 1.0
RING_SECONDS = 120


async def _suit_tests(store: Store) -> None:
    """Open around the clock, of few words, with little patience for silence and much for phones of slow machines."""
    version = await store.centres.current_version()
    assert version is not None
    centre = version.centre
    menus = {id: menu.model_copy(update={"wait_seconds": SILENCE_SECONDS}) for id, menu in centre.menus.items()}
    announcements = {**centre.announcements, **SHORT}
    queues = tuple(queue.model_copy(update={"ring_seconds": RING_SECONDS}) for queue in centre.queues)
    suited = {"hours": ALWAYS_OPEN, "menus": menus, "announcements": announcements, "queues": queues}
    centre = centre.model_copy(update=suited)
    await store.centres.save(centre, by="test", now=utc_now(), expected_version=version.version)


async def _clear(both: asterisk.World) -> None:
    """Leave no channel, bridge or recording behind for the next test on these Asterisks."""
    for instance in (both.outside, both.centre):
        for channel in await instance.ari("GET", "/channels"):
            try:
                await instance.ari("DELETE", f"/channels/{channel['id']}")
            except aiohttp.ClientResponseError as gone:
                assert gone.status in GONE  # noqa: PT017
        for bridge in await instance.ari("GET", "/bridges"):
            try:
                await instance.ari("DELETE", f"/bridges/{bridge['id']}")
            except aiohttp.ClientResponseError as gone:
                assert gone.status in GONE  # noqa: PT017
        for recording in instance.recordings.glob("*.*"):
            recording.unlink()
