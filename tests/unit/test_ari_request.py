"""Requests as they are written, and calls that refuse to be made."""

from __future__ import annotations

from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialplan.ari.request import Request
from dialplan.ari.rest.channels import Channels
from dialplan.ari.router import Router

text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(st.lists(text, min_size=1, max_size=4), st.dictionaries(text, text, max_size=3))
def test_whatever_an_id_or_a_value_holds_arrives_as_it_was(path, query):
    route, _, written = Request("GET", tuple(path), query).uri.partition("?")
    assert [unquote(segment) for segment in route.split("/")] == path
    assert dict(parse_qsl(written, keep_blank_values=True)) == query


def test_a_parameter_that_is_not_given_is_not_sent_and_truth_is_written_small():
    request = Request("POST", ("bridges", "b1", "record"), {"name": "", "beep": False, "format": None, "seconds": 0})
    assert request.uri == "bridges/b1/record?name=&beep=false&seconds=0"


def test_a_request_shows_neither_its_query_nor_its_body():
    shown = repr(Request("POST", ("channels",), {"endpoint": "PJSIP/0466509999@carrier"}, {"variables": {"A": "0466"}}))
    assert "0466" not in shown


@pytest.mark.parametrize("media", [[], ["sound:one,two"]])
async def test_a_sound_that_asterisk_would_misread_is_refused_before_it_is_asked(media):
    async def never(_):
        raise AssertionError("asked")

    with pytest.raises(ValueError):
        await Channels(never, "denwa", Router().listen).play("one", media, playback_id="p1")
