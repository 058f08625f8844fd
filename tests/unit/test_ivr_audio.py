import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.telephone_audio import FRAME, RATE, Inaudible, for_telephone, mu_law

SOURCE_RATE = 48000


def tone(*frequencies, seconds=1.0, rate=SOURCE_RATE, level=8000.0):
    at = np.arange(int(seconds * rate)) / rate
    return sum(level * np.sin(2 * np.pi * frequency * at) for frequency in frequencies)


def power_at(pcm, frequency):
    """The power in a band of 40 Hz around ``frequency``, in dB to full scale."""
    spectrum = np.abs(np.fft.rfft(pcm * np.hanning(pcm.size) / 32768)) / pcm.size * 4
    at = np.fft.rfftfreq(pcm.size, 1 / RATE)
    return 20 * np.log10(spectrum[np.abs(at - frequency) <= 20].max() + 1e-9)


def active_rms(pcm):
    frames = pcm[: pcm.size // FRAME * FRAME].reshape(-1, FRAME) / 32767
    levels = np.sqrt(np.mean(frames**2, axis=1))
    return 20 * np.log10(np.sqrt(np.mean(levels[levels > levels.max() / 30] ** 2)))


def test_the_telephones_band_passes_and_what_lies_outside_does_not():
    heard = for_telephone(tone(50, 100, 350, 1000, 3300, 6000), SOURCE_RATE)
    inside = [power_at(heard, frequency) for frequency in (350, 1000, 3300)]
    assert max(inside) - min(inside) < 1
    assert max(power_at(heard, frequency) for frequency in (50, 100)) < min(inside) - 45


def test_what_lies_above_the_band_does_not_fold_back_into_it():
    heard = for_telephone(tone(1000) + tone(5000, 6500, 9500), SOURCE_RATE)
    folded = [power_at(heard, abs(8000 - frequency)) for frequency in (5000, 6500)]
    assert max(folded) < power_at(heard, 1000) - 55


@pytest.mark.parametrize("loudness", [0.001, 30.0, 30000.0])
def test_quiet_and_loud_speech_come_out_at_one_level(loudness):
    heard = for_telephone(tone(500, 1500, level=loudness), SOURCE_RATE)
    assert active_rms(heard) == pytest.approx(-20, abs=0.7)


def test_pauses_do_not_make_the_speech_between_them_louder():
    pause = np.zeros(SOURCE_RATE)
    heard = for_telephone(np.concatenate([tone(800), pause, pause, tone(800)]), SOURCE_RATE)
    assert active_rms(heard) == pytest.approx(-20, abs=0.7)


def test_a_peak_is_turned_down_and_not_cut_off():
    click = np.concatenate([tone(700), tone(700, seconds=0.02, level=120000.0), tone(700)])
    heard = for_telephone(click, SOURCE_RATE)
    assert np.abs(heard).max() <= 32767 * 10 ** (-3 / 20) + 1
    assert power_at(heard, 2100) < power_at(heard, 700) - 35


def test_the_silence_around_speech_is_short_and_the_same_for_every_prompt():
    silence = np.zeros(SOURCE_RATE)
    heard = for_telephone(np.concatenate([silence, tone(600), silence, silence]), SOURCE_RATE)
    assert heard.size / RATE == pytest.approx(1.0 + 0.06 + 0.2, abs=0.05)
    assert heard[0] == heard[-1] == 0


def test_speech_at_the_telephones_own_rate_needs_no_other():
    assert for_telephone(tone(600, rate=RATE), RATE).size == pytest.approx(1.26 * RATE, rel=0.05)


@pytest.mark.parametrize("nothing", [np.zeros(0), np.zeros(48000)])
def test_silence_is_refused_and_not_made_into_a_silent_prompt(nothing):
    with pytest.raises(Inaudible):
        for_telephone(nothing, SOURCE_RATE)


@pytest.mark.parametrize("rate", [22050, 44100, 11025])
def test_a_rate_that_does_not_divide_gives_the_same_sound(rate):
    heard = for_telephone(tone(600, 1500, rate=rate), rate)
    same = for_telephone(tone(600, 1500), SOURCE_RATE)
    assert abs(heard.size - same.size) <= FRAME
    assert power_at(heard, 600) == pytest.approx(power_at(same, 600), abs=0.3)
    assert power_at(heard, 1500) == pytest.approx(power_at(same, 1500), abs=0.3)
    assert max(power_at(heard, other) for other in (1000, 2500)) < power_at(heard, 600) - 50


def expand(code):
    """G.711 µ-law to linear, from the recommendation's decision values."""
    inverted = ~int(code) & 0xFF
    magnitude = ((((inverted & 0x0F) << 3) + 0x84) << ((inverted >> 4) & 7)) - 0x84
    return -magnitude if inverted & 0x80 else magnitude


@given(st.integers(-32768, 32767))
def test_mu_law_is_the_nearest_of_its_steps(sample):
    code = mu_law(np.array([sample], dtype=np.int16))[0]
    step = 8 << ((~int(code) & 0x70) >> 4)
    assert abs(expand(code) - max(-32124, min(32124, sample))) <= step / 2 + 4


def test_mu_laws_corners_are_those_of_the_recommendation():
    assert mu_law(np.array([0, 32767, -32768], dtype=np.int16)).tolist() == [0xFF, 0x80, 0x00]
