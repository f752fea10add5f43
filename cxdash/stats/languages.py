"""Which language is a comment written in?

Few words tell little: taken alone, half of the Portuguese reviews of three or four words cannot be
told from Galician or Spanish. What the other comments are written in tells the rest, so the shares
of the languages are learned from all comments together (expectation maximisation, as for a mixture
whose parts are known). No language counts as rarer than one comment in twenty, so that the few
who write in another one are not swallowed; and a comment is given a language only if that is more
likely than all others together. One word or two are never guessed at. Figures: docs/voices.md.

Sources: M. Lui and T. Baldwin (2012) for the likelihoods, here py3langid; A. Dempster, N. Laird and
D. Rubin, Journal of the Royal Statistical Society B 39 (1977), for the shares.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["FEWEST_WORDS", "SUPPORTED", "UNTOLD", "languages_of", "words_in"]

Matrix = NDArray[np.float64]

#: Languages in which themes are looked for: those whose little words we know.
SUPPORTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "de": "German",
        "en": "English",
        "es": "Spanish",
        "fr": "French",
        "it": "Italian",
        "nl": "Dutch",
        "pt": "Portuguese",
    }
)
UNTOLD: Final = ""
FEWEST_WORDS: Final = 3
_LETTERS: Final = 400  # characters of a comment that are read: more hardly change the guess
_ROUNDS: Final = 20
_SURE: Final = 0.50
_LEAST_SHARE: Final = 0.05
_LEARNED_FROM: Final = 20_000  # more comments hardly move the shares
_LEAST: Final = 1e-12
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def words_in(text: str) -> list[str]:
    """The words of a text: runs of letters, an apostrophe inside them included."""
    return _WORD.findall(text)


def languages_of(texts: Sequence[str]) -> NDArray[np.object_]:
    """The language of each text as an ISO 639 code, shape (texts,); :data:`UNTOLD` where it has
    fewer than three words or could well be another language.
    """
    found = np.full(len(texts), UNTOLD, dtype=object)
    place = [n for n, text in enumerate(texts) if len(words_in(text[:_LETTERS])) >= FEWEST_WORDS]
    if not place:
        return found
    labels, chances = _chances([texts[n][:_LETTERS] for n in place])
    shares = _shares(chances[:: max(1, len(place) // _LEARNED_FROM)])
    given = chances * shares
    given /= given.sum(axis=1, keepdims=True)
    best = given.argmax(axis=1)
    sure = given.max(axis=1) >= _SURE
    found[np.array(place)[sure]] = labels[best[sure]]
    return found


def _chances(texts: Sequence[str]) -> tuple[NDArray[np.object_], Matrix]:
    """Every language there is, and how likely each text is in it; shape (texts, languages)."""
    judge = _judge()
    labels = np.array(judge.labels, dtype=object)
    column = {label: number for number, label in enumerate(judge.labels)}
    told = np.full((len(texts), len(labels)), _LEAST)
    for row, text in enumerate(texts):
        for label, chance in judge.rank(text):
            told[row, column[label]] = max(chance, _LEAST)
    return labels, told


@cache
def _judge() -> Any:
    """The model of all languages, read once."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415  loads its model

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _shares(chances: Matrix) -> Matrix:
    """Shares of the languages among the texts, shape (languages,)."""
    shares = np.full(chances.shape[1], 1 / chances.shape[1])
    for _ in range(_ROUNDS):
        given = chances * shares
        shares = (given / given.sum(axis=1, keepdims=True)).mean(axis=0)
    return np.asarray(np.maximum(shares, _LEAST_SHARE))
