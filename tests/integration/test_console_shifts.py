"""勤務: the page, the CSV, and who may see them."""

from datetime import timedelta

from agent_console.figures.span import day_of
from agent_console.japan_day import day_of as japan_day
from kernel.events import Event, EventKind
from kernel.operator import OperatorState, OperatorStatus
from tests.support.console_client import Browser


async def works(desk) -> None:
    """Sato sits down at 9:00 in Japan, is ready for an hour, on a break for ten minutes, and leaves at 10:11:12."""
    begins = day_of(japan_day(desk.clock()) - timedelta(days=3)).begins + timedelta(hours=9)
    changes = (
        (0, OperatorState.PAUSED, None),
        (60, OperatorState.READY, None),
        (3660, OperatorState.PAUSED, "休憩"),
        (4272, OperatorState.LOGGED_OUT, None),
    )
    for seconds, state, reason in changes:
        at = begins + timedelta(seconds=seconds)
        data = {"state": state.value, "reason": reason}
        status = OperatorStatus("sato", state, at, reason)
        await desk.tell(status, Event(EventKind.OPERATOR_CHANGED, at, operator="sato", data=data))


def query(desk) -> str:
    return day_of(japan_day(desk.clock()) - timedelta(days=3)).query


async def test_a_day_of_work_is_shown_to_the_second_with_each_reason_of_a_pause(desk):
    await works(desk)
    async with Browser(desk.url) as mori:
        await mori.log_in("mori")
        page = await mori.page(f"/shifts?{query(desk)}")
        assert "佐藤" in page
        for text in ("09:00:00", "10:11:12", "1:11:12", "1:00:00", "10:12", "離席(理由なし)", "休憩"):
            assert text in page, text
        table = (await mori.page(f"/shifts.csv?{query(desk)}")).splitlines()
        heads, line = table[0].lstrip("\ufeff").split(","), table[1].split(",")
        told = dict(zip(heads, line, strict=True))
        assert (told["勤務(秒)"], told["受付可(秒)"], told["休憩(秒)"], told["離席(理由なし)(秒)"]) == (
            "4272",
            "3600",
            "612",
            "60",
        )
        assert sum(float(told[head]) for head in heads[5:]) == 4272
        assert "翌日" in page


async def test_a_month_has_a_line_for_each_day_and_an_empty_one_says_so(desk):
    await works(desk)
    async with Browser(desk.url) as mori:
        await mori.log_in("mori")
        day = japan_day(desk.clock()) - timedelta(days=3)
        assert f"{day:%Y/%m/%d}" in await mori.page(f"/shifts?month={day:%Y-%m}")
        assert "勤務したオペレーターはいません" in await mori.page("/shifts?month=2020-01")


async def test_operators_do_not_see_each_others_shifts(desk):
    async with Browser(desk.url) as sato:
        await sato.log_in("sato")
        assert (await sato.get("/shifts")).status == 403
