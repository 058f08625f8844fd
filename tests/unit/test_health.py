import asyncio

import pytest
from aiohttp.test_utils import TestClient, TestServer

from denwa.health import build_health_app
from denwa.metrics import watch_journal


async def well():
    return None


async def ill():
    return "not connected to Asterisk"


async def breaks():
    raise OSError("0466251111")


async def never_answers():
    await asyncio.Event().wait()


@pytest.fixture
async def ask():
    clients = []

    async def ask(path, **checks):
        client = TestClient(TestServer(build_health_app(checks)))
        clients.append(client)
        await client.start_server()
        return await client.get(path)

    yield ask
    for client in clients:
        await client.close()


async def test_it_is_ready_when_all_parts_are(ask):
    answer = await ask("/readyz", store=well, asterisk=well)
    assert answer.status == 200
    assert await answer.json() == {"ready": True, "parts": {"store": None, "asterisk": None}, "notes": {}}


async def test_one_part_that_is_not_ready_is_named_with_its_reason(ask):
    answer = await ask("/readyz", store=well, asterisk=ill)
    assert answer.status == 503
    assert await answer.json() == {
        "ready": False,
        "parts": {"store": None, "asterisk": "not connected to Asterisk"},
        "notes": {},
    }


async def test_what_callers_get_instead_of_being_let_in_is_told_of_a_platform_that_is_ready():
    app = build_health_app({"store": well}, {"admission": lambda: "new calls get guidance: reply_seconds"})
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/readyz")
        assert answer.status == 200
        assert (await answer.json())["notes"] == {"admission": "new calls get guidance: reply_seconds"}


async def test_a_check_that_breaks_or_hangs_counts_as_not_ready_and_leaves_the_others_legible(ask, monkeypatch):
    monkeypatch.setattr("denwa.health.CHECK_SECONDS", 0.05)
    answer = await ask("/readyz", store=well, bus=breaks, asterisk=never_answers)
    parts = (await answer.json())["parts"]
    assert answer.status == 503
    assert parts["store"] is None
    assert parts["bus"] == "can't be checked: OSError"
    assert "no answer" in parts["asterisk"]


async def test_it_lives_even_where_nothing_is_ready(ask):
    assert (await ask("/healthz", asterisk=ill)).status == 200


class Journal:
    backlog = 7
    oldest_seconds = 1.5
    refused = 0


async def test_the_figures_are_served_for_prometheus(ask):
    watch_journal(Journal())
    await ask("/readyz", somebody=ill)
    answer = await ask("/metrics")
    text = await answer.text()
    assert answer.content_type == "text/plain"
    assert "denwa_journal_backlog 7.0" in text
    assert 'denwa_ready{part="somebody"} 0.0' in text
