"""Where a prompt goes on that was interrupted by a word in passing."""

import numpy as np
import pytest

from ivr.resuming import Place, phrase_beginnings, resumed
from ivr.telephone_audio import mu_law


def sound(*parts: float) -> bytes:
    """A tone and silence in turn, each for so many seconds."""
    spoken = [
        np.sin(np.arange(int(seconds * 8000)) * 0.5) * (0 if at % 2 else 8000) for at, seconds in enumerate(parts)
    ]
    return mu_law(np.concatenate(spoken).astype(np.int16)).tobytes()


TWO_PHRASES = sound(1.0, 0.3, 1.0, 0.2)


def test_a_phrase_begins_after_a_pause():
    assert phrase_beginnings(TWO_PHRASES) == [pytest.approx(1.28)]
    assert phrase_beginnings(sound(1.0, 0.06, 1.0)) == [], "a short stop is a sound of speech"


def test_it_goes_on_with_the_phrase_that_was_interrupted():
    assert resumed([TWO_PHRASES], Place(), 1.9) == Place(0, pytest.approx(1.28))


def test_in_its_first_phrase_it_goes_on_where_it_was_cut():
    assert resumed([TWO_PHRASES], Place(), 0.5) == Place(0, pytest.approx(0.5))


def test_a_phrase_that_was_begun_anew_already_goes_on_where_it_was_cut():
    assert resumed([TWO_PHRASES], Place(0, 1.28), 0.4) == Place(0, pytest.approx(1.68))


def test_of_several_sounds_it_goes_on_in_the_one_that_was_heard():
    assert resumed([TWO_PHRASES, TWO_PHRASES], Place(), 2.5 + 0.4) == Place(1, 0.0)
    assert resumed([TWO_PHRASES, TWO_PHRASES], Place(1, 0.0), 1.9) == Place(1, pytest.approx(1.28))


def test_what_was_heard_to_its_end_does_not_go_on():
    assert resumed([TWO_PHRASES, TWO_PHRASES], Place(1, 1.28), 1.3) is None
