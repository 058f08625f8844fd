"""Announcements as files, spoken by the real voice."""

import asyncio
import stat
import wave
from pathlib import Path

import numpy as np
import pytest

from ivr import telephone_audio, voice
from ivr.ask_number import DIGITS
from ivr.prompts import LONGEST_TEXT, MINUTES, POSITIONS, PromptFailed, SpokenPrompts, fixed_texts, prepare
from ivr.seed_file import load
from ivr.telephone_audio import FRAME, mu_law
from ivr.voice_process import VoiceProcess
from kernel.announcement import placeholders, words

REPOSITORY = Path(__file__).parents[2]
CENTRE = load(REPOSITORY / "ivr/seeds/fujisawa.yaml")
WELCOME = CENTRE.announcements["welcome"]


@pytest.fixture(scope="module")
def spoken(tmp_path_factory):
    """The welcome and its path, made once for the tests that only listen."""

    async def made():
        async with SpokenPrompts(tmp_path_factory.mktemp("prompts")) as prompts:
            return await prompts.media(WELCOME)

    return Path(asyncio.run(made()))


@pytest.fixture
async def prompts(tmp_path):
    async with SpokenPrompts(tmp_path / "prompts") as prompts:
        yield prompts


def heard(path: Path) -> np.ndarray:
    with wave.open(f"{path}.wav") as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (8000, 2, 1)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


def test_the_welcome_lasts_as_long_as_a_person_would_speak_it(spoken):
    assert 2.5 < heard(spoken).size / 8000 < 6.0


def test_the_welcome_has_the_telephones_level_and_never_clips(spoken):
    frames = heard(spoken)[: heard(spoken).size // FRAME * FRAME].reshape(-1, FRAME) / 32767
    levels = np.sqrt(np.mean(frames**2, axis=1))
    active = levels[levels > levels.max() * 10 ** (-30 / 20)]
    assert 20 * np.log10(np.sqrt(np.mean(active**2))) == pytest.approx(-20, abs=1.0)
    assert np.abs(heard(spoken)).max() < 32767 * 10 ** (-2.9 / 20)


def test_the_welcome_is_speech_within_the_telephones_band(spoken):
    sound = heard(spoken)
    power = np.abs(np.fft.rfft(sound)) ** 2
    at = np.fft.rfftfreq(sound.size, 1 / 8000)
    assert power[(at > 250) & (at < 3450)].sum() / power.sum() > 0.95
    assert power[at < 180].sum() / power.sum() < 1e-4
    assert power[(at > 300) & (at < 1200)].sum() > power[at > 1200].sum() > 0


def test_the_file_for_a_mu_law_trunk_is_the_same_sound(spoken):
    assert Path(f"{spoken}.ulaw").read_bytes() == mu_law(heard(spoken)).tobytes()


def test_another_user_may_read_the_files_and_only_read_them(spoken):
    for ending in (".wav", ".ulaw"):
        assert stat.S_IMODE(spoken.with_suffix(ending).stat().st_mode) == 0o644


def test_nothing_but_the_finished_files_is_left_in_the_folder(spoken):
    assert {path.name for path in spoken.parent.iterdir()} == {f"{spoken.name}.wav", f"{spoken.name}.ulaw"}


async def test_what_is_spoken_slowly_takes_longer_and_is_another_prompt(prompts):
    text = "ご用件をお話しください。"
    own, slow = await prompts.media(text), await prompts.media(text, slowly=True)
    assert 1.2 < heard(Path(slow)).size / heard(Path(own)).size < 1.5
    assert await prompts.media(text, slowly=True) == slow != own


async def test_the_same_text_is_made_once_for_all_who_ask_at_the_same_time(prompts, monkeypatch):
    made: list[str] = []
    speak = VoiceProcess.speak

    async def counted(self, text, language, path, slowly):
        made.append(text)
        await speak(self, text, language, path, slowly)

    monkeypatch.setattr(VoiceProcess, "speak", counted)
    paths = await asyncio.gather(*(prompts.media("お待ちください。") for _ in range(5)))
    assert len(set(paths)) == 1
    assert await prompts.media("お待ちください。") == paths[0]
    assert made == ["お待ちください。"]


async def test_a_changed_text_is_another_prompt_and_the_old_one_stays(prompts):
    old = await prompts.media("1番を押してください。")
    new = await prompts.media("2番を押してください。")
    assert old != new
    assert heard(old).tobytes() != heard(new).tobytes()


async def test_another_voice_or_another_sound_is_another_prompt(prompts, monkeypatch):
    paths = [await prompts.media("はい。")]
    monkeypatch.setattr(telephone_audio, "VERSION", telephone_audio.VERSION + 1)
    paths.append(await prompts.media("はい。"))
    monkeypatch.setattr(voice, "voice_version", lambda language: "another")
    paths.append(await prompts.media("はい。"))
    assert len(set(paths)) == 3


async def test_a_prompt_that_somebody_removed_is_made_again(prompts):
    path = Path(await prompts.media("はい。"))
    path.with_suffix(".ulaw").unlink()
    assert Path(await prompts.media("はい。")) == path
    assert path.with_suffix(".ulaw").exists()


async def test_a_caller_who_hangs_up_does_not_take_the_prompt_from_another(prompts):
    first = asyncio.create_task(prompts.media("少々お待ちください。"))
    second = asyncio.create_task(prompts.media("少々お待ちください。"))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert heard(await second).size


async def test_the_event_loop_turns_while_the_voice_speaks(prompts):
    turns = 0
    making = asyncio.create_task(prompts.media(CENTRE.announcements["closed"]))
    while not making.done():
        await asyncio.sleep(0.001)
        turns += 1
    await making
    assert turns > 20


@pytest.mark.parametrize("text", ["", " ", "。", "、、、"])
async def test_a_text_with_nothing_to_pronounce_is_refused_in_words(prompts, text):
    with pytest.raises(PromptFailed, match="write words"):
        await prompts.media(text)


async def test_a_text_that_nobody_would_listen_to_is_refused(prompts):
    with pytest.raises(PromptFailed, match=f"{LONGEST_TEXT} at most"):
        await prompts.media("あ" * (LONGEST_TEXT + 1))


async def test_a_language_without_a_voice_is_refused_by_name(prompts):
    with pytest.raises(PromptFailed, match="no voice for the language 'tl'; there is ja, en, zh, ko, es, pt, vi"):
        await prompts.media("Kumusta", "tl")


async def test_a_failed_prompt_is_tried_again_at_its_next_use(prompts, tmp_path):
    folder = tmp_path / "prompts"
    folder.rmdir()
    with pytest.raises(PromptFailed, match=r"No such file.*check the folder of the prompts"):
        await prompts.media("はい。")
    folder.mkdir()
    assert heard(await prompts.media("はい。")).size


async def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(PromptFailed, match="can't be made"):
        async with SpokenPrompts(tmp_path / "file" / "prompts"):
            pytest.fail("the folder can't be")


class NamedPrompts:
    """Prompts that are made at once."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []

    async def media(self, text: str, language: str = "ja") -> str:
        self.said.append((text, language))
        return f"/prompts/{len(self.said)}"


async def test_everything_that_is_said_without_a_caller_is_made_beforehand():
    prompts, told = NamedPrompts(), []
    await prepare(prompts, CENTRE, lambda done, total: told.append((done, total)))
    japanese = [text for text, language in prompts.said if language == "ja"]
    fixed = [text for text in CENTRE.announcements.values() if not placeholders(text)]
    places = [CENTRE.announcements["position"].replace("{position}", str(place)) for place in POSITIONS]
    waits = [CENTRE.announcements["expected-wait"].replace("{minutes}", str(count)) for count in MINUTES]
    assert sorted(japanese) == sorted([*fixed, *places, *waits, *DIGITS])
    assert prompts.said == [words(said) for said in fixed_texts(CENTRE)]
    assert told == [(done, len(prompts.said)) for done in range(1, len(prompts.said) + 1)]


async def test_other_languages_are_made_beforehand_after_the_japanese_with_their_digits_and_first_counts():
    prompts = NamedPrompts()
    await prepare(prompts, CENTRE)
    order = [language for _, language in prompts.said]
    assert list(dict.fromkeys(order)) == ["ja", "en", "zh", "ko", "es", "pt"]
    assert order == sorted(order, key=list(dict.fromkeys(order)).index)
    english = [text for text, language in prompts.said if language == "en"]
    assert {"0", "9", "You are number 5 in line. Please stay on the line."} <= {*english}
    assert "You are number 6 in line. Please stay on the line." not in english


@pytest.mark.parametrize("language", sorted(set(voice.LANGUAGES) - {"ja"}))
async def test_each_language_has_a_voice_of_the_same_level_as_the_japanese(prompts, language):
    texts = {one.language: one.announcements["interpreter-rung"] for one in CENTRE.translations}
    sound = heard(Path(await prompts.media(texts.get(language, "Xin vui lòng chờ máy."), language)))
    assert 1.0 < sound.size / 8000 < 8.0
    frames = sound[: sound.size // FRAME * FRAME].reshape(-1, FRAME) / 32767
    levels = np.sqrt(np.mean(frames**2, axis=1))
    active = levels[levels > levels.max() * 10 ** (-30 / 20)]
    assert 20 * np.log10(np.sqrt(np.mean(active**2))) == pytest.approx(-20, abs=1.0)


async def test_the_same_text_in_two_languages_is_two_prompts(prompts):
    spanish, portuguese = await prompts.media("2", "es"), await prompts.media("2", "pt")
    assert heard(Path(spanish)).tobytes() != heard(Path(portuguese)).tobytes()


@pytest.mark.filterwarnings(r"ignore:Dictionary\.create:DeprecationWarning")
@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("午前8時30分から、午後5時15分まで", "ゴゼンハチジサンジュップンカラ、ゴゴゴジジューゴフンマデ"),
        ("3番目、4番目、20番目", "サンバンメ、ヨンバンメ、ニジューバンメ"),
        ("藤沢市の市役所", "フジサワシノシヤクショ"),
    ],
)
def test_numbers_times_and_the_citys_name_are_read_as_a_japanese_person_reads_them(text, reading):
    from pyopenjtalk import g2p

    assert g2p(text, kana=True) == reading
