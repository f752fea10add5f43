"""Put the rows of a claim together: who is told apart, what came of them, what is held equal."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.panel import Windows, month_index
from cxdash.questions.chance import left_of
from cxdash.questions.design import Controls, Predictor, Ratings, leaks
from cxdash.questions.examine.claim import Claim
from cxdash.questions.examine.exposure import answered, known, moved
from cxdash.questions.examine.rows import Heard
from cxdash.questions.setting import Setting
from cxdash.stats.logistic import NoConvergenceError, fit_logistic

__all__ = ["heard"]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Columns of the design that measure the same as what a claim is about, and so are not held equal.
_SAME: Final = {"spend": ("spend", "price_change")}
OTHER_ANSWERS: Final = "the other answers"


def heard(setting: Setting, seen: Windows, claim: Claim) -> Heard | None:
    """The rows of one horizon; None when no window of such customers is over.

    ``seen`` are the setting's windows, or a sample of them.
    """
    first = setting.item.first_usable
    earliest = 0 if claim.column or first is None else month_index(first)
    mask = seen.is_closed & (seen.rows["landmark"].to_numpy(np.int64) >= earliest)
    if claim.outcome == "spend":
        mask &= seen.rows["rate"].to_numpy(np.float64) > 0
    part = seen.part(mask)
    gave = part.bands[:, part.number_of(setting.item)] >= 0
    kept = np.ones(len(part.rows), dtype=bool) if claim.column else gave
    if not kept.any():
        return None
    known_leaks = leaks(part.rows)
    without = _SAME.get(claim.column, (claim.column,)) if claim.column else ()
    learned = Controls.learned(part.rows, known_leaks, without=without)
    matrix = learned.matrix(part.rows)
    operational = np.array([one.kind == "operations" for one in learned.predictors], dtype=bool)
    told = part.part(kept)
    others = _others(told, setting, claim)
    rows = told.rows if claim.column else told.of(setting.item).rows
    exposure = known(rows, claim.column) if claim.column else answered(rows, setting)
    codes, ids = pd.factorize(rows["customer_id"], sort=True)
    predictors = [
        *(one for one, is_late in zip(learned.predictors, operational, strict=True) if not is_late),
        *(one for one, is_late in zip(learned.predictors, operational, strict=True) if is_late),
    ]
    columns = others.shape[1] if claim.beyond_others else 0
    ages = np.zeros(len(rows)) if claim.column else rows["answered_days_ago"].to_numpy(np.float64)
    return Heard(
        horizon=seen.horizon,
        outcome=_outcome(rows, claim, seen.horizon, contractual=setting.panel.contractual),
        place=exposure.place,
        places=exposure.places,
        figure=exposure.figure,
        age_days=ages,
        landmark=rows["landmark"].to_numpy(np.int64),
        customer=codes.astype(np.int64),
        ids=np.asarray(ids, dtype=object),
        rate=rows["rate"].to_numpy(np.float64),
        moved=moved(rows),
        left_month=rows["left_month"].to_numpy(np.float64, na_value=np.nan),
        finance=matrix[kept][:, ~operational],
        operations=matrix[kept][:, operational],
        answers=others,
        groups=_groups(predictors, columns),
        share_answered=_chance_of_answering(matrix, gave)[kept],
        ends=exposure.ends,
        leaving=claim.outcome == "leaving",
        by_answer=claim.column is None,
        beyond_others=claim.beyond_others,
        known_leaks=known_leaks,
    )


def _others(part: Windows, setting: Setting, claim: Claim) -> Matrix:
    """Answers to the other items, shape (rows, columns)."""
    own = None if claim.column else part.number_of(setting.item)
    numbers = [number for number in range(len(part.items)) if number != own]
    learned = Ratings.learned(part, numbers)
    return learned.matrix(part) if learned.numbers else np.empty((len(part.rows), 0))


def _outcome(rows: pd.DataFrame, claim: Claim, horizon: int, *, contractual: bool) -> Matrix:
    if claim.outcome == "leaving":
        return left_of(rows).astype(np.float64)
    if contractual:
        after = rows["rate_after"].to_numpy(np.float64)
    else:
        after = rows["revenue_after"].to_numpy(np.float64) / horizon
    return np.asarray(after - rows["rate"].to_numpy(np.float64))


def _groups(predictors: Sequence[Predictor], answers: int) -> dict[str, tuple[int, ...]]:
    """All columns that stand for one thing under its name; the period is no cause."""
    found: dict[str, list[int]] = {}
    for place, one in enumerate(predictors):
        column, equals, _ = one.name.partition("=")
        if one.kind != "time":
            found.setdefault(column if equals else one.words, []).append(place)
    if answers:
        found[OTHER_ANSWERS] = list(range(len(predictors), len(predictors) + answers))
    return {name: tuple(places) for name, places in found.items()}


def _chance_of_answering(matrix: Matrix, gave: Mask) -> Matrix:
    """From what finance and operations knew; the same for all where that tells nothing."""
    if gave.all() or not gave.any() or not matrix.shape[1]:
        return np.full(gave.size, float(gave.mean()))
    try:
        return fit_logistic(matrix, gave).probabilities(matrix)
    except NoConvergenceError:
        return np.full(gave.size, float(gave.mean()))
