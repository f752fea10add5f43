"""Who had left, by a list of customers on one day: without dates there is no before and after.

Such a list cannot be split in time, so models are cross-validated: each customer is predicted by a
model that was fitted on nine tenths of the others. That shows how well the list's traits tell
leavers from stayers, not what tomorrow brings, and whatever was written after a customer left looks
like a predictor. Hence nothing of it is graded beyond D.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from cxdash.facts import format as fmt
from cxdash.facts import wording
from cxdash.facts.words import named
from cxdash.panel.snapshots import CustomerList
from cxdash.questions.churn_drivers import Driver, drivers
from cxdash.questions.churn_effects import Step
from cxdash.questions.churn_find import BOOSTED, FINANCE, NOBODY, TOPS
from cxdash.questions.churn_risks import Sign
from cxdash.questions.design import LEAK_SHARE, MIN_LEAVERS, MIN_LEVEL_ROWS
from cxdash.questions.guard import Excluded, told_apart
from cxdash.questions.leaving import LEVEL
from cxdash.stats.calibration import Calibration, ReliabilityGroup, calibration, reliability
from cxdash.stats.discrimination import Lift, auc, lift
from cxdash.stats.estimate import Estimate
from cxdash.stats.logistic import PRIOR_SD, LogisticFit, fit_logistic
from cxdash.stats.prior import spreads

__all__ = ["TRAITS", "ListCheck", "ListFound", "find_in_list", "signs_of"]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

TRAITS: Final = "all traits"
FOLDS: Final = 10
MIN_EVENTS: Final = 10
EVENTS_A_COLUMN: Final = 5
MOST_LEVELS: Final = 30
_NUMBERS: Final = 0.95  # of the filled cells of a column of numbers
_FEW_VALUES: Final = 10  # a column of so few different numbers is taken as levels
_SEED: Final = 51_009
_TENURE, _AMOUNT = "tenure_months", "monthly_amount"
_LABELS: Final[Mapping[str, str]] = {_TENURE: "Time as a customer", _AMOUNT: "Monthly amount"}
_LONGER: Final = 12.0
_LESS: Final = 0.9


@dataclass(frozen=True, slots=True)
class _Part:
    """The columns of one trait: numbers as they are and in logs, or a column for each level.

    ``levels`` has the level of each column; ``usual`` is the commonest one, which has none. A level
    that marks the same customers as one of another trait has a column in one of them only.
    """

    name: str
    label: str
    columns: tuple[int, ...]
    levels: tuple[str, ...] = ()
    usual: str = ""


@dataclass(frozen=True, slots=True)
class ListCheck:
    """How right one model was about customers it had not seen."""

    model: str
    auc: Estimate | None
    calibration: Calibration
    trained: int


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
    needed
        Leavers (or stayers) needed.
    """

    people: CustomerList
    excluded: tuple[Excluded, ...]
    left_out: tuple[Excluded, ...]
    fit: LogisticFit | None
    matrix: Matrix
    parts: tuple[_Part, ...]
    chances: Matrix
    drivers: tuple[Driver, ...]
    checks: tuple[ListCheck, ...]
    groups: tuple[ReliabilityGroup, ...]
    lifts: tuple[Lift, ...]
    needed: int

    @property
    def left(self) -> Mask:
        return np.asarray(self.people.rows["has_left"].to_numpy(np.bool_))


def find_in_list(people: CustomerList) -> ListFound:
    """Fit, look at every trait, cross-validate."""
    left = np.asarray(people.rows["has_left"].to_numpy(np.bool_))
    excluded, left_out = _guarded(people, left)
    dropped = {entry.column for entry in (*excluded, *left_out)}
    kept = people.traits[[name for name in people.traits if name not in dropped]]
    matrix, parts = _design(people.rows, kept)
    needed = max(MIN_EVENTS, EVENTS_A_COLUMN * (matrix.shape[1] - 1))
    empty = ListFound(
        people=people,
        excluded=excluded,
        left_out=left_out,
        fit=None,
        matrix=matrix,
        parts=parts,
        chances=np.empty(0),
        drivers=(),
        checks=(),
        groups=(),
        lifts=(),
        needed=needed,
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
        matrix=matrix,
        parts=parts,
        chances=main,
        drivers=drivers(
            fit,
            matrix,
            list(_steps(people.rows, kept, fit, matrix, parts)),
            learn=learn,
            groups=(),
            controls=(),
            halves=None,
            level=LEVEL,
        ),
        checks=tuple(
            ListCheck(
                name,
                auc(left, chance, level=LEVEL) if np.ptp(chance) > 0 else None,
                calibration(left, chance, level=LEVEL),
                trained,
            )
            for name, chance in predicted.items()
        ),
        groups=reliability(left, main, level=LEVEL),
        lifts=tuple(lift(left, main, top=top, level=LEVEL) for top in TOPS),
        needed=needed,
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
        elif _numbers(people.traits[name]) is None and filled.nunique() > MOST_LEVELS:
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
    numbers = _numbers(column)
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


# -- the design -----------------------------------------------------------------------------------


def _numbers(column: pd.Series) -> Matrix | None:
    """The column as numbers (nan where empty), or None where it holds levels."""
    numbers = pd.to_numeric(column, errors="coerce")
    filled = int(column.notna().sum())
    if filled == 0 or numbers.notna().sum() < _NUMBERS * filled:
        return None
    return None if numbers.nunique() <= _FEW_VALUES else np.asarray(numbers, dtype=np.float64)


def _design(rows: pd.DataFrame, traits: pd.DataFrame) -> tuple[Matrix, tuple[_Part, ...]]:
    """Tenure and amount first, then every trait; the commonest level is the reference."""
    columns: list[Matrix] = []
    parts: list[_Part] = []

    def add(
        name: str, found: Sequence[Matrix], levels: tuple[str, ...] = (), usual: str = ""
    ) -> None:
        places = tuple(range(len(columns), len(columns) + len(found)))
        columns.extend(found)
        parts.append(_Part(name, _LABELS.get(name, name), places, levels, usual))

    # Amounts in different currencies never stand in one column.
    several = len(set(rows["currency"].dropna())) > 1
    for name in (_TENURE, *(() if several else (_AMOUNT,))):
        numbers = rows[name].to_numpy(np.float64, na_value=np.nan)
        if np.isfinite(numbers).any() and np.nanmax(numbers) > np.nanmin(numbers):
            add(name, _shaped(numbers))
    usual: dict[str, str] = {}
    marks: dict[tuple[str, str], Matrix] = {}
    for trait in traits:
        numbers = _numbers(traits[trait])
        if numbers is not None:
            add(str(trait), _shaped(numbers))
            continue
        text = traits[trait].fillna("").to_numpy(dtype=object)
        counts = pd.Series(text).value_counts()
        kept = [str(value) for value in counts.index[counts >= MIN_LEVEL_ROWS]]
        usual |= {str(trait): kept[0]} if kept else {}
        marks |= {(str(trait), level): (text == level).astype(np.float64) for level in kept[1:]}
    owned = _owned(marks)
    for trait, common in usual.items():
        levels = tuple(sorted(level for name, level in owned if name == trait))
        if levels:
            add(trait, [marks[trait, level] for level in levels], levels, common)
    matrix = np.column_stack(columns) if columns else np.empty((len(rows), 0))
    return matrix, tuple(parts)


def _owned(marks: Mapping[tuple[str, str], Matrix]) -> set[tuple[str, str]]:
    """Which levels get a column: of those that mark the same customers, the most plainly named.

    A service that is not there at all is often a level of every trait of that service.
    """
    best: dict[bytes, tuple[str, str]] = {}
    for name, mark in marks.items():
        same = min(mark.tobytes(), (1 - mark).tobytes())
        if same not in best or (len(name[1]), name) < (len(best[same][1]), best[same]):
            best[same] = name
    return set(best.values())


def _shaped(numbers: Matrix) -> list[Matrix]:
    """A number as it is and in logs, so that its link may bend; empty cells count as the middle."""
    filled = np.where(np.isnan(numbers), np.nanmedian(numbers), numbers)
    if filled.min() < 0:
        return [filled]
    return [filled, np.log1p(filled)]


# -- realistic steps ------------------------------------------------------------------------------


def _steps(
    rows: pd.DataFrame,
    traits: pd.DataFrame,
    fit: LogisticFit,
    matrix: Matrix,
    parts: Sequence[_Part],
) -> Iterator[Step]:
    everybody = np.ones(len(rows), dtype=np.bool_)
    for part in parts:
        own = matrix[:, list(part.columns)]
        if part.levels:
            text = traits[part.name].fillna("").to_numpy(dtype=object)
            yield _level_step(fit, own, part, text == part.usual)
            continue
        value = own[:, 0]
        if part.name == _TENURE:
            moved, words = value + _LONGER, f"{_LONGER:g} months longer as a customer"
            short = f"{_LONGER:g} extra months as a customer"
        elif part.name == _AMOUNT:
            moved, words = value * _LESS, "a tenth less to pay a month"
            short = "a monthly amount cut to nine tenths"
        else:
            size = float(np.subtract(*np.quantile(value, [0.75, 0.5])))
            moved, words = value + size, f"{fmt.number(size, 'score')} more, as a quarter have"
            short = f"{fmt.number(size, 'score')} extra on {named(part.label)}"
        after = [moved, np.log1p(moved)] if len(part.columns) > 1 else [moved]
        yield Step(
            part.name,
            part.label,
            "finance" if part.name in _LABELS else "operations",
            words,
            short,
            part.columns,
            everybody,
            everybody,
            np.column_stack(after),
        )


def _level_step(fit: LogisticFit, own: Matrix, part: _Part, usual: Mask) -> Step:
    """From the level with the most leavers to the one with the fewest, all else held equal."""
    columns = np.array(part.columns)
    weights = fit.coefficients[1 + columns] / fit.scale[columns]
    masks = [usual, *(own[:, place] == 1 for place in range(len(part.levels)))]
    names = [part.usual, *part.levels]
    values = np.array([0.0, *weights])
    worst, best = int(np.argmax(values)), int(np.argmin(values))
    target = np.zeros(len(part.levels))
    if best:
        target[best - 1] = 1.0
    about = np.asarray(masks[worst])
    said = [wording.quoted(name) if name else "nothing given" for name in names]
    return Step(
        part.name,
        part.label,
        "operations",
        f"{said[best]} instead of {said[worst]}",
        f"{named(part.label)} {said[best]} instead of {said[worst]}",
        part.columns,
        np.ones(len(own), dtype=np.bool_),
        about,
        np.tile(target, (int(about.sum()), 1)),
    )


# -- cross-validation -----------------------------------------------------------------------------


def _predicted(matrix: Matrix, parts: Sequence[_Part], left: Mask) -> dict[str, Matrix]:
    """Each customer's chance under each model, by fits that had not seen the customer."""
    # Half a second to load, and only this question asks it.
    from sklearn.ensemble import HistGradientBoostingClassifier  # noqa: PLC0415

    finance = [place for part in parts if part.name in _LABELS for place in part.columns]
    chances = {name: np.zeros(left.size) for name in (TRAITS, FINANCE, NOBODY, BOOSTED)}
    if not finance:
        del chances[FINANCE]
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=_SEED)
    for past, unseen in folds.split(matrix, left):
        chances[TRAITS][unseen] = _steady(matrix[past], left[past]).probabilities(matrix[unseen])
        if finance:
            plain = fit_logistic(matrix[past][:, finance], left[past])
            chances[FINANCE][unseen] = plain.probabilities(matrix[unseen][:, finance])
        trees = HistGradientBoostingClassifier(
            max_depth=3, learning_rate=0.05, max_iter=100, random_state=0
        )
        trees.fit(matrix[past], left[past])
        chances[BOOSTED][unseen] = trees.predict_proba(matrix[unseen])[:, 1]
    return chances


def _steady(matrix: Matrix, left: Mask) -> LogisticFit:
    """A fit whose coefficients are pulled towards zero as far as their errors call for."""
    first = fit_logistic(matrix, left)
    sds = spreads(first.coefficients[1:], first.covariance[1:, 1:], [range(matrix.shape[1])])
    return fit_logistic(matrix, left, prior_sd=min(sds[0], PRIOR_SD))


# -- reasons --------------------------------------------------------------------------------------


def signs_of(found: ListFound) -> list[Sign]:
    """What sets a customer of the list apart: each trait, in the list's own words."""
    everybody = np.ones(len(found.matrix), dtype=np.bool_)
    return [Sign(part.columns, everybody, _Words(found.people, part)) for part in found.parts]


@dataclass(frozen=True, slots=True)
class _Words:
    people: CustomerList
    part: _Part

    def __call__(self, row: int) -> str:
        name = self.part.name
        value = (self.people.rows if name in _LABELS else self.people.traits)[name].iloc[row]
        if name == _TENURE:
            return f"customer for {fmt.number(round(float(value)), 'months')}"
        if name == _AMOUNT:
            return "size of the monthly amount"
        return f"{name} {wording.quoted(str(value))}" if value is not None else f"no {name} given"
