"""The draft of a talk, beside the form of its history: pushed, for its writer alone, told as what it is."""

from __future__ import annotations

import pytest

from agent_console.desk.choices import NO_CHOICES
from agent_console.desk.talk_draft import HEADING, pieces, shown, text_of
from crm.viewings import Citizen, Shown, Wanted
from kernel.events import Event, EventKind
from kernel.talk_draft import DraftState, Side, Spoken, TalkDraft
from tests.support.console_client import Browser
from tests.support.drafted import MADE, draft, wrapping_up

PATH = "/calls/c1/talk-draft"


async def test_it_appears_on_the_desk_when_it_is_ready_without_a_reload_and_without_its_words(desk, sato):
    async with sato.stream("/live/desk") as events:
        await wrapping_up(desk)
        await draft(desk, DraftState.WAITING)
        await events.fragment("下書きを作っています")
        await draft(desk)
        pushed = await events.fragment(f'hx-get="{PATH}"')
    assert "粗大ごみ" not in pushed
    assert "作っています" not in pushed


async def test_its_writer_reads_both_sides_marks_and_proposals_and_that_a_machine_made_it(desk, sato):
    await wrapping_up(desk)
    await draft(desk)
    page = await sato.page(PATH)
    assert "機械が録音から起こした文字です" in page
    assert "必ず確かめ" in page
    assert "1:05 市民" in page
    assert "0:00 職員" in page
    assert "話者不明" in page
    assert '&lt;b&gt;<mark><span class="skip">用件: </span>粗大ごみ</mark>&lt;/b&gt;のことで' in page
    assert "(046625)" in page
    assert "<b>" not in page
    assert "確からしさ 93%" in page
    assert 'data-text="kankyo-jigyo"' in page
    (viewed,) = await viewings(desk)
    assert (viewed.user, viewed.citizen) == ("sato", Citizen(call="c1"))


async def viewings(desk):
    await desk.store.viewings.flushed()
    return [one for one in await desk.store.viewings.find(Wanted(), None) if one.shown == Shown.TALK_DRAFT]


async def test_nobody_else_reads_it_and_one_that_is_not_there_is_no_page(desk, sato):
    await wrapping_up(desk)
    assert (await sato.get(PATH)).status == 404
    await draft(desk)
    for user in ("suzuki", "mori", "kimura", "ueda"):
        async with Browser(desk.url) as browser:
            await browser.log_in(user)
            assert (await browser.get(PATH)).status == 403
    assert await viewings(desk) == []


async def test_a_supervisor_who_took_the_call_over_reads_it_on_the_page_of_its_history(desk, sato):
    await wrapping_up(desk)
    await desk.tell(Event(EventKind.CALL_TAKEN_OVER, desk.clock(), "c1", "sato", "enquiries", {"by": "mori"}))
    async with Browser(desk.url) as mori:
        await mori.log_in("mori")
        await draft(desk, DraftState.WAITING)
        waiting = await mori.page("/wall/taken/c1")
        assert f'hx-get="{PATH}" hx-trigger="load delay:5s"' in waiting
        assert 'hx-trigger="load delay:5s"' in await mori.page(PATH)
        await draft(desk)
        assert f'hx-get="{PATH}"' in await mori.page("/wall/taken/c1")
        assert "粗大ごみ" in await mori.page(PATH)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (DraftState.FAILED, "作れませんでした"),
        (DraftState.TOO_LONG, "通話が長いため"),
        (DraftState.SILENT, "ことばが見つからなかった"),
    ],
)
async def test_where_there_is_none_the_desk_says_why(desk, sato, state, said):
    await wrapping_up(desk)
    await draft(desk, state, None)
    assert said in await sato.page("/")
    assert said in await sato.page(PATH)
    assert await viewings(desk) == [], "it shows nobody's data"


async def test_where_drafts_are_off_nothing_is_said_of_them(desk, sato):
    await wrapping_up(desk)
    page = await sato.page("/")
    assert "履歴を保存する" in page
    assert "文字起こし" not in page


def test_what_goes_into_the_form_says_that_nobody_has_checked_it_and_fits():
    assert text_of(MADE).splitlines()[:2] == [HEADING, "職員: お電話ありがとうございます。"]
    long = TalkDraft(tuple(Spoken(Side.CITIZEN, at, at + 1.0, "あ" * 300) for at in range(50)))
    assert len(text_of(long)) == 10_000


def test_a_department_that_the_centre_has_no_more_is_not_proposed():
    fields = shown(MADE, NO_CHOICES).fields
    assert "department" not in fields
    assert fields["subject"] == "粗大ごみについて"


def test_the_pieces_of_a_text_are_the_text():
    assert all("".join(piece.text for piece in pieces(one)) == one.text for one in MADE.spoken)
