"""Who had left, by a list of customers on one day: without dates there is no before and after.

Such a list cannot be split in time, so models are cross-validated: each customer is predicted by a
model that was fitted on nine tenths of the others. That shows how well the list's traits tell
leavers from stayers, not what tomorrow brings, and whatever was written after a customer left looks
like a predictor. Hence nothing of it is graded beyond D.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from cxdash.facts import format as fmt
from cxdash.facts import wording
from cxdash.panel.snapshots import CustomerList
from cxdash.questions.chance import MIN_EVENTS
from cxdash.questions.churn.drivers import Driver, drivers
from cxdash.questions.churn.find import BOOSTED, EVENTS_A_COLUMN, FINANCE, NOBODY, TOPS
from cxdash.questions.churn.list_design import (
    AMOUNT,
    LABELS,
    MOST_LEVELS,
    OWN_UNIT,
    TENURE,
    Part,
    design,
    numbers_of,
    steps,
)
from cxdash.questions.churn.risks import Sign
from cxdash.questions.design import LEAK_SHARE, MIN_LEAVERS
from cxdash.questions.guard import Excluded, told_apart
from cxdash.questions.judgement import LEVEL
from cxdash.questions.trees import boosted_chances
from cxdash.questions.validation import ModelCheck
from cxdash.stats.calibration import ReliabilityGroup, calibration, reliability
from cxdash.stats.discrimination import Lift, auc, lift
from cxdash.stats.logistic import PRIOR_SD, LogisticFit, fit_logistic
from cxdash.stats.prior import narrowed

__all__ = ["FOLDS", "TRAITS", "ListFound", "find_in_list", "signs_of"]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

TRAITS: Final = "all traits"
FOLDS: Final = 10
CUTOFF: Final = f"none: {FOLDS}-fold cross-validation, out of time is impossible"
_SEED: Final = 51_009


@dataclass(frozen=True, slots=True)
class ListFound:
    """Everything estimated from a list.

    Parameters
    ----------
    people
        The list without what knows the outcome.
    fit, matrix, chances
        The model, its design matrix (rows, k), and each customer's chance by a model that had not
        seen the customer. ``fit`` is None when there are too few leavers or stayers.
    steady
        The model that chances come from, learned from the whole list: its coefficients are pulled
        towards zero as far as their errors call for.
    needed
        Leavers (or stayers) needed.
    in_months
        Whether the list says that its tenure is in months.
    """

    people: CustomerList
    excluded: tuple[Excluded, ...]
    left_out: tuple[Excluded, ...]
    fit: LogisticFit | None
    steady: LogisticFit | None
    matrix: Matrix
    parts: tuple[Part, ...]
    chances: Matrix
    drivers: tuple[Driver, ...]
    checks: tuple[ModelCheck, ...]
    groups: tuple[ReliabilityGroup, ...]
    lifts: tuple[Lift, ...]
    needed: int
    in_months: bool

    @property
    def left(self) -> Mask:
        return np.asarray(self.people.rows["has_left"].to_numpy(np.bool_))


def find_in_list(people: CustomerList, *, in_months: bool = False) -> ListFound:
    """Fit, look at every trait, cross-validate.

    ``in_months`` says that the list's tenure is known to be in months.
    """
    left = np.asarray(people.rows["has_left"].to_numpy(np.bool_))
    excluded, left_out = _guarded(people, left)
    dropped = {entry.column for entry in (*excluded, *left_out)}
    kept = people.traits[[name for name in people.traits if name not in dropped]]
    matrix, parts = design(people.rows, kept)
    needed = max(MIN_EVENTS, EVENTS_A_COLUMN * (matrix.shape[1] - 1))
    empty = ListFound(
        people=people,
        excluded=excluded,
        left_out=left_out,
        fit=None,
        steady=None,
        matrix=matrix,
        parts=parts,
        chances=np.empty(0),
        drivers=(),
        checks=(),
        groups=(),
        lifts=(),
        needed=needed,
        in_months=in_months,
    )
    if min(left.sum(), (~left).sum()) < needed or not matrix.shape[1]:
        return empty
    fit = fit_logistic(matrix, left)
    predicted = _predicted(matrix, parts, left)
    main = predicted[TRAITS]
    trained = round(left.size * (FOLDS - 1) / FOLDS)

    def learn(own: Matrix, rows: Mask) -> LogisticFit | None:
        return fit_logistic(own, left[rows])

    return ListFound(
        people=people,
        excluded=excluded,
        left_out=left_out,
        fit=fit,
        steady=_steady(fit, matrix, left),
        matrix=matrix,
        parts=parts,
        chances=main,
        drivers=drivers(
            fit,
            matrix,
            list(steps(people.rows, kept, fit, matrix, parts, in_months=in_months)),
            learn=learn,
            groups=(),
            controls=(),
            halves=None,
            level=LEVEL,
        ),
        checks=tuple(
            ModelCheck(
                model=name,
                auc=auc(left, chance, level=LEVEL) if np.ptp(chance) > 0 else None,
                calibration=calibration(left, chance, level=LEVEL),
                trained=trained,
                cutoff=CUTOFF,
            )
            for name, chance in predicted.items()
        ),
        groups=reliability(left, main, level=LEVEL),
        lifts=tuple(lift(left, main, top=top, level=LEVEL) for top in TOPS),
        needed=needed,
        in_months=in_months,
    )


# -- what knows the outcome -----------------------------------------------------------------------


def _guarded(people: CustomerList, left: Mask) -> tuple[tuple[Excluded, ...], tuple[Excluded, ...]]:
    """Traits that know the outcome, and traits of which nothing can be learned."""
    excluded, left_out = [], []
    for name in people.traits:
        told = _knows(str(name), people.traits[name], left)
        if told:
            excluded.append(told)
            continue
        filled = people.traits[name].dropna()
        if filled.nunique() < 2 and len(filled) in (0, len(left)):
            why = f"{wording.quoted(str(name))} says the same of everybody."
            left_out.append(Excluded(str(name), why))
        elif numbers_of(people.traits[name]) is None and filled.nunique() > MOST_LEVELS:
            why = f"{wording.quoted(str(name))} has too many different values to be a trait."
            left_out.append(Excluded(str(name), why))
    return tuple(excluded), tuple(left_out)


def _knows(name: str, column: pd.Series, left: Mask) -> Excluded | None:
    """A trait filled in only for leavers, a value nearly all left with, a number set afterwards."""
    filled = column.notna().to_numpy()
    n, gone = int(filled.sum()), int(left[filled].sum())
    elsewhere = float(left[~filled].mean()) if (~filled).any() else 1.0
    if n >= MIN_LEAVERS and gone >= LEAK_SHARE * n and elsewhere < 1 - LEAK_SHARE:
        return Excluded(
            name,
            f"{wording.quoted(name)} is filled in for those who left: {fmt.count(gone)} of "
            f"{fmt.count(n)} customers with it had left.",
        )
    numbers = numbers_of(column)
    if numbers is not None:
        known = ~np.isnan(numbers)
        ranked = told_apart(numbers[known], left[known])
        if ranked is not None:
            return Excluded(
                name,
                f"{wording.quoted(name)} tells leavers from stayers in "
                f"{fmt.number(ranked, 'share')} of all pairs: it looks as if it was set "
                "afterwards.",
            )
        return None
    counts = pd.Series(left).groupby(column.fillna("").to_numpy(dtype=object)).agg(["sum", "size"])
    for value, gone_with, of in counts.itertuples():
        if of >= MIN_LEAVERS and gone_with >= LEAK_SHARE * of and len(counts) > 1:
            return Excluded(
                name,
                f"{wording.quoted(name)} {wording.quoted(str(value))} knows the outcome: "
                f"{fmt.count(int(gone_with))} of {fmt.count(int(of))} customers with it had left.",
            )
    return None


# -- cross-validation -----------------------------------------------------------------------------


def _predicted(matrix: Matrix, parts: Sequence[Part], left: Mask) -> dict[str, Matrix]:
    """Each customer's chance under each model, by fits that had not seen the customer."""
    finance = [place for part in parts if part.name in LABELS for place in part.columns]
    chances = {name: np.zeros(left.size) for name in (TRAITS, FINANCE, NOBODY, BOOSTED)}
    if not finance:
        del chances[FINANCE]
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=_SEED)
    for past, unseen in folds.split(matrix, left):
        first = fit_logistic(matrix[past], left[past])
        steady = _steady(first, matrix[past], left[past])
        chances[TRAITS][unseen] = steady.probabilities(matrix[unseen])
        if finance:
            plain = fit_logistic(matrix[past][:, finance], left[past])
            chances[FINANCE][unseen] = plain.probabilities(matrix[unseen][:, finance])
        chances[BOOSTED][unseen] = boosted_chances(matrix[past], left[past], matrix[unseen])
    return chances


def _steady(first: LogisticFit, matrix: Matrix, left: Mask) -> LogisticFit:
    """A fit whose coefficients are pulled towards zero as far as their errors call for."""
    columns = matrix.shape[1]
    prior_sd = narrowed(first, np.full(columns, PRIOR_SD), [range(columns)])
    return fit_logistic(matrix, left, prior_sd=prior_sd)


# -- reasons --------------------------------------------------------------------------------------


def signs_of(found: ListFound) -> list[Sign]:
    """What sets a customer of the list apart: each trait, in the list's own words."""
    everybody = np.ones(len(found.matrix), dtype=np.bool_)
    return [Sign(part.columns, everybody, _Words(found, part)) for part in found.parts]


@dataclass(frozen=True, slots=True)
class _Words:
    found: ListFound
    part: Part

    def __call__(self, row: int) -> str:
        name, people = self.part.name, self.found.people
        value = (people.rows if name in LABELS else people.traits)[name].iloc[row]
        if name == TENURE and not self.found.in_months:
            return f"time as a customer {fmt.number(round(float(value)), 'count')} ({OWN_UNIT})"
        if name == TENURE:
            return f"customer for {fmt.number(round(float(value)), 'months')}"
        if name == AMOUNT:
            return "size of the monthly amount"
        return f"{name} {wording.quoted(str(value))}" if value is not None else f"no {name} given"
