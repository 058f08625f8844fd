"""The platform in operation: what it tells of itself, how it stops, what it speaks, and that recordings go."""

from __future__ import annotations

import json
import ssl
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from asterisk_conf.certificate import ensure_certificate
from crm.users import Role
from denwa.tls import console_files
from kernel.call import Stage
from tests.support.platform import Platform
from tests.support.talk import Talk, beside, talking, waiting

HISTORY = {"subject": "粗大ごみ", "text": "案内した。", "outcome": "回答済み"}


async def test_health_readiness_and_figures_tell_of_the_calls_that_are_carried(platform: Platform):
    await platform.start()
    await waiting(platform)
    assert await platform.health("/healthz") == (200, '{"alive": true}')
    status, text = await platform.health("/readyz")
    assert (status, json.loads(text)) == (
        200,
        {
            "ready": True,
            "parts": {"store": None, "bus": None, "asterisk": None, "console": None},
            "notes": {"admission": None},
        },
    )
    status, text = await platform.health("/metrics")
    figures = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert status == 200
    assert figures["denwa_calls",] == 1
    assert figures["denwa_journal_refused",] == 0
    assert figures["denwa_ready", "asterisk"] == 1
    assert {"denwa_journal_backlog", "denwa_journal_oldest_seconds", "denwa_event_loop_stalls_total"} <= {
        name for name, *_ in figures
    }


async def test_a_stop_with_calls_up_is_clean_and_every_line_of_a_call_carries_its_id(platform: Platform):
    await platform.ready_operators("sato")
    await platform.start()
    talk = await talking(platform)
    async with platform.at_desk() as desk:
        await desk.hand_over(talk.call.id, "2301")
        city = await platform.world.rung("pbx", "2301")
        await platform.world.answers(city)
        await talk.phone.is_over()
        held, citizen = await beside(platform, talk.call.id)
        await citizen.presses("1")
        await platform.at(held, Stage.WAIT)
        assert await platform.stop() == 0
    lines = [json.loads(line) for line in platform.said().splitlines()]
    assert any(line.get("call") == talk.call.id for line in lines)
    for call in (talk.call.id, held):
        of_it = [line for line in lines if call in json.dumps(line)]
        assert [line for line in of_it if line.get("call") != call] == []
    assert not [line for line in lines if line["level"] in {"error", "critical"}]
    for complaint in ("was destroyed", "never retrieved", "never awaited", "Traceback"):
        assert complaint not in platform.said()


async def test_the_console_speaks_tls_1_2_and_nothing_older(platform: Platform):
    await platform.start("console")
    certificate, _ = console_files(platform.settings)
    assert await login_page(platform, certificate, ssl.TLSVersion.TLSv1_2) == 200
    with pytest.warns(DeprecationWarning, match="TLSv1"), pytest.raises(aiohttp.ClientConnectorError):
        await login_page(platform, certificate, ssl.TLSVersion.TLSv1_1)
    assert await platform.stop() == 0


async def test_the_console_shows_the_certificate_that_the_settings_name(platform: Platform, tmp_path: Path):
    own, key = tmp_path / "own.crt", tmp_path / "own.key"
    ensure_certificate(own, key, (platform.settings.web.host,))
    await platform.start("console", web__certificate=str(own), web__key=str(key))
    assert await login_page(platform, own, ssl.TLSVersion.TLSv1_3) == 200
    with pytest.raises(aiohttp.ClientConnectorCertificateError):
        await login_page(platform, console_files(platform.settings)[0], ssl.TLSVersion.TLSv1_3)


async def login_page(platform: Platform, trusted: Path, version: ssl.TLSVersion) -> int:
    """The status of the login page, asked for with ``version`` by who trusts the certificate ``trusted`` alone."""
    tls = ssl.create_default_context(cafile=str(trusted))
    tls.set_ciphers("DEFAULT:@SECLEVEL=0")  # else this side would refuse the old version itself
    tls.minimum_version = tls.maximum_version = version
    web = platform.settings.web
    async with (
        aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=tls)) as http,
        http.get(f"https://{web.host}:{web.port}/login") as page,
    ):
        return page.status


async def over(platform: Platform) -> tuple[Talk, Path]:
    """A talk that is over, and its recording's file."""
    await platform.ready_operators("sato")
    await platform.start()
    talk = await talking(platform)
    await talk.citizen.hang_up()
    await platform.at(talk.call.id, Stage.WRAP_UP)
    (file,) = platform.settings.recordings_dir.glob("*.wav")
    return talk, file


async def test_the_recording_goes_once_the_history_is_saved_and_not_before(platform: Platform):
    talk, file = await over(platform)
    assert file.exists()
    async with platform.at_desk() as desk:
        await desk.write_history(talk.call.id, HISTORY)

    async def gone() -> bool:
        return not file.exists()

    await platform.until(gone, "the recording is deleted")
    kinds = await kinds_with(platform, talk.call.id, "recording_deleted")
    assert kinds.index("recording_stopped") < kinds.index("history_saved") < kinds.index("recording_deleted")


async def test_a_recording_that_can_not_be_deleted_is_shown_and_deleted_when_it_can(platform: Platform):
    """Hard case 26: something else has taken the file's name."""
    talk, file = await over(platform)
    away = file.with_name(f".{file.name}")
    file.rename(away)
    file.mkdir()
    async with platform.at_desk() as desk:
        await desk.write_history(talk.call.id, HISTORY)
    await kinds_with(platform, talk.call.id, "recording_not_deleted")
    async with platform.at_desk("system", Role.ADMINISTRATOR) as administrator:
        page = await administrator.page("/admin/recordings")
        assert file.name[:8] in page
        assert "IsADirectoryError" in page
        assert (await platform.health("/readyz"))[0] == 200
        file.rmdir()
        away.rename(file)
        await platform.stop()
        await platform.start()  # a start sweeps, as each minute does
        await kinds_with(platform, talk.call.id, "recording_deleted")
        assert not file.exists()
        assert file.name[:8] not in await administrator.page("/admin/recordings")


async def kinds_with(platform: Platform, call: str, kind: str) -> list[str]:
    """The kinds of the call's events, once ``kind`` is among them."""

    async def look() -> list[str] | None:
        kinds = await platform.kinds(call)
        return kinds if kind in kinds else None

    return await platform.until(look, f"{kind} is stored")
