"""Yes, no, and the wishes that callers have at any moment, by their sound, however they are written. Pure."""

from __future__ import annotations

from functools import cache

from rapidfuzz.fuzz import partial_ratio

from ivr.understanding.meaning import Again, Meaning, No, OtherLanguage, Person, Slower, Yes
from ivr.understanding.sound import sound
from ivr.understanding.wording import core, plain

LIKE = 88.0
"""Of a hundred: from where on a phrase counts as said within more."""

SHORT = 7
"""Sounds. A shorter phrase is only meant where it is all that was said."""

NODS = "はい ええ うん はあ ああ あ え ん ふん へえ ほう なるほど そうですね"
AROUND = 30
"""Sounds. In longer speech a wish is a part of something else: 「図書カードをもう一回作りたい」."""

YES = (
    "はい ええ うん そう そうです そうですね そうそう はいそうです はいお願いします お願いします "
    "それでお願いします それです 大丈夫です いいです いいですよ それでいいです よろしいです 結構ですよ "
    "合ってます 合っています 間違いないです その通りです オッケー オーケーです もちろんです かまいません "
    "構わないです はい大丈夫です はいよろしいです よろしくお願いします"
)
NO = (
    "いいえ いえ いや いやいや ううん ちがう 違います ちがいますね いえ違います そうじゃない そうじゃなくて "
    "そうではなくて そうではありません 違うんです 違うんですけど だめです 結構です いりません やめます "
    "そこじゃない そこじゃないです ノー"
)
PERSON = (
    "オペレーター オペレータ 人と話したい 人に代わって 人とお話し 人間と話 担当者に代わって 人を出して 係の人 "
    "係の方をお願い 窓口の人と話 交換手 コールセンターの人 誰か人 直接話したい 職員さんと話 職員の方と話 "
    "機械じゃなくて 人にかわって"
)
AGAIN = (
    "もう一度 もう一回 もういっぺん 聞こえなかった 聞き取れなかった 聞こえません 聞こえないです 何ですか "
    "なんて言いました 今なんて言った なんですって 聞き逃し 繰り返して もう一度言って"
)
SLOWER = "ゆっくり もう少しゆっくり 早すぎ 早口 早くて聞き取れない 速くてわからない"
LANGUAGES = {
    "en": "英語 イングリッシュ",
    "zh": "中国語 北京語 広東語 チャイニーズ 台湾語",
    "ko": "韓国語 ハングル コリアン 朝鮮語",
    "es": "スペイン語 エスパニョール スパニッシュ",
    "pt": "ポルトガル語 ブラジル語 ポルトゲス",
}
FOREIGN = {
    "en": ("english", "hello", "please", "excuse me", "speak"),
    "zh": ("中文", "普通话", "你好", "请"),
    "ko": ("한국", "안녕", "여보세요"),
    "es": ("español", "hola", "por favor"),
    "pt": ("português", "olá", "alô", "por favor"),
}
"""Words as they are written in the language itself."""

NOT_A_WISH = ("英語の", "英語教", "スペイン語教", "中国語教")


def wish(text: str) -> Meaning | None:
    """What is wanted besides any question: a person, again, slower, another language. ``text`` is ``plain``."""
    if any(word in text for word in NOT_A_WISH):
        return None
    for meaning, phrases in ((Person(), PERSON), (Slower(), SLOWER), (Again(), AGAIN)):
        if _within(text, phrases):
            return meaning
    spoken = (language for language, names in LANGUAGES.items() if _named(text, names))
    written = (language for language, words in FOREIGN.items() if any(word in text.lower() for word in words))
    language = next(spoken, None) or next(written, None)
    return OtherLanguage(language) if language else None


def yes_or_no(text: str) -> Yes | No | None:
    """What a text begins with; a no counts more than a yes."""
    if is_no(text) or _begins(text, NO):
        return No()
    return Yes() if is_yes(text) or _begins(text, YES) else None


def is_yes(text: str) -> bool:
    """Whether it says yes and nothing else."""
    return _whole(text, YES)


def is_no(text: str) -> bool:
    """Whether it says no and nothing else."""
    return _whole(text, NO)


def is_nod(text: str) -> bool:
    """Whether it is made of はい, ええ and the like alone: 「はいはい」, 「ええ、はい」."""
    left = sound(text)
    for nod in sorted(_sounds(NODS), key=len, reverse=True):
        left = left.replace(nod, " ")
    return not left.strip()


def _whole(text: str, phrases: str) -> bool:
    return sound(text) in _sounds(phrases) or sound(core(text)) in _sounds(phrases)


def _begins(text: str, phrases: str) -> bool:
    """By its letters: 総合 begins as そう sounds."""
    return any(text.startswith(phrase) for phrase in phrases.split() if len(phrase) > 1)


def _within(text: str, phrases: str) -> bool:
    heard = sound(text)
    return any(
        SHORT <= len(phrase) <= len(heard) + 1
        and len(heard) <= len(phrase) + AROUND
        and partial_ratio(phrase, heard) >= LIKE
        for phrase in _sounds(phrases)
    )


def _named(text: str, names: str) -> bool:
    return any(name in text for name in names.split()) or _within(text, names)


@cache
def _sounds(phrases: str) -> frozenset[str]:
    return frozenset(sound(plain(phrase)) for phrase in phrases.split())
