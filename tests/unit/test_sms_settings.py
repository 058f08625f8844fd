"""The settings of SMS (T13): whole and private, or refused with what to do; and what the doctor says of them."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from asterisk_conf.errors import ConfError
from crm.sms.gateways import LocalGateway, NoGateway
from crm.sms.http_gateway import HttpGateway
from denwa.checkup.sms import gateway
from denwa.sms import _gateway, token
from kernel.phone_number import PhoneNumber, international, is_mobile
from kernel.settings import Settings, SmsSettings
from kernel.sms import Refused, Taken
from tests.support.sms import an_sms

HTTP = {"gateway": "http", "url": "https://sms.example.jp/messages", "sender": "FujisawaCty"}


def settings(folder, **sms) -> Settings:
    return Settings(_env_file=None, var_dir=folder, sms=SmsSettings(**sms))


def write_token(settings, text="secret", mode=0o600):
    settings.secrets.mkdir(mode=0o700)
    file = settings.secrets / "sms_token"
    file.write_text(text + "\n")
    file.chmod(mode)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"url": None}, "DENWA_SMS__URL"),
        ({"sender": ""}, "DENWA_SMS__SENDER"),
        ({"url": "http://sms.example.jp/"}, "https://"),
        ({"url": "http://127.0.0.1.example.jp/"}, "https://"),
        ({"url": "http://192.168.0.1/"}, "https://"),
        ({"url": "https://user:word@sms.example.jp/"}, "sms_token"),
        ({"url": "https://sms.example.jp/?token=word"}, "sms_token"),
        ({"url": "ftp://sms.example.jp/"}, "URL"),
        ({"a_day": 0}, "greater than or equal to 1"),
        ({"spelt_wrong": 1}, "Extra inputs"),
    ],
    ids=str,
)
def test_settings_that_are_not_whole_or_send_in_clear_are_refused(change, says):
    with pytest.raises(ValidationError, match=says):
        SmsSettings(**{**HTTP, **change})


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.9.1", "[::1]"])
def test_a_gateway_on_this_machine_may_do_without_tls(host):
    assert SmsSettings(**{**HTTP, "url": f"http://{host}:8080/sms"}).offered


def test_without_a_setting_nobody_is_offered_a_link(monkeypatch, tmp_path):
    assert not SmsSettings().offered
    for name, text in HTTP.items():
        monkeypatch.setenv(f"DENWA_SMS__{name.upper()}", text)
    assert Settings(_env_file=None, var_dir=tmp_path).sms == SmsSettings(**HTTP)


async def test_the_gateway_that_is_set_is_the_one_that_is_opened(tmp_path):
    http = settings(tmp_path, **HTTP)
    write_token(http)
    async with _gateway(http) as opened:
        assert isinstance(opened, HttpGateway)
    async with _gateway(settings(tmp_path, gateway="local")) as opened:
        assert isinstance(opened, LocalGateway)
        assert await opened.send(an_sms()) == Taken()
    async with _gateway(settings(tmp_path)) as opened:
        assert isinstance(opened, NoGateway)
        assert await opened.send(an_sms()) == Refused("no_gateway")


@pytest.mark.parametrize(
    ("text", "mode", "says"),
    [
        (None, 0o600, "write the gateway's token"),
        ("word", 0o644, "chmod 600"),
        ("", 0o600, "is empty"),
        ("鍵", 0o600, "ASCII"),
    ],
    ids=["missing", "readable", "empty", "no-ascii"],
)
def test_a_token_that_is_missing_open_or_none_is_told_and_never_shown(tmp_path, text, mode, says):
    http = settings(tmp_path, **HTTP)
    if text is not None:
        write_token(http, text, mode)
    with pytest.raises(ConfError, match=says):
        token(http)
    found = gateway(http)
    assert (found.ok, found.optional) == (False, False)
    assert says in found.detail


def test_the_doctor_tells_a_whole_gateway_from_none_and_from_one_that_sends_nothing(tmp_path):
    http = settings(tmp_path, **HTTP)
    write_token(http)
    assert gateway(http).ok
    assert "secret" not in gateway(http).detail
    none, local = gateway(settings(tmp_path)), gateway(settings(tmp_path, gateway="local"))
    assert [(one.ok, one.optional) for one in (none, local)] == [(False, True), (False, True)]
    assert "nobody gets one" in local.detail


@pytest.mark.parametrize(
    ("digits", "mobile"),
    [
        ("09012345678", True),
        ("08012345678", True),
        ("07012345678", True),
        ("05012345678", False),
        ("06012345678", False),
        ("0466251111", False),
        ("09002345678", False),
        ("0901234567", False),
        ("090123456789", False),
        ("+819012345678", False),
        ("+14155550100", False),
        ("110", False),
        ("08001234567", False),
    ],
)
def test_only_a_whole_japanese_mobile_number_takes_an_sms(digits, mobile):
    assert is_mobile(PhoneNumber(digits)) is mobile


def test_a_number_is_written_for_the_gateway_as_e164_has_it():
    assert international(PhoneNumber("09012345678")) == "+819012345678"
    assert international(PhoneNumber("+14155550100")) == "+14155550100"
