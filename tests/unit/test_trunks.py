"""What the trunks' settings say, which of them contradict each other, and how a number is asked of a trunk."""

from ipaddress import IPv4Address
from types import SimpleNamespace

import pytest
from pydantic import ValidationError

from asterisk_conf.errors import ConfError, told
from asterisk_conf.lines import contradictions, line_of
from asterisk_conf.secrets import TLS_PEERS
from denwa.checkup.trunks import trunks
from dialplan.ari.trunks import Trunks
from dialplan.switch import NotAnswered
from kernel.settings import Settings, Sip
from kernel.trunk import Registration, Trunk
from tests.unit.test_asterisk_conf import read, render

HERE = IPv4Address("192.0.2.10")
LINE = {"host": IPv4Address("192.0.2.20"), "profile": "hikari_denwa", "domain": "line.example"}
PBX = Trunk(host=IPv4Address("192.0.2.30"))
REGISTERED = Registration(user="0466251111", auth_user="0003")


def line(**changed):
    return Trunk.model_validate({**LINE, **changed})


def settings(folder, carrier=None, **sip):
    return Settings(
        _env_file=None,
        var_dir=folder / "var",
        recordings_dir=folder / "recordings",
        sip=Sip(**{"bind": HERE, "carrier": carrier or line(), "city_pbx": PBX, **sip}),
    )


def password(folder, text="secret\n"):
    (folder / "var/secrets").mkdir(parents=True, exist_ok=True, mode=0o700)
    file = folder / "var/secrets/carrier_password"
    file.write_text(text)
    file.chmod(0o600)
    return file


def test_the_profile_says_what_is_not_given_and_what_is_given_wins():
    assert Trunk(host=HERE).manner.user_phone is False
    assert line().manner.user_phone is True
    assert line().manner.codecs == ("ulaw",)
    assert line(user_phone=False, session_seconds=1800).manner.user_phone is False
    assert line(session_seconds=1800).manner.session_seconds == 1800


def test_a_line_is_set_by_the_environment_piece_by_piece(monkeypatch):
    given = {"PROFILE": "hikari_denwa", "HOST": "192.0.2.20", "REGISTRATION__USER": "0466251111", "MAX_CALLS": "23"}
    for name, value in given.items():
        monkeypatch.setenv(f"DENWA_SIP__CARRIER__{name}", value)
    trunk = Settings(_env_file=None).sip.carrier
    assert (trunk.profile, trunk.max_calls, trunk.port) == ("hikari_denwa", 23, 5060)
    assert trunk.registration == Registration(user="0466251111")
    assert trunk.manner.dialled == "to"


@pytest.mark.parametrize(
    "wrong", [{"profil": "plain"}, {"max_calls": 0}, {"session_seconds": 30}, {"identity": "rpid"}]
)
def test_a_wrong_value_is_refused_by_its_name(wrong):
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        line(**wrong)


@pytest.mark.parametrize(
    ("carrier", "sip", "setting"),
    [
        (line(srtp=True), {}, "sip.carrier.srtp"),
        (line(transport="tls"), {}, "sip.carrier.transport"),
        (line(timers="no", session_seconds=300), {}, "sip.carrier.session_seconds"),
        (line(domain=None), {}, "sip.carrier.domain"),
        (line(codecs=["alaw"]), {}, "sip.carrier.codecs"),
        (line(), {"bind": IPv4Address("127.0.0.1")}, "sip.bind"),
        (line(), {"bind": IPv4Address("0.0.0.0")}, "sip.bind"),
        (line(), {"port": 5070}, "sip.port"),
        (line(registration=REGISTERED), {}, "sip.carrier.registration.auth_user"),
    ],
)
def test_what_contradicts_itself_is_said_by_render_and_by_the_doctor(tmp_path, carrier, sip, setting):
    wanted = settings(tmp_path, carrier, **sip)
    findings = [one for one in trunks(wanted) if not one.ok and not one.optional]
    assert told(setting) in findings[0].detail
    with pytest.raises(ConfError) as refused:
        render(tmp_path, sip=wanted.sip)
    assert refused.value.setting == setting


def test_a_line_in_order_is_described_without_its_secret(tmp_path):
    password(tmp_path)
    (found,) = trunks_of("carrier", settings(tmp_path, line(registration=REGISTERED, max_calls=23, transport="tcp")))[
        :1
    ]
    assert found.ok
    assert "registers as 0466251111, 23 calls at once" in found.detail
    assert "secret" not in str(list(trunks(settings(tmp_path, line(registration=REGISTERED)))))


def trunks_of(name, wanted):
    return [one for one in trunks(wanted) if one.part == f"trunk {name}"]


def test_the_doctor_asks_for_the_channels_of_the_contract_and_names_the_leg_in_clear(tmp_path):
    _, limit, clear = trunks_of("carrier", settings(tmp_path))
    assert limit.optional
    assert "DENWA_SIP__CARRIER__MAX_CALLS" in limit.remedy
    assert "closed network" in clear.remedy


def test_tls_takes_the_peers_certificate(tmp_path):
    (tmp_path / "var/secrets").mkdir(parents=True, mode=0o700)
    (tmp_path / "var/secrets" / TLS_PEERS).write_text("PEM")
    wanted = settings(tmp_path, line(transport="tls", srtp=True))
    assert list(contradictions("carrier", wanted)) == []
    assert not [one for one in trunks_of("carrier", wanted) if "in clear" in one.detail]


@pytest.mark.parametrize(("mode", "problem"), [(0o644, "chmod 600"), (0o600, "empty")])
def test_a_password_that_others_may_read_or_that_is_empty_is_refused(tmp_path, mode, problem):
    password(tmp_path, "\n").chmod(mode)
    with pytest.raises(ConfError, match=problem):
        line_of("carrier", settings(tmp_path, line(registration=REGISTERED)))


def test_the_password_stands_in_asterisks_file_alone_and_is_not_shown(tmp_path):
    password(tmp_path)
    wanted = settings(tmp_path, line(registration=REGISTERED))
    rendered = render(tmp_path, sip=wanted.sip)
    assert "password = secret" in read(rendered, "pjsip.conf")
    assert "client_uri = sip:0466251111@line.example" in read(rendered, "pjsip.conf")
    assert "secret" not in repr(line_of("carrier", wanted))


def test_a_plain_trunk_is_written_as_ever(tmp_path):
    conf = read(render(tmp_path), "pjsip.conf")
    assert "type = registration" not in conf
    assert "user_eq_phone = yes" not in conf
    assert "GROUP(" not in read(render(tmp_path), "extensions.conf")


def asked(**carrier):
    return Trunks(Sip(bind=HERE, carrier=line(**carrier), city_pbx=PBX))


def test_a_number_is_spelled_as_the_line_wants_it():
    assert asked().dial("0312345678@carrier") == "0312345678@carrier"
    assert asked(spelling="e164").dial("0312345678@carrier") == "+81312345678@carrier"
    assert asked(spelling="e164").dial("01015551234@carrier") == "+15551234@carrier"
    assert asked(spelling="e164").dial("1840312345678@carrier") == "1840312345678@carrier"
    assert asked(spelling="e164").dial("2301@city-pbx") == "2301@city-pbx"
    assert asked().dial("7001") == "7001"


@pytest.mark.parametrize("number", ["110", "118", "119", "184119"])
def test_an_emergency_number_goes_out_only_where_that_is_wanted(number):
    with pytest.raises(NotAnswered, match="emergency"):
        asked().dial(f"{number}@carrier")
    assert asked(emergency=True).dial(f"{number}@carrier") == f"{number}@carrier"
    assert asked().dial(f"{number}@city-pbx") == f"{number}@city-pbx"


def test_the_preferred_identity_is_the_number_that_is_shown():
    assert preferred(identity="ppi") == "<sip:0466251111@line.example;user=phone>"
    assert preferred(identity="ppi", user_phone=False) == "<sip:0466251111@line.example>"
    assert preferred() is None
    assert preferred("2301@city-pbx", identity="ppi") is None


def preferred(endpoint="09012345678@carrier", **carrier):
    return asked(**carrier).variables(endpoint, "0466251111").get("PJSIP_HEADER(add,P-Preferred-Identity)")


def test_a_call_is_counted_where_the_contract_has_a_limit_and_tells_why_it_was_refused():
    assert "GROUP(trunk)" not in asked().variables("1@carrier", "2")
    assert asked(max_calls=2).variables("1@carrier", "2")["GROUP(trunk)"] == "carrier"
    assert asked().variables("2301@city-pbx", "")["CHANNEL(hangup_handler_push)"] == "why,s,1"
    assert asked().variables("7001", "2") == {}


def test_a_phone_may_transfer_where_the_installation_lets_it_and_a_trunk_never():
    trunks = Trunks(Sip(phones_transfer=True))
    assert trunks.variables("7001", "2") == {"PJSIP_TRANSFER_HANDLING()": "ari-only"}
    assert "PJSIP_TRANSFER_HANDLING()" not in trunks.variables("2301@city-pbx", "2")


@pytest.mark.parametrize(("taken", "full"), [(0, False), (1, False), (2, True), (3, True)])
async def test_a_trunk_is_full_at_the_limit_of_its_contract(taken, full):
    async def get(technology, name):
        assert (technology, name) == ("PJSIP", "carrier")
        return SimpleNamespace(channel_ids=("c",) * taken)

    ari = SimpleNamespace(endpoints=SimpleNamespace(get=get))
    assert await asked(max_calls=2).is_full(ari, "1@carrier") is full
    assert await asked(max_calls=2).is_full(ari, "7001") is False
