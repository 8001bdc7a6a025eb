"""The grammar of the words: stems, stop words, spoken forms.

The rules of affixes are PySastrawi's, the roots our own (``seed_data/roots.txt``): a word
whose root is not listed stays whole, which errs on the safe side. Everyday speech drops
and changes prefixes (*ngurus*, *daftarin*, *ilang*); ``spoken_roots`` undoes that.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cached_property, lru_cache
from pathlib import Path

from Sastrawi.Dictionary.ArrayDictionary import ArrayDictionary
from Sastrawi.Stemmer.Stemmer import Stemmer

from siapa.config import ROOT
from siapa.search.text import plain, spellings

WORD_LISTS = ROOT / "seed_data"
#: English words without a subject; the Indonesian ones stand in ``stopwords.txt``.
_ENGLISH = frozenset(
    "the an of for to in on at and or is are do does how my me you can get need want with from where be been "
    "was were has have had this that these those it its if as by am any some just also here when who which "
    "still into about our your we us they them he she his her not please would could should up out off over "
    "after before again than then so too very no yes there go going gone take put let got i'm im".split()
)
_VOWELS = "aiueo"
_AFFIXED = re.compile(
    r"^(?:me(?:ng|ny|m|n)?|pe(?:ng|ny|m|n|r)?|ber|ter|di|ke|se)\w{4,}$|^\w{4,}(?:kan|an|nya|i)$"
)


class Stems:
    """The word lists, read once, and what follows from them."""

    def __init__(self, folder: Path = WORD_LISTS) -> None:
        self.roots = _lines(folder / "roots.txt")
        self.stop_words = _lines(folder / "stopwords.txt") | _ENGLISH
        self.question_words = _lines(folder / "question_words.txt")
        #: Programmes that no service here answers.
        self.known_words = _lines(folder / "known_words.txt")
        self._general_words = _lines(folder / "general_words.txt")
        self._stemmer = Stemmer(ArrayDictionary(sorted(self.roots)))
        self._learnt: dict[str, str] = {}
        self._reckoned = lru_cache(maxsize=500_000)(self._stem)
        self.terms = lru_cache(maxsize=100_000)(self._terms)

    @cached_property
    def mark(self) -> str:
        """A digest of the lists that shape the index: another one asks for a rebuild."""
        return hashlib.sha256("\n".join(sorted(self.roots)).encode()).hexdigest()[:16]

    def stem(self, word: str) -> str:
        """The root of ``word`` if it is listed, else the word itself."""
        return self._learnt.get(word) or self._reckoned(word)

    def learn(self, stems: Mapping[str, str]) -> None:
        """Take over what was reckoned when the index was written: it takes a third of a millisecond."""
        self._learnt.update(stems)

    def _stem(self, word: str) -> str:
        if len(word) < 4 or not word.isascii() or not word.isalpha():
            return word
        return str(self._stemmer.stem_word(word)) or word

    def _terms(self, text: str) -> tuple[str, ...]:
        """What ``text`` is found by: every word as written, joined where that is usual, and as its stem.

        A word that stands twice is there twice. Kept, as providers copy each other's sentences.
        """
        spelt = spellings(text)
        return (*spelt, *(stem for word in spelt if (stem := self.stem(word)) != word))

    def is_root(self, word: str) -> bool:
        """Whether ``word`` or its stem is a listed root: a real word, whether or not it is indexed."""
        return word in self.roots or self.stem(word) in self.roots

    def is_small(self, word: str) -> bool:
        """Whether ``word`` says nothing of the subject: a stop word or a word of asking."""
        return word in self.stop_words or word in self.question_words

    def is_general(self, word: str) -> bool:
        """Whether ``word`` is said of any service and names no subject: *hilang*, *perpanjang*."""
        return word in self._general_words or self.stem(word) in self._general_words

    @property
    def words_without_subject(self) -> frozenset[str]:
        """The words that say nothing of the subject, and those said of any service."""
        return self.stop_words | self.question_words | self._general_words

    def spoken_roots(self, word: str) -> list[str]:
        """What ``word`` may be in written language, if it is everyday speech."""
        guesses = []
        for form in _without_spoken_suffix(word):
            guesses.extend(_without_spoken_prefix(form))
        return [guess for guess in dict.fromkeys(guesses) if guess != word and len(guess) >= 3]

    def lacks_root(self, word: str) -> bool:
        """Whether ``word`` looks affixed and no listed root explains it."""
        return bool(_AFFIXED.match(word)) and word.isalpha() and not self.is_root(word)


def _without_spoken_suffix(word: str) -> list[str]:
    forms = [word]
    if word.endswith("ein") and len(word) > 5:
        forms.append(word.removesuffix("ein") + "ai")  # gadein, pakein
    if len(word) > 4 and word[-2] == "e" and word[-1] not in _VOWELS and word[-3] not in _VOWELS:
        forms.append(word[:-2] + "a" + word[-1])  # pajek, dapet
    for suffix in ("in", "an", "nya"):
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            forms.append(word.removesuffix(suffix))
    return forms


def _without_spoken_prefix(form: str) -> list[str]:
    guesses = [form]
    if form.startswith("nge"):
        guesses.append(form[3:])
    if form.startswith("ng"):
        guesses += [form[2:], "k" + form[2:]]
    elif form.startswith("ny"):
        guesses += ["s" + form[2:], "c" + form[2:]]
    elif form[0] == "n" and form[1:2] in set(_VOWELS):
        guesses.append("t" + form[1:])
    elif form[0] == "n":
        guesses.append(form[1:])
    elif form[0] == "m" and form[1:2] in set(_VOWELS):
        guesses.append("p" + form[1:])
    elif form.startswith("di"):
        guesses.append(form[2:])
    if form[0] in _VOWELS:
        guesses.append("h" + form)
    return guesses


def sounds_like(word: str) -> str:
    """A key that spellings of one sound share: izin/ijin, sertifikat/sertipikat, praktek/praktik."""
    key = word
    for written, sound in (("kh", "k"), ("sy", "s"), ("dj", "j"), ("tj", "c"), ("ph", "p"), ("oe", "u"),
                           ("x", "ks"), ("ae", "a"), ("ue", "u")):  # fmt: skip
        key = key.replace(written, sound)
    key = key.translate(str.maketrans("zfvqye", "jppkii"))
    return re.sub(r"(.)\1+", r"\1", key)


def _lines(file: Path) -> frozenset[str]:
    """The words of a list, one a line; ``#`` opens a remark. No file is an empty list."""
    if not file.exists():
        return frozenset()
    lines = (line.split("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return frozenset(plain(line) for line in lines if line)


@lru_cache(maxsize=1)
def stems() -> Stems:
    """The lists of this installation."""
    return Stems()
