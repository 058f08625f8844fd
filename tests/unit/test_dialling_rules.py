"""Which numbers operators may show: what the centre's document says of their own calls (T10)."""

from __future__ import annotations

import pytest

from ivr.seed_file import load
from kernel.centre import Centre
from tests.support.house import SEED

IP_PHONE = "05012345678"


def test_numbers_that_the_centre_does_not_own_are_mistakes_of_the_document():
    seed = load(SEED).model_dump(mode="json")
    seed["outgoing"] = {"purposes": [{"id": "survey", "label": "調査", "shows": IP_PHONE, "queue": "nowhere"}]}
    with pytest.raises(ValueError, match="none of the centre's numbers") as wrong:
        Centre.model_validate(seed)
    assert "there is no queue 'nowhere'" in str(wrong.value)
    seed["outgoing"] = {"owns": [IP_PHONE], "purposes": [{"id": "survey", "label": "調査", "shows": IP_PHONE}]}
    assert Centre.model_validate(seed).outgoing.purposes[0].shows == IP_PHONE
