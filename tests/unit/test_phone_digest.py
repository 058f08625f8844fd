"""The answer to Asterisk's challenge, worked out in the browser's stead."""

from agent_console.phone.digest import signed

BY_THE_BOOK = "6629fae49393a05397450978507c4ef1"
"""RFC 2617, 3.5."""


def request(response: str = "0" * 32, username: str = "Mufasa") -> str:
    return (
        "GET /dir/index.html HTTP/1.1\r\n"
        "Via: SIP/2.0/WSS x.invalid;branch=z9hG4bK1\r\n"
        f'Authorization: Digest algorithm=MD5, username="{username}", realm="testrealm@host.com", '
        'nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", uri="/dir/index.html", '
        f'response="{response}", opaque="5ccc069c403ebaf9f0171e9517f40e41", '
        'qop=auth, cnonce="0a4f113b", nc=00000001\r\n'
        "Content-Length: 9\r\n"
        "\r\n"
        'response="body stays"'
    )


def test_the_answer_is_the_one_of_the_rfc_and_nothing_else_is_changed():
    assert signed(request(), "Mufasa", "Circle Of Life") == request(BY_THE_BOOK)


def test_an_answer_in_the_name_of_another_phone_is_left_wrong():
    other = request(username="7002")
    assert signed(other, "7001", "secret") == other


def test_a_message_without_an_answer_passes_as_it_is():
    for message in (
        "OPTIONS sip:a SIP/2.0\r\nVia: x\r\n\r\n",
        "SIP/2.0 200 OK\r\nAuthorization: Basic x\r\n\r\nbody",
        "",
    ):
        assert signed(message, "7001", "secret") == message
