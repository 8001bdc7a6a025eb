"""Slips of the finger: which known word an unknown one was meant to be, and how sure that is.

Letters left out, typed twice or swapped are the common slips and are trusted. A letter put
for another is trusted less, and not at all in a short word: there it is likelier that the
word is simply not in our lists (*kaki* is no slip for *kali*).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from siapa.search.stems import sounds_like

#: How many letters apart the two may be.
REACH = 2
#: What a mended word is worth: by a sure slip, by a doubtful one.
MENDED, DOUBTFUL = 0.8, 0.6
#: From this length on a letter may stand for another, and two slips may be made.
_LONG, _VERY_LONG = 6, 8
_SHORT = 4
_VOWELS = frozenset("aiueo")
#: Into how many words one may be parted, and how many letters they have on average at least.
_MOST_PARTS, _MEAN_PART = 4, 3.5


@dataclass(frozen=True)
class Slip:
    """``word`` was meant; the lower the ``cost``, the likelier."""

    word: str
    cost: float
    is_sure: bool

    @property
    def weight(self) -> float:
        """What a match by this word is worth."""
        return MENDED if self.is_sure else DOUBTFUL


def within_reach(typed: str, known: Sequence[str]) -> list[str]:
    """Those of ``known`` that are near enough to be looked at; one loop in compiled code."""
    near = extract(typed, known, scorer=OSA.distance, score_cutoff=_reach(typed), limit=None)
    return [word for word, _distance, _place in near]


def _reach(typed: str) -> int:
    return REACH if len(typed) >= _VERY_LONG else 1


def parted(word: str, is_said: Callable[[str], bool]) -> tuple[str, ...]:
    """The words that ``word`` is written from without spaces, or nothing: the fewest, then the longest.

    *bikinktp*, *perpanjangsimmotor*. Many short pieces are found in any word, so they are not believed.
    """
    best: dict[int, tuple[str, ...]] = {0: ()}
    for end in range(2, len(word) + 1):
        for start in range(end - 1):
            before = best.get(start)
            if before is None or len(before) == _MOST_PARTS or not is_said(word[start:end]):
                continue
            found = (*before, word[start:end])
            if end not in best or _likelier(found) < _likelier(best[end]):
                best[end] = found
    found = best.get(len(word), ())
    return found if len(found) > 1 and len(word) / len(found) >= _MEAN_PART else ()


def _likelier(parts: tuple[str, ...]) -> tuple[int, int]:
    return len(parts), -sum(len(part) ** 2 for part in parts)


def swapped(word: str) -> list[str]:
    """``word`` with two neighbouring letters changed over, in every way."""
    turned = (
        word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in range(len(word) - 1)
    )
    return [one for one in dict.fromkeys(turned) if one != word]


def consonants(word: str) -> str:
    """``word`` without vowels, as it is written in short messages; *ng* is often a mere *g* there."""
    return "".join(letter for letter in word if letter not in _VOWELS).replace("ng", "g")


def has_vowels(word: str) -> bool:
    """Whether ``word`` can be spoken; an abbreviation without vowels is said letter by letter."""
    return bool(_VOWELS & set(word))


def _is_other_vowel(typed: str, known: str) -> bool:
    """Whether two short words differ in a vowel: mostly they are two words (*siri*, *seri*)."""
    if len(typed) > _SHORT:
        return False
    return any(one != other and {one, other} <= _VOWELS for one, other in zip(typed, known, strict=True))


def _reads_as_a_word(word: str) -> bool:
    """Whether three letters are a consonant, a vowel and a consonant: a word or a name of its own (*pip*)."""
    return [letter in _VOWELS for letter in word] == [False, True, False]


def slip(typed: str, known: str) -> Slip | None:
    """How ``typed`` may have come from ``known``, or None when it is too far for its length."""
    reach = _reach(typed)
    distance = OSA.distance(typed, known, score_cutoff=reach)
    if distance > reach:
        return None
    is_same_sound = sounds_like(typed) == sounds_like(known)
    is_swap = len(typed) == len(known) and sorted(typed) == sorted(known)
    if typed[0] != known[0] and not is_swap and not is_same_sound:
        return None
    if distance == 1:
        if len(typed) == 3 and len(known) > 3 and _reads_as_a_word(typed):
            return None
        if len(typed) == len(known) == 4 and not (has_vowels(typed) or has_vowels(known)):
            return Slip(known, 1.8, is_sure=False)  # an abbreviation has no other letters to know it by
        if len(typed) == len(known) and not is_swap:
            if len(typed) < _LONG and (not is_same_sound or _is_other_vowel(typed, known)):
                return None
            return Slip(known, 1.0 if is_same_sound else 1.4, is_sure=is_same_sound)
        if len(typed) == 3 and len(known) < 4:
            return None
        if is_same_sound and len(typed) > _SHORT:
            return Slip(known, 0.8, is_sure=True)
        # A letter is left out far more often than another one put in.
        return Slip(known, 1.0 if len(typed) < len(known) else 1.2, is_sure=True)
    return Slip(known, 1.6 if is_same_sound else 2.0, is_sure=is_same_sound or len(typed) != len(known))
