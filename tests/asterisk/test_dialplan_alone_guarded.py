"""What the centre's Asterisk keeps from strangers, from other users of the machine, and out of its logs."""

import socket
import ssl
from pathlib import Path

import aiohttp
import pytest

from asterisk_conf.secrets import phone_file, read_secret
from tests.support.asterisk import Instance
from tests.support.raw_sip import Stranger
from tests.support.telephones import connected, ring_up

MAIN = "0466251111@centre-carrier"
CALLER = "0398765432"
UNAUTHORISED = 401
LISTENING = "0A"
OFFER = "v=0\r\no=- 1 1 IN IP4 127.0.0.9\r\ns=-\r\nc=IN IP4 127.0.0.9\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"


def stranger(centre: Instance) -> Stranger:
    sip = centre.settings.sip
    return Stranger(str(sip.bind).rpartition(".")[0] + ".9", (str(sip.bind), sip.port))


@pytest.mark.parametrize("name", ["carrier", "city-pbx", "7001", "anonymous", "nobody"])
def test_a_guest_gets_no_call_whatever_name_is_given(centre, name):
    with stranger(centre) as guest:
        answer = guest.ask("INVITE", name, "0466251111", body=OFFER, Content_Type="application/sdp")
    assert answer.status == UNAUTHORISED


def test_a_phone_registers_with_its_own_secret_alone(centre):
    secrets = centre.settings.secrets
    with stranger(centre) as phone:
        assert phone.register("7003", "wrong").status in {UNAUTHORISED, 403}
        assert phone.register("7003", read_secret(secrets / phone_file("7002"))).status in {UNAUTHORISED, 403}
        assert phone.register("7099", read_secret(secrets / phone_file("7002"))).status in {UNAUTHORISED, 403}


async def test_a_phone_registers_with_its_secret(own_world):
    secret = read_secret(own_world.centre.settings.secrets / phone_file("7003"))
    with stranger(own_world.centre) as phone:
        assert phone.register("7003", secret).status == 200


async def test_ari_refuses_who_does_not_know_its_secret(centre):
    async with aiohttp.ClientSession(centre.ari_url) as http:
        for secret in (None, aiohttp.encode_basic_auth(centre.ari_user, "guess")):
            headers = {"Authorization": secret} if secret else {}
            async with http.get("/ari/channels", headers=headers) as answer:
                assert answer.status == UNAUTHORISED


def test_sip_over_tls_refuses_versions_before_1_2(centre):
    sip = centre.settings.sip
    trusting = ssl.create_default_context(cafile=str(centre.settings.secrets / "tls.crt"))
    with (
        socket.create_connection((str(sip.bind), sip.tls_port), timeout=5) as plain,
        trusting.wrap_socket(plain, server_hostname=str(sip.bind)) as tls,
    ):
        assert tls.version() in {"TLSv1.2", "TLSv1.3"}
    old = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    old.check_hostname, old.verify_mode = False, ssl.CERT_NONE
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1"):
        old.minimum_version, old.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    with (
        socket.create_connection((str(sip.bind), sip.tls_port), timeout=5) as plain,
        pytest.raises((ssl.SSLError, ConnectionError)),
    ):
        old.wrap_socket(plain)


def test_asterisk_takes_connections_for_sip_and_ari_at_its_own_address_and_no_others(centre):
    sip, ari = centre.settings.sip, centre.settings.ari
    wanted = {(str(sip.bind), port) for port in (sip.port, sip.tls_port)} | {(ari.host, ari.port)}
    assert listening(centre.process.pid) == wanted


def listening(pid: int) -> set[tuple[str, int]]:
    """Address and port of each TCP socket on which the process waits for others."""
    links = (str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir())
    mine = {link.removeprefix("socket:[").rstrip("]") for link in links if link.startswith("socket:[")}
    found = set[tuple[str, int]]()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            _, local, _, state, *_, inode = line.split()[:10]
            if inode in mine and state == LISTENING:
                address, port = local.split(":")
                found.add((socket.inet_ntoa(bytes.fromhex(address)[:4][::-1]), int(port, 16)))
    return found


async def test_both_start_without_a_single_warning(own_world):
    for instance in (own_world.centre, own_world.outside):
        assert not [line for line in instance.log.splitlines() if "WARNING" in line or "ERROR" in line]


async def test_recordings_lie_in_the_settings_folder_and_are_their_owners_alone(world):
    folder = world.centre.settings.recordings_dir
    before = set(folder.iterdir())
    async with connected(world.centre) as centre, connected(world.outside) as outside:
        await ring_up(outside, MAIN, CALLER)
        arrived = await centre.arrival("inbound")
        await arrived.answer()
        await arrived.ari("POST", "/record", name="a1b2", format="wav")
        await arrived.hang_up()
        await centre.wait("RecordingFinished")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / "a1b2.wav").stat().st_mode & 0o777 == 0o600
    await world.centre.ari("DELETE", "/recordings/stored/a1b2")
    assert set(folder.iterdir()) == before


async def test_all_that_asterisk_keeps_is_its_users_alone(centre):
    root = centre.rendered.folders.root
    open_to_others = [
        path for path in (root, *root.rglob("*")) if path.lstat().st_mode & 0o077 and not path.is_symlink()
    ]
    assert not [path for path in open_to_others if path.parent != centre.rendered.folders.sounds]


async def test_no_callers_number_stays_in_asterisks_files_after_all_kinds_of_calls(own_world):
    centre = own_world.centre
    async with connected(own_world.outside) as outside:
        alone = await ring_up(outside, MAIN, CALLER)
        rung = await outside.arrival("phone", "7001")
        await rung.answer()
        await alone.hang_up()
        await rung.gone()
        refused = await ring_up(outside, "0466259999@centre-carrier", CALLER)
        await refused.gone()
        async with connected(centre) as controller:
            await ring_up(outside, MAIN, CALLER)
            arrived = await controller.arrival("inbound")
            await arrived.ari("POST", "/continue", context="no-such-context", extension="s", priority=1)
            await arrived.gone()
            unknown = await ring_up(controller, f"{CALLER}@carrier", CALLER)
            await (await outside.arrival("carrier", CALLER)).hang_up()
            await unknown.gone()
    with stranger(centre) as guest:
        guest.ask("INVITE", CALLER, CALLER, body=OFFER, Content_Type="application/sdp")
    await centre.stop()
    kept = [path for path in centre.rendered.folders.root.rglob("*") if path.is_file()]
    assert centre.rendered.log in kept
    assert not [path.name for path in kept if CALLER[1:].encode() in path.read_bytes()]
