"""A desk phone that rings is answered from the page, where it can be."""

from __future__ import annotations

from kernel.commands import CommandKind


async def test_a_desk_phone_that_answers_by_itself_has_the_button_on_the_page_and_another_has_not(desk, sato):
    await desk.waits("c1")
    await desk.rings("c1", "sato")
    assert "/desk/answer" not in await sato.page("/")
    answer = await sato.post("/desk/answer", {"call": "c1"})
    assert answer.status == 409
    assert "電話機で応答してください" in await answer.text()
    version = await desk.store.centres.current_version()
    seats = tuple(seat.model_copy(update={"phone": "auto_answer"}) for seat in version.centre.operators)
    centre = version.centre.model_copy(update={"operators": seats})
    await desk.store.centres.save(centre, by="ueda", now=desk.clock(), expected_version=version.version)
    assert "/desk/answer" in await sato.page("/")
    wish = await desk.clicked(sato, "/desk/answer", call="c1")
    assert (wish.kind, wish.call, wish.operator, wish.by) == (CommandKind.ANSWER, "c1", "sato", "sato")
    await desk.talks("c1", "sato")
    assert "/desk/answer" not in await sato.page("/")
