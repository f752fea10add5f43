"""How good do the words of a comment sound?

Two judges. For text in English a word list with rules (VADER) gives −1 to 1 without any training.
In every language the customer's own scores teach a ridge regression on the letters of the comments;
it is cross-fitted by customer, so that neither a comment nor another one by the same person ever
predicts its own score. A logistic regression on the same letters ranks real reviews no better
(docs/voices.md), and would know two kinds of score instead of all. One word or two are too few for
a guess at the language, so such comments are never given to the word list.

Sources: C. Hutto and E. Gilbert, ICWSM (2014), for VADER, here vaderSentiment 3.3.2; language after
M. Lui and T. Baldwin (2012), here py3langid; V. Chernozhukov et al., The Econometrics Journal 21
(2018), for cross-fitting.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer, TfidfTransformer
from sklearn.linear_model import Ridge

__all__ = ["FEWEST_TAUGHT", "english", "taught_tone", "word_list_tone"]

Matrix = NDArray[np.float64]

FEWEST_TAUGHT: Final = 60  # comments with a score; fewer teach nothing that holds on others
FEWEST_WORDS: Final = 3
_MOST_TAUGHT: Final = 4_000  # more teach hardly anything new
_PLACES: Final = 2**17  # runs of letters are hashed to so many places
_FOLDS: Final = 5
_LETTERS: Final = 1000  # characters of a comment that are read
_AT_ONCE: Final = 5_000  # comments whose letters are held at once
_WORD: Final = re.compile(r"\w+")


def english(texts: Sequence[str]) -> NDArray[np.bool_]:
    """Which texts have at least three words and read as English, shape (texts,)."""
    from py3langid.langid import classify  # noqa: PLC0415  loads its model

    return np.array(
        [
            len(_WORD.findall(text)) >= FEWEST_WORDS and classify(text[:_LETTERS])[0] == "en"
            for text in texts
        ],
        dtype=bool,
    )


def word_list_tone(texts: Sequence[str]) -> Matrix:
    """VADER's compound score, −1 to 1; nan for texts that are not taken for English."""
    from vaderSentiment.vaderSentiment import (  # noqa: PLC0415  brings a web client along
        SentimentIntensityAnalyzer,
    )

    judge = SentimentIntensityAnalyzer()
    tone = np.full(len(texts), np.nan)
    for place, (text, reads) in enumerate(zip(texts, english(texts), strict=True)):
        if reads:
            tone[place] = judge.polarity_scores(text[:_LETTERS])["compound"]
    return tone


def taught_tone(
    texts: Sequence[str], scores: ArrayLike, whose: ArrayLike, *, rng: np.random.Generator
) -> Matrix:
    """The score that each comment's letters suggest, on the scale of ``scores``; shape (texts,).

    Parameters
    ----------
    scores
        Shape (texts,): the customer's own score, more is better; nan where there is none.
    whose
        Shape (texts,): whom each comment is from. One person's comments are in one fold.
    rng
        Draws the folds, and the teachers where there are more than 4,000 for a fold.

    Returns
    -------
    All nan when fewer than 60 comments have a score, or when all scores agree.
    """
    own = np.asarray(scores, dtype=np.float64).ravel()
    known = np.isfinite(own)
    tone = np.full(len(texts), np.nan)
    if known.sum() < FEWEST_TAUGHT or np.ptp(own[known]) == 0:
        return tone
    people, person = np.unique(np.asarray(whose, dtype=str), return_inverse=True)
    fold = rng.integers(0, _FOLDS, people.size)[person]
    short = [text[:_LETTERS] for text in texts]
    judges: dict[int, _Judge] = {}
    for number in range(_FOLDS):
        teachers = np.flatnonzero(known & (fold != number))
        if not (fold == number).any() or not teachers.size or np.ptp(own[teachers]) == 0:
            continue
        if teachers.size > _MOST_TAUGHT:
            teachers = np.sort(rng.choice(teachers, _MOST_TAUGHT, replace=False))
        judges[number] = _taught([short[n] for n in teachers], own[teachers])
    for start in range(0, len(short), _AT_ONCE):
        here = slice(start, start + _AT_ONCE)
        letters = _of_each(short[here])
        for number, judge in judges.items():
            pupils = np.flatnonzero(fold[here] == number)
            if pupils.size:
                tone[start + pupils] = judge.tone(letters[pupils])
    return tone


@dataclass(frozen=True, slots=True)
class _Judge:
    """What the comments of one fold are judged by; it has seen none of them."""

    rarity: TfidfTransformer
    model: Ridge

    def tone(self, letters: csr_matrix) -> Matrix:
        """Shape (texts,)."""
        return np.asarray(self.model.predict(self.rarity.transform(letters)))


def _taught(texts: Sequence[str], scores: Matrix) -> _Judge:
    letters = _of_each(texts)
    rarity = TfidfTransformer(sublinear_tf=True).fit(letters)
    model = Ridge(alpha=2.0, solver="sparse_cg")
    return _Judge(rarity, model.fit(rarity.transform(letters), scores))


def _of_each(texts: Sequence[str]) -> csr_matrix:
    """The letters of each text; the same words, which surveys bring again and again, read once."""
    place = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    return _counted(list(place))[[place[text] for text in texts]]


def _counted(texts: Sequence[str]) -> csr_matrix:
    """Runs of two to four letters within words, counted; shape (texts, places)."""
    counter = HashingVectorizer(
        analyzer="char_wb", ngram_range=(2, 4), n_features=_PLACES, norm=None, alternate_sign=False
    )
    return csr_matrix(counter.transform(texts))
