"""Every comment, read once for a state of the data: its language, its tone, whose it is.

Nothing here depends on filters or on what people entered. The newest 200,000 comments are read; a
company with more is told so.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.panel.comments import comments, people_named
from cxdash.privacy.names import Names
from cxdash.questions.progress import tell
from cxdash.stats.discrimination import auc
from cxdash.stats.estimate import Estimate
from cxdash.stats.languages import languages_of, words_in
from cxdash.stats.sentiment import FEWEST_TAUGHT, taught_tone, word_list_tone
from cxdash.store import Reader

__all__ = ["MOST_READ", "Heard", "Judge", "heard"]

Judge = Literal["scores", "word list", "nobody"]

MOST_READ: Final = 200_000
_KEPT: Final = 2
_SEED: Final = 61_211
_GOOD, _BAD = 0.75, 0.25  # scores, of 0 to 1, that are taken for praise and blame
_LEVEL: Final = 0.90


@dataclass(frozen=True, slots=True)
class Heard:
    """Comments up to a day, in order of time.

    Parameters
    ----------
    rows
        Those that were read: the columns of :func:`cxdash.panel.comments.comments` and who (the
        customer, or the response where nobody knows the customer).
    language
        Shape (rows,): ISO 639 code, empty where it cannot be told.
    tone
        Shape (rows,): 0 (bad) to 10 (good), by ``judge``; nan where it is not known.
    right
        How often the tone puts a comment beside a good score before one beside a bad score (AUC);
        None where too few have a score, or the tone was not learned from scores.
    words
        Shape (rows,): how many words it has.
    written
        Comments there are, read or not.
    """

    rows: pd.DataFrame
    language: NDArray[np.object_]
    tone: NDArray[np.float64]
    judge: Judge
    right: Estimate | None
    words: NDArray[np.int64]
    written: int
    names: Names


def heard(view: Reader, as_of: date) -> Heard:
    """The comments up to a day; worked out once for each state of the data."""
    return view.kept("voices heard", as_of, lambda: _heard(view, as_of), room=_KEPT)


def _heard(view: Reader, as_of: date) -> Heard:
    tell("Reading what customers wrote", 0.05)
    every = comments(view, as_of)
    rows = every.iloc[-MOST_READ:].reset_index(drop=True)
    rows = rows.assign(
        who=rows["customer_id"].where(rows["customer_id"].notna(), "answer " + rows["row_key"])
    )
    texts = rows["body"].tolist()
    tell("Telling languages apart", 0.1)
    language = languages_of(texts)
    tell("Hearing the tone of each comment", 0.3)
    tone, judge = _tone(rows, texts)
    return Heard(
        rows=rows,
        language=language,
        tone=tone,
        judge=judge,
        right=_right(rows, tone) if judge == "scores" else None,
        words=np.array([len(words_in(text)) for text in texts], dtype=np.int64),
        written=len(every),
        names=Names(*people_named(view)),
    )


def _tone(rows: pd.DataFrame, texts: list[str]) -> tuple[NDArray[np.float64], Judge]:
    """By the scores customers gave where there are enough, else by a list of English words."""
    score = rows["score"].to_numpy(np.float64, na_value=np.nan)
    if np.isfinite(score).sum() >= FEWEST_TAUGHT:
        tone = taught_tone(
            texts, 10 * score, rows["who"].to_numpy(str), rng=np.random.default_rng(_SEED)
        )
        if np.isfinite(tone).any():
            return tone.clip(0, 10), "scores"
    tone = 5 + 5 * word_list_tone(texts)
    return tone, "word list" if np.isfinite(tone).any() else "nobody"


def _right(rows: pd.DataFrame, tone: NDArray[np.float64]) -> Estimate | None:
    score = rows["score"].to_numpy(np.float64, na_value=np.nan)
    told = np.isfinite(tone) & ((score >= _GOOD) | (score <= _BAD))
    good = score[told] >= _GOOD
    if min(good.sum(), (~good).sum()) < FEWEST_TAUGHT // 2 or not np.ptp(tone[told]) > 0:
        return None
    return auc(good, tone[told], clusters=rows["who"].to_numpy(str)[told], level=_LEVEL)
