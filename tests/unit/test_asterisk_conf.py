"""What is written for Asterisk, and which settings are refused with which words."""

import re
from datetime import date
from ipaddress import IPv4Address
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from asterisk_conf.centre import PROMPTS, render_centre
from asterisk_conf.errors import ConfError, told
from asterisk_conf.files import environment
from asterisk_conf.install import Installation
from asterisk_conf.opening import exceptions, weekly
from asterisk_conf.outside import render_outside
from asterisk_conf.secrets import ARI_PASSWORD
from kernel.centre import Hours, OperatorSeat
from kernel.settings import Ari, Outside, Settings, Sip, Trunk

SOME_ASTERISK = Installation(("asterisk",), Path("/opt/modules"), Path("/opt/data"), (22, 10, 1))
SEATS = (
    OperatorSeat(id="sato", name="佐藤", extension="7001", queues=()),
    OperatorSeat(id="mori", name="森", extension="7002", queues=()),
)
WEEKDAYS = Hours.model_validate({"week": {"mon": ["08:30-12:00", "13:00-17:15"]}})
SHARED_FOLDER = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def render(folder: Path, hours: Hours = WEEKDAYS, seats=SEATS, prompts=None, numbers=(), **given):
    if prompts is None:
        prompts = {name: folder / name for name in PROMPTS}
        for file in prompts.values():
            file.with_suffix(".wav").write_bytes(b"RIFF")
    wanted = Settings(_env_file=None, **{"var_dir": folder / "var", "recordings_dir": folder / "recordings", **given})
    return render_centre(
        wanted, seats, hours, prompts, folder / "asterisk", numbers=numbers, installation=SOME_ASTERISK
    )


def read(rendered, name: str) -> str:
    return (rendered.folders.etc / name).read_text(encoding="utf-8")


def skeleton(folder: Path) -> dict[str, list[str]]:
    """All that is not a value in the configuration: sections, keys, and how many lines there are."""
    return {
        file.name: [re.split(r"\s*(?:=>|=)", line)[0] for line in file.read_text(encoding="utf-8").split("\n")]
        for file in sorted(folder.iterdir())
    }


def test_a_phones_own_transfer_is_taken_only_where_the_settings_say_so_and_a_trunks_never(tmp_path):
    refer = "res_pjsip_refer.so"
    rendered = render(tmp_path)
    assert refer not in read(rendered, "modules.conf")
    assert read(rendered, "pjsip.conf").count("allow_transfer = no") == 2
    assert refer in read(render(tmp_path, sip=Sip(phones_transfer=True)), "modules.conf")


def test_what_is_written_is_its_owners_alone_and_the_secret_is_not_shown(tmp_path):
    rendered = render(tmp_path)
    for file in (*rendered.folders.etc.iterdir(), *(tmp_path / "var/secrets").iterdir()):
        assert file.stat().st_mode & 0o777 == 0o600
    assert rendered.folders.root.stat().st_mode & 0o777 == 0o700
    assert rendered.ari_password == (tmp_path / "var/secrets" / ARI_PASSWORD).read_text().strip()
    assert len(rendered.ari_password) >= 43
    assert rendered.ari_password not in repr(rendered)


def test_rendering_again_changes_nothing_and_takes_away_what_is_no_longer_meant(tmp_path):
    first = render(tmp_path)
    before = {file.name: file.read_bytes() for file in first.folders.etc.iterdir()}
    (first.folders.etc / "manager.d.conf").write_text("[general]\nenabled = yes\n")
    second = render(tmp_path)
    assert {file.name: file.read_bytes() for file in second.folders.etc.iterdir()} == before


def test_recordings_of_ari_come_into_the_folder_of_the_settings(tmp_path):
    (tmp_path / "asterisk/spool/recording").mkdir(parents=True)
    rendered = render(tmp_path)
    assert (rendered.folders.spool / "recording").resolve() == tmp_path / "recordings"
    assert (tmp_path / "recordings").stat().st_mode & 0o777 == 0o700


def test_phones_that_are_no_longer_an_operators_are_no_longer_there(tmp_path):
    assert "[7002]" in read(render(tmp_path), "pjsip.conf")
    assert "[7002]" not in read(render(tmp_path, seats=SEATS[:1]), "pjsip.conf")


def test_a_centre_with_no_operators_apologises_instead_of_ringing_nobody(tmp_path):
    dialplan = read(render(tmp_path, seats=()), "extensions.conf")
    assert "Dial(" not in dialplan
    assert "Goto(apology,s,1)" in dialplan


def test_two_operators_who_share_a_phone_give_one_phone(tmp_path):
    twin = SEATS[0].model_copy(update={"id": "kato"})
    assert read(render(tmp_path, seats=(*SEATS, twin)), "pjsip.conf").count("[7001](phone)") == 1


@pytest.mark.parametrize(
    ("given", "setting"),
    [
        ({"ari": Ari(app="denwa,x")}, "ari.app"),
        ({"ari": Ari(app="")}, "ari.app"),
        ({"ari": Ari(user="a]\n[b")}, "ari.user"),
        ({"ari": Ari(host="127.0.0.1 ; x")}, "ari.host"),
        ({"sip": Sip(domain="a b")}, "sip.domain"),
        ({"sip": Sip(port=5061)}, "sip.tls_port"),
        ({"sip": Sip(rtp_first=10001)}, "sip.rtp_last"),
        ({"sip": Sip(rtp_first=12000, rtp_last=10000)}, "sip.rtp_last"),
        ({"sip": Sip(rtp_first=5000, rtp_last=6000)}, "sip.rtp_first"),
        ({"sip": Sip(city_pbx=Trunk(host=IPv4Address("127.0.0.2")))}, "sip.city_pbx.host"),
        ({"sip": Sip(carrier=Trunk(host=IPv4Address("127.0.0.1")))}, "sip.carrier.host"),
        ({"sip": Sip(own_extension="7001")}, "sip.own_extension"),
        ({"recordings_dir": Path("recordings;x")}, "recordings_dir"),
    ],
)
def test_a_setting_that_can_not_work_is_refused_by_its_name(tmp_path, monkeypatch, given, setting):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ConfError) as refused:
        render(tmp_path, **given)
    assert refused.value.setting == setting
    assert str(refused.value).startswith(f"{told(setting)}: ")


@pytest.mark.parametrize("name", ["x" * 90, "a;b", "a$b", "a,b"])
def test_a_folder_that_asterisk_can_not_use_is_refused(tmp_path, name):
    (tmp_path / name).mkdir()
    with pytest.raises(ConfError, match="DENWA_VAR_DIR"):
        render(tmp_path / name, recordings_dir=tmp_path / "recordings")


def test_a_folder_may_have_a_japanese_name_and_a_space(tmp_path):
    (tmp_path / "市役所 1").mkdir()
    assert "市役所 1/asterisk/etc" in read(render(tmp_path / "市役所 1"), "asterisk.conf")


def test_an_unknown_sip_setting_is_refused():
    with pytest.raises(ValidationError, match="prot"):
        Sip.model_validate({"prot": 5060})


@pytest.mark.parametrize("missing", PROMPTS)
def test_a_prompt_that_is_not_given_or_has_no_file_is_named(tmp_path, missing):
    prompts = {name: tmp_path / name for name in PROMPTS}
    for name, file in prompts.items():
        if name != missing:
            file.with_suffix(".ulaw").write_bytes(b"\xff")
    with pytest.raises(ConfError, match=f"prompt {missing}"):
        render(tmp_path, prompts=prompts)
    with pytest.raises(ConfError, match=f"prompt {missing}"):
        render(tmp_path, prompts={name: file for name, file in prompts.items() if name != missing})


def test_a_prompt_that_has_changed_replaces_the_old_one_in_all_its_forms(tmp_path):
    rendered = render(tmp_path)
    for name in PROMPTS:
        (tmp_path / f"{name}.wav").unlink()
        (tmp_path / f"{name}.ulaw").write_bytes(b"\xff")
    render(tmp_path, prompts={name: tmp_path / name for name in PROMPTS})
    assert {file.suffix for file in rendered.folders.sounds.iterdir()} == {".ulaw"}


@SHARED_FOLDER
@given(field=st.sampled_from(["app", "user", "host", "domain"]), text=st.text(max_size=60))
def test_no_setting_becomes_a_line_or_a_word_of_the_configuration(tmp_path, field, text):
    baseline = skeleton(render(tmp_path).folders.etc)
    given = {"sip": Sip(domain=text)} if field == "domain" else {"ari": Ari(**{field: text})}
    try:
        rendered = render(tmp_path, **given)
    except ConfError:
        return
    shape = skeleton(rendered.folders.etc)
    if field == "user":
        shape["ari.conf"] = ["[denwa]" if line == f"[{text}]" else line for line in shape["ari.conf"]]
    assert shape == baseline


@settings(deadline=None)
@given(text=st.text(max_size=20) | st.from_regex(r"[a-z \n\r;\[\]{}$]{1,8}", fullmatch=True))
def test_a_value_that_a_template_prints_stays_a_value(text):
    template = environment().from_string("[probe]\nkey = {{ value }}\n")
    try:
        written = template.render(value=text)
    except ConfError:
        assert not text.isalnum() or not text.isascii()
        return
    assert written == f"[probe]\nkey = {text}\n"
    assert len(written.splitlines()) == 2
    assert not set(text) & set(";[]{}$\\")


def test_hours_become_times_that_end_a_minute_before_closing():
    hours = Hours.model_validate({"week": {"mon": ["08:30-12:00", "13:00-17:15"], "sun": ["22:00-24:00"]}})
    assert weekly(hours) == (
        "08:30-11:59,mon,*,*,JST-9",
        "13:00-17:14,mon,*,*,JST-9",
        "22:00-23:59,sun,*,*,JST-9",
    )


def test_special_days_win_over_holidays_and_come_in_order():
    special = [
        {"date": date(2027, 1, 4), "periods": ["10:00-12:00"]},
        {"date": date(2027, 1, 2), "periods": []},
    ]
    hours = Hours.model_validate({"week": {}, "special": special})
    holidays = {date(2027, 1, 1): (), date(2027, 1, 4): ()}
    assert [(day.pattern, day.times) for day in exceptions(hours, holidays)] == [
        ("20270101", ()),
        ("20270102", ()),
        ("20270104", ("10:00-11:59,*,*,*,JST-9",)),
    ]


def test_the_world_outside_is_where_the_centre_looks_for_it(tmp_path):
    render(tmp_path)
    wanted = Settings(_env_file=None, var_dir=tmp_path / "var", recordings_dir=tmp_path / "recordings")
    rendered = render_outside(
        wanted, SEATS, Outside(), tmp_path / "heard", tmp_path / "outside", installation=SOME_ASTERISK
    )
    sip = read(rendered, "pjsip.conf")
    assert "bind = 127.0.0.2:5060" in sip
    assert "bind = 127.0.0.3:5060" in sip
    assert "client_uri = sip:7002@127.0.0.1" in sip


def test_the_world_outside_needs_the_centres_secrets(tmp_path):
    wanted = Settings(_env_file=None, var_dir=tmp_path / "var", recordings_dir=tmp_path / "recordings")
    with pytest.raises(ConfError, match="phone_7001"):
        render_outside(wanted, SEATS, Outside(), tmp_path / "heard", tmp_path / "outside", installation=SOME_ASTERISK)
