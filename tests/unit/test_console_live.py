import asyncio
import re
from datetime import UTC, datetime, timedelta

import pytest

from agent_console.live.streams import Stream
from agent_console.live.together import Together
from agent_console.live.topic import Fragment, Render, Topic

pytestmark = pytest.mark.looptime
NOON = datetime(2026, 11, 24, 3, tzinfo=UTC)


def now() -> datetime:
    return NOON + timedelta(seconds=asyncio.get_running_loop().time())


class Board:
    """Something to render; remembers when it was."""

    def __init__(self) -> None:
        self.html = "first"
        self.changes: datetime | None = None
        self.rendered: list[datetime] = []
        self.broken = 0

    async def __call__(self) -> Fragment:
        self.rendered.append(now())
        if self.broken:
            self.broken -= 1
            raise RuntimeError("the store is away")
        return Fragment(self.html, self.changes)


async def heard(news: asyncio.Event) -> None:
    await asyncio.wait_for(news.wait(), 5)
    news.clear()


async def test_of_many_changes_the_first_are_shown_at_once_then_four_a_second_and_the_last_one_in_any_case():
    board, news = Board(), asyncio.Event()
    topic = Topic("wall", board, now)
    topic.watch(news)
    for number in range(200):
        board.html = f"change {number}"
        topic.touch()
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.5)
    assert topic.fragment == Fragment("change 199")
    gaps = [after - before for before, after in zip(board.rendered, board.rendered[1:], strict=False)]
    assert max(gaps[:3]) < timedelta(seconds=0.1), "who sees a single change does not wait for the next turn"
    assert min(gaps[:3]) >= timedelta(seconds=0.02), "what one act changes is shown in one"
    assert min(gaps[4:]) > timedelta(seconds=0.24)
    assert len(board.rendered) <= 13
    await topic.close()


async def test_one_rendering_serves_all_watchers():
    board, watchers = Board(), [asyncio.Event() for _ in range(50)]
    topic = Topic("wall", board, now)
    for news in watchers:
        topic.watch(news)
    for news in watchers:
        await heard(news)
    assert len(board.rendered) == 1
    await topic.close()


async def test_a_rendering_that_comes_out_the_same_is_not_pushed():
    board, news = Board(), asyncio.Event()
    topic = Topic("wall", board, now)
    topic.watch(news)
    await heard(news)
    topic.touch()
    await asyncio.sleep(2)
    assert len(board.rendered) == 2
    assert not news.is_set()
    await topic.close()


async def test_time_alone_changes_a_fragment_when_it_said_so():
    board, news = Board(), asyncio.Event()
    board.changes = NOON + timedelta(seconds=10)
    topic = Topic("wall", board, now)
    topic.watch(news)
    await heard(news)
    board.html, board.changes = "late", None
    await asyncio.wait_for(news.wait(), 20)
    assert now() == NOON + timedelta(seconds=10)
    await topic.close()


async def test_a_rendering_that_fails_is_loud_and_tried_again(caplog):
    board, news = Board(), asyncio.Event()
    board.broken = 2
    topic = Topic("wall", board, now)
    topic.watch(news)
    await heard(news)
    assert topic.fragment == Fragment("first")
    assert caplog.text.count("the fragment wall could not be rendered") == 2
    await topic.close()


async def test_what_one_event_changes_in_several_fragments_is_told_once_and_a_slow_one_keeps_nobody_waiting():
    together, news, told = Together(), asyncio.Event(), list[tuple[str | None, ...]]()
    takes = {"quick": 0.0, "slower": 0.01, "slow": 2.0}

    def rendering(name: str) -> Render:
        async def render() -> Fragment:
            await asyncio.sleep(takes[name])
            return Fragment(name)

        return render

    topics = [Topic(name, rendering(name), now, together=together) for name in takes]
    for topic in topics:
        topic.watch(news)
    for _ in range(2):
        await heard(news)
        told.append(tuple(topic.fragment and topic.fragment.html for topic in topics))
    assert told == [("quick", "slower", None), ("quick", "slower", "slow")]
    for topic in topics:
        await topic.close()


async def test_nothing_is_rendered_for_nobody():
    board, news = Board(), asyncio.Event()
    topic = Topic("wall", board, now)
    topic.watch(news)
    await heard(news)
    await topic.unwatch(news)
    topic.touch()
    await asyncio.sleep(5)
    assert len(board.rendered) == 1


async def shown(name: str, html: str) -> Topic:
    board, news = Board(), asyncio.Event()
    board.html = html
    topic = Topic(name, board, now)
    topic.watch(news)
    await heard(news)
    return topic


async def test_a_browser_that_comes_back_gets_only_what_it_does_not_have():
    queues, desk = await shown("queues", "<p>\n1"), await shown("desk sato", "<p>ready")
    everything = Stream([queues, desk], "").due().decode()
    assert everything.endswith("data: <p>\ndata: 1\ndata: <p>ready\n\n")
    id = re.findall(r"^id: (.+)$", everything, re.MULTILINE)[0]
    assert Stream([queues, desk], id).due() == b""
    assert b"ready" in Stream([queues, desk], id.replace("desk_sato-", "desk_sato-x")[:-1]).due()
    for topic in (queues, desk):
        await topic.close()


@pytest.mark.parametrize("nonsense", ["", "-", "....", "queues", "queues-12", "\0", "a-b-c." * 500])
async def test_an_id_that_is_not_ours_brings_everything(nonsense):
    queues = await shown("queues", "<p>1")
    assert b"data: <p>1" in Stream([queues], nonsense).due()
    await queues.close()
