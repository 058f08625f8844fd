import asyncio
import ssl

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from bench.servers.certificate import server_files
from denwa.tls import BadCertificate, console_files, console_tls
from kernel.settings import Settings, Web


def settings(tmp_path, **web) -> Settings:
    return Settings(_env_file=None, var_dir=tmp_path, web=Web(**web))


async def handshake(context, **versions):
    """The version that a client agrees on with the console."""
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0, ssl=context)
    async with server:
        client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
        client.set_ciphers("ALL:@SECLEVEL=0")
        for name, version in versions.items():
            setattr(client, name, version)
        port = server.sockets[0].getsockname()[1]
        _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=client)
        version = writer.get_extra_info("ssl_object").version()
        writer.close()
        return version


async def test_the_console_speaks_tls_1_2_and_1_3_and_nothing_older(tmp_path):
    context = console_tls(settings(tmp_path))
    assert await handshake(context) == "TLSv1.3"
    assert await handshake(context, maximum_version=ssl.TLSVersion.TLSv1_2) == "TLSv1.2"
    with pytest.warns(DeprecationWarning, match="TLSv1_1"), pytest.raises((ssl.SSLError, ConnectionError)):
        await handshake(context, minimum_version=ssl.TLSVersion.TLSv1_1, maximum_version=ssl.TLSVersion.TLSv1_1)


def test_without_a_certificate_one_is_made_once_and_only_its_owner_reads_the_key(tmp_path):
    certificate, key = console_files(settings(tmp_path))
    before = certificate.read_bytes()
    console_tls(settings(tmp_path))
    assert certificate.read_bytes() == before
    assert key.stat().st_mode & 0o777 == 0o600


def test_the_certificate_of_the_settings_is_taken(tmp_path):
    files = server_files(tmp_path)
    console_tls(settings(tmp_path, certificate=files.certificate, key=files.key))
    assert not (tmp_path / "secrets").exists()


def test_half_a_pair_is_refused_with_what_to_set(tmp_path):
    files = server_files(tmp_path)
    with pytest.raises(BadCertificate, match="DENWA_WEB__KEY"):
        console_tls(settings(tmp_path, certificate=files.certificate))


def test_a_key_that_does_not_fit_a_file_that_is_missing_and_one_that_is_none_are_refused_by_name(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    files, strangers = server_files(one), server_files(other)
    for certificate, key in (
        (files.certificate, strangers.key),
        (files.certificate, tmp_path / "missing.key"),
        (files.key, files.key),
    ):
        with pytest.raises(BadCertificate, match=key.name):
            console_tls(settings(tmp_path, certificate=certificate, key=key))


def test_an_encrypted_key_is_refused_and_nobody_is_asked_for_a_passphrase(tmp_path):
    files = server_files(tmp_path)
    key = load_pem_private_key(files.key.read_bytes(), None)
    locked = tmp_path / "locked.key"
    locked.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")))
    with pytest.raises(BadCertificate, match="passphrase"):
        console_tls(settings(tmp_path, certificate=files.certificate, key=locked))
