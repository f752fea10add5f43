"""What do the comments of one language speak of?

Words that stand together often make a theme: non-negative factors of the weights of words (TF-IDF),
started from the singular vectors, so that the same comments always give the same themes. Whether a
theme is more than an accident of who happened to write is asked by drawing as many comments again,
with replacement, and looking for the theme there: its *stability* is the mean likeness (cosine of
the words' weights) to its best partner, each partner taken once. A comment speaks of a theme when
the theme carries at least a third of what the factors see in it; it may speak of several, or none.

How many themes there are is asked of the comments: of 3 to 16, the fewest with which (nearly) most
comments speak of a theme that comes again and is not about everything.

Nothing about scores or outcomes enters, so a theme cannot be found because it goes with one.

Sources: D. Lee and H. Seung, Nature 401 (1999); C. Boutsidis and E. Gallopoulos, Pattern
Recognition 41 (2008) for the start; D. Greene, D. O'Callaghan and P. Cunningham, ECML (2014) for
stability by drawing again.
"""

import tomllib
import unicodedata
import warnings
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix
from sklearn.decomposition import NMF
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_extraction.text import TfidfVectorizer

from cxdash.stats.languages import words_in

__all__ = ["FEWEST_COMMENTS", "STEADY", "Theme", "Themes", "folded", "themes_of"]

Matrix = NDArray[np.float64]

FEWEST_COMMENTS: Final = 100  # fewer than this and words meet by accident
FEWEST_WRITERS: Final = 8  # a word of fewer people is nobody else's theme
#: Themes that come again less like themselves than this are not shown as findings.
STEADY: Final = 0.80
MOST_LEARNED: Final = 10_000  # comments the factors are learned from; all are then looked at
_NUMBERS: Final = (3, 4, 6, 8, 12, 16)  # themes that are tried
_WORTH_MORE: Final = 0.02
_BROADEST: Final = 1 / 3  # of the comments: a theme of more says little of any
_LEAST_WORDS: Final = 6
_A_THEME: Final = 80  # comments for each theme looked for
_MOST_WORDS: Final = 3_000
_TOP: Final = 8
_TELLS: Final = 0.06  # part of the first word’s weight from which a word stands for the theme
_CARRIES: Final = 1 / 3
_DRAWS: Final = 10
_DRAWN_FROM: Final = 4_000  # comments a draw holds at most
_SWEEPS: Final = 150
_AT_ONCE: Final = 5_000  # comments whose weights are worked out at once
_COMMON: Final = 0.5  # a word in more than half of the comments tells none from any


@dataclass(frozen=True, slots=True)
class Theme:
    """One theme: its top words as they are mostly written, the most telling first, and how alike
    itself it comes again.

    ``stability`` lies between 0 and 1.
    """

    words: tuple[str, ...]
    stability: float

    @property
    def is_steady(self) -> bool:
        return self.stability >= STEADY


@dataclass(frozen=True, slots=True)
class Themes:
    """The themes, and which comments speak of which: shape (comments, themes).

    ``learned`` comments taught the factors.
    """

    themes: tuple[Theme, ...]
    speaks: NDArray[np.bool_]
    learned: int


def folded(word: str) -> str:
    """A word in small letters without accents, as words are compared.

    >>> folded("Não")
    'nao'
    """
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(char for char in parts if not unicodedata.combining(char)).replace("’", "'")


def themes_of(
    texts: Sequence[str],
    whose: Sequence[str],
    language: str,
    *,
    rng: np.random.Generator,
    without: Collection[str] = (),
    told: Callable[[float], None] | None = None,
) -> Themes | None:
    """The themes of comments in one language; None where there are too few to tell any.

    Parameters
    ----------
    whose
        Whom each comment is from: a word counts once it is used by eight people.
    language
        One of :data:`cxdash.stats.languages.SUPPORTED`.
    rng
        Draws the comments to learn from, where there are more than 10,000, and those that are drawn
        again.
    without
        Words, folded, that are no theme, such as names of people.
    told
        Hears the share (0 to 1) that is done.
    """
    if len(texts) < FEWEST_COMMENTS:
        return None
    little = _little_words(language) | set(without)
    known = _words_of_many(texts, whose, little)
    if len(known) < _LEAST_WORDS:
        return None
    reader = TfidfVectorizer(
        analyzer=lambda text: [word for word in _words(text) if word in known],
        vocabulary=sorted(known),
        sublinear_tf=True,
    )
    place = _learned(len(texts), rng)
    learned = csr_matrix(reader.fit_transform([texts[n] for n in place]))
    learned = learned[np.diff(learned.indptr) > 0]
    most = min(len(place) // _A_THEME, min(learned.shape) - 1)
    tries = [number for number in _NUMBERS if number <= most]
    if not tries:
        return None
    best = _factored(learned, tries[0], rng)
    for step, number in enumerate(tries[1:], start=1):
        tried = _factored(learned, number, rng)
        # Few themes that tell as much are better than many.
        if tried.covered > best.covered + _WORTH_MORE:
            best = tried
        if told:
            told(0.9 * step / len(tries))
    factors, words = best.model, best.words
    vocabulary = [str(word) for word in reader.get_feature_names_out()]
    telling = _telling(words)
    order = np.argsort(-words, axis=1, kind="stable")[:, :_TOP]
    top = [
        [vocabulary[n] for n in own if tells[n]] for own, tells in zip(order, telling, strict=True)
    ]
    as_written = _as_written(texts, {word for own in top for word in own})
    found = tuple(
        Theme(tuple(as_written[word] for word in own), float(alike))
        for own, alike in zip(top, best.stability, strict=True)
    )
    speaks = np.vstack(
        [
            _speaks(factors, csr_matrix(reader.transform(texts[start : start + _AT_ONCE])), telling)
            for start in range(0, len(texts), _AT_ONCE)
        ]
    )
    return Themes(found, speaks, len(place))


def _words(text: str) -> list[str]:
    return [folded(word) for word in words_in(text)]


@cache
def _little_words(language: str) -> frozenset[str]:
    file = resources.files("cxdash.stats") / "stop_words.toml"
    return frozenset(map(folded, tomllib.loads(file.read_text("utf-8"))[language].split()))


def _words_of_many(texts: Sequence[str], whose: Sequence[str], little: Collection[str]) -> set[str]:
    """Words of three letters or more that eight people use, the commonest 3,000."""
    users: dict[str, set[str]] = {}
    used: dict[str, int] = {}
    for text, who in zip(texts, whose, strict=True):
        for word in set(_words(text)):
            if len(word) < 3 or word in little:
                continue
            used[word] = used.get(word, 0) + 1
            by = users.setdefault(word, set())
            if len(by) < FEWEST_WRITERS:
                by.add(who)
    most = _COMMON * len(texts)
    shared = [w for w, by in users.items() if len(by) >= FEWEST_WRITERS and used[w] <= most]
    return set(sorted(shared, key=lambda word: (-used[word], word))[:_MOST_WORDS])


def _as_written(texts: Sequence[str], wanted: Collection[str]) -> dict[str, str]:
    """How each of the words is mostly written, in small letters with its accents."""
    forms: dict[str, Counter[str]] = {word: Counter() for word in wanted}
    for text in texts:
        for word in words_in(text):
            plain = folded(word)
            if plain in forms:
                forms[plain][word.casefold()] += 1
    return {word: min(seen, key=lambda form: (-seen[form], form)) for word, seen in forms.items()}


def _learned(comments: int, rng: np.random.Generator) -> NDArray[np.int64]:
    if comments <= MOST_LEARNED:
        return np.arange(comments)
    return np.sort(rng.choice(comments, MOST_LEARNED, replace=False))


@dataclass(frozen=True, slots=True)
class _Factored:
    """So many themes, and the share of the comments that speak of one that is steady and not too
    broad.
    """

    model: NMF
    words: Matrix
    stability: Matrix
    covered: float


def _factored(weights: csr_matrix, number: int, rng: np.random.Generator) -> _Factored:
    model, words = _factors(weights, number)
    stability = _stability(weights, words, rng)
    steady = stability >= STEADY
    speaks = _speaks(model, weights, _telling(words))
    telling = speaks[:, steady & (speaks.mean(axis=0) <= _BROADEST)]
    return _Factored(model, words, stability, float(telling.any(axis=1).mean()))


def _factors(weights: csr_matrix, number: int) -> tuple[NMF, Matrix]:
    """The fitted factors and the weights of the words, each row of length one."""
    model = NMF(number, init="nndsvd", solver="cd", max_iter=_SWEEPS, tol=1e-3, random_state=0)
    with warnings.catch_warnings():
        # Words are read off long before the last digit has settled; draws tell what is steady.
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(weights)
    return model, _rows_of_one(np.asarray(model.components_))


def _rows_of_one(rows: Matrix) -> Matrix:
    length = np.sqrt(np.square(rows).sum(axis=1, keepdims=True))
    return np.asarray(rows / np.where(length > 0, length, 1.0))


def _stability(weights: csr_matrix, words: Matrix, rng: np.random.Generator) -> Matrix:
    """Mean likeness of each theme to its partner among those of comments drawn again."""
    n = weights.shape[0]
    alike = np.zeros(len(words))
    for _ in range(_DRAWS):
        drawn = rng.choice(n, min(n, _DRAWN_FROM), replace=True)
        _, other = _factors(weights[drawn], len(words))
        likeness = words @ other.T
        own, partner = linear_sum_assignment(-likeness)
        alike[own] += likeness[own, partner] / _DRAWS
    return alike


def _telling(words: Matrix) -> NDArray[np.bool_]:
    """The words that stand for each theme, eight at most; shape (themes, words)."""
    top = np.zeros(words.shape, dtype=bool)
    np.put_along_axis(top, np.argsort(-words, axis=1, kind="stable")[:, :_TOP], True, axis=1)
    return np.asarray(top & (words > 0) & (words >= _TELLS * words.max(axis=1, keepdims=True)))


def _speaks(factors: NMF, weights: csr_matrix, telling: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which comments speak of which theme; shape (comments, themes)."""
    carried = np.asarray(factors.transform(weights)) * np.sqrt(
        np.square(factors.components_).sum(axis=1)
    )
    whole = carried.sum(axis=1, keepdims=True)
    own = carried >= _CARRIES * whole
    # Of its words a comment uses at least one, else it merely resembles others that do.
    uses = np.asarray((weights > 0).astype(np.float64) @ telling.T.astype(np.float64)) > 0
    return np.asarray(own & uses & (whole > 0))
