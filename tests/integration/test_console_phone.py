"""The softphone's way through the console: whose session may use it, and what passes."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, UnixConnector, WSMsgType, WSServerHandshakeError, web
from aiohttp.test_utils import TestServer

from agent_console.phone.exchange import PhoneExchange
from agent_console.phone.gate import build_gate
from agent_console.phone.line import NOT_BY_US, OVER, PING, PONG, PROTOCOL, TAKEN
from asterisk_conf.secrets import ensure_secret, phone_file
from tests.support.console import Desk, console
from tests.support.console_client import Browser

ANSWER = (
    'REGISTER sip:centre.invalid SIP/2.0\r\nAuthorization: Digest username="7001", realm="r", nonce="n", '
    'uri="sip:centre.invalid", response="%s"\r\n\r\n'
)
GUESS = "0" * 32


async def echo(request: web.Request) -> web.WebSocketResponse:
    """Stands for Asterisk: says again what it is told, and ends when told to."""
    socket = web.WebSocketResponse(protocols=(PROTOCOL,))
    await socket.prepare(request)
    async for message in socket:
        if message.data == "end":
            break
        await socket.send_str(message.data)
    return socket


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    """A console whose operator Sato uses the page as telephone; Suzuki has a desk phone."""
    exchange = web.Application()
    exchange.router.add_get("/ws", echo)
    ensure_secret(tmp_path / phone_file("7001"))
    async with TestServer(exchange) as there:
        phones = PhoneExchange(str(there.make_url("/ws")), "centre.invalid", tmp_path)
        async with console(tmp_path, phones=phones) as one:
            await uses(one, "browser")
            yield one


async def uses(desk: Desk, phone: str) -> None:
    """Let Sato's seat have that kind of telephone."""
    version = await desk.store.centres.current_version()
    assert version is not None
    seats = tuple(
        seat.model_copy(update={"phone": phone}) if seat.id == "sato" else seat for seat in version.centre.operators
    )
    centre = version.centre.model_copy(update={"operators": seats})
    await desk.store.centres.save(centre, by="ueda", now=desk.clock(), expected_version=version.version)


async def line(browser: Browser, **headers: str) -> ClientWebSocketResponse:
    headers = {"Origin": browser.url, **headers}
    return await browser.session.ws_connect(
        browser.url.replace("https", "wss") + "/phone", ssl=False, protocols=(PROTOCOL,), headers=headers
    )


async def refused(browser: Browser, **headers: str) -> int:
    with pytest.raises(WSServerHandshakeError) as error:
        await line(browser, **headers)
    return error.value.status


async def test_only_the_session_of_an_operator_whose_seat_uses_the_browser_gets_a_line(desk: Desk):
    async with Browser(desk.url) as nobody, Browser(desk.url) as suzuki, Browser(desk.url) as mori:
        assert await refused(nobody) == 401
        await suzuki.log_in("suzuki")
        assert await refused(suzuki) == 403
        await mori.log_in("mori")
        assert await refused(mori) == 403


async def test_a_page_of_another_site_gets_no_line_with_the_browsers_cookies(desk: Desk):
    async with Browser(desk.url) as sato:
        await sato.log_in("sato")
        assert await refused(sato, Origin="https://elsewhere.example") == 403
        assert await refused(sato, Origin="null") == 403


async def test_messages_pass_in_both_directions_and_the_password_is_put_in_on_the_way(desk: Desk):
    async with Browser(desk.url) as sato:
        await sato.log_in("sato")
        phone = await line(sato)
        assert phone.protocol == PROTOCOL
        await phone.send_str("OPTIONS sip:a SIP/2.0\r\n\r\n")
        assert await phone.receive_str() == "OPTIONS sip:a SIP/2.0\r\n\r\n"
        await phone.send_str(ANSWER % GUESS)
        heard = await phone.receive_str()
        assert GUESS not in heard
        assert len(heard) == len(ANSWER % GUESS)
        await phone.send_str(PING)
        assert await phone.receive_str() == PONG
        await phone.close()


async def test_the_page_shows_the_phone_and_holds_no_password(desk: Desk, tmp_path: Path):
    secret = (tmp_path / phone_file("7001")).read_text().strip()
    async with Browser(desk.url) as sato, Browser(desk.url) as suzuki:
        await sato.log_in("sato")
        page = await sato.page("/")
        assert '<soft-phone extension="7001" domain="centre.invalid"' in page
        assert secret not in page
        await suzuki.log_in("suzuki")
        assert "soft-phone" not in await suzuki.page("/")


async def test_a_second_window_takes_the_line_and_the_first_is_told(desk: Desk):
    async with Browser(desk.url) as sato:
        await sato.log_in("sato")
        first = await line(sato)
        second = await line(sato)
        assert (await first.receive()).type is WSMsgType.CLOSE
        assert first.close_code == TAKEN
        await second.send_str("still here")
        assert await second.receive_str() == "still here"
        await second.close()


async def test_logging_out_ends_the_line(desk: Desk):
    async with Browser(desk.url) as sato:
        await sato.log_in("sato")
        phone = await line(sato)
        await sato.post("/logout")
        assert (await phone.receive()).type is WSMsgType.CLOSE
        assert phone.close_code == OVER


async def test_a_line_that_asterisk_ends_is_one_that_the_page_opens_again(desk: Desk):
    async with Browser(desk.url) as sato:
        await sato.log_in("sato")
        phone = await line(sato)
        await phone.send_str("end")
        assert (await phone.receive()).type is WSMsgType.CLOSE
        assert phone.close_code == NOT_BY_US


async def test_without_asterisk_there_is_no_line_and_the_page_may_try_again(tmp_path: Path):
    ensure_secret(tmp_path / phone_file("7001"))
    nowhere = PhoneExchange("http://127.0.0.1:1/ws", "centre.invalid", tmp_path)
    async with console(tmp_path, phones=nowhere) as desk, Browser(desk.url) as sato:
        await uses(desk, "browser")
        await sato.log_in("sato")
        assert await refused(sato) == 503


async def test_a_console_apart_from_asterisk_goes_by_the_gate_which_lets_nothing_else_through(tmp_path: Path):
    exchange = web.Application()
    exchange.router.add_get("/ws", echo)
    ensure_secret(tmp_path / phone_file("7001"))
    socket = tmp_path / "gate"
    async with TestServer(exchange) as there:
        runner = web.AppRunner(build_gate(str(there.make_url("")).rstrip("/")))
        await runner.setup()
        await web.UnixSite(runner, str(socket)).start()
        phones = PhoneExchange("http://asterisk/ws", "centre.invalid", tmp_path, socket)
        async with console(tmp_path, phones=phones) as desk, Browser(desk.url) as sato:
            await uses(desk, "browser")
            await sato.log_in("sato")
            phone = await line(sato)
            await phone.send_str("through the gate")
            assert await phone.receive_str() == "through the gate"
            await phone.close()
        async with ClientSession(connector=UnixConnector(str(socket))) as http:
            for path in ("/ari/channels", "/ws/../ari/channels", "/"):
                async with http.get("http://asterisk" + path) as answer:
                    assert answer.status == 404, path
        await runner.cleanup()
