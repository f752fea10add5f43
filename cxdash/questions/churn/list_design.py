"""The traits of a list of customers as columns of a model, and a realistic step of each.

A trait is numbers, or levels with the commonest one as the reference. Which levels a step compares
is fixed before anybody looks at who left: the commonest against the others, each as common as it
is. The levels with the most and the fewest leavers would differ in pure noise too. Whether a trait
of levels matters at all is asked of all its levels at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.facts import format as fmt
from cxdash.facts import wording
from cxdash.facts.words import named
from cxdash.questions.churn.effects import Step
from cxdash.questions.design import MIN_LEVEL_ROWS
from cxdash.stats.logistic import LogisticFit

__all__ = [
    "AMOUNT",
    "LABELS",
    "MOST_LEVELS",
    "OWN_UNIT",
    "TENURE",
    "Part",
    "design",
    "numbers_of",
    "steps",
]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

TENURE, AMOUNT = "tenure_months", "monthly_amount"
LABELS: Final[Mapping[str, str]] = {TENURE: "Time as a customer", AMOUNT: "Monthly amount"}
MOST_LEVELS: Final = 30
OWN_UNIT: Final = "the file's own unit"  # of a tenure whose column does not say it
_NUMBERS: Final = 0.95  # of the filled cells of a column of numbers
_FEW_VALUES: Final = 10  # a column of so few different numbers is taken as levels
_LONGER: Final = 12.0
_LESS: Final = 0.9
_NAMED: Final = 2  # so many other levels are called by name


@dataclass(frozen=True, slots=True)
class Part:
    """The columns of one trait: numbers as they are and in logs, or a column for each level.

    ``levels`` has the level of each column; ``usual`` is the commonest one, which has none. A level
    that marks the same customers as one of another trait has a column in one of them only.
    """

    name: str
    label: str
    columns: tuple[int, ...]
    levels: tuple[str, ...] = ()
    usual: str = ""


def numbers_of(column: pd.Series) -> Matrix | None:
    """The column as numbers (nan where empty), or None where it holds levels."""
    numbers = pd.to_numeric(column, errors="coerce")
    filled = int(column.notna().sum())
    if filled == 0 or numbers.notna().sum() < _NUMBERS * filled:
        return None
    return None if numbers.nunique() <= _FEW_VALUES else np.asarray(numbers, dtype=np.float64)


def design(rows: pd.DataFrame, traits: pd.DataFrame) -> tuple[Matrix, tuple[Part, ...]]:
    """Tenure and amount first, then every trait; the commonest level is the reference."""
    columns: list[Matrix] = []
    parts: list[Part] = []

    def add(
        name: str, found: Sequence[Matrix], levels: tuple[str, ...] = (), usual: str = ""
    ) -> None:
        places = tuple(range(len(columns), len(columns) + len(found)))
        columns.extend(found)
        parts.append(Part(name, LABELS.get(name, name), places, levels, usual))

    # Amounts in different currencies never stand in one column.
    several = len(set(rows["currency"].dropna())) > 1
    for name in (TENURE, *(() if several else (AMOUNT,))):
        numbers = rows[name].to_numpy(np.float64, na_value=np.nan)
        if np.isfinite(numbers).any() and np.nanmax(numbers) > np.nanmin(numbers):
            add(name, _shaped(numbers))
    usual: dict[str, str] = {}
    marks: dict[tuple[str, str], Matrix] = {}
    for trait in traits:
        numbers = numbers_of(traits[trait])
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


def steps(
    rows: pd.DataFrame,
    traits: pd.DataFrame,
    fit: LogisticFit,
    matrix: Matrix,
    parts: Sequence[Part],
    *,
    in_months: bool,
) -> Iterator[Step]:
    """A step of each trait; tenure moves by a year only where its unit is known to be months."""
    everybody = np.ones(len(rows), dtype=np.bool_)
    for part in parts:
        own = matrix[:, list(part.columns)]
        if part.levels:
            text = traits[part.name].fillna("").to_numpy(dtype=object)
            yield _level_step(fit, own, part, text == part.usual)
            continue
        value = own[:, 0]
        if part.name == TENURE and in_months:
            moved, words = value + _LONGER, f"{_LONGER:g} months longer as a customer"
            short = f"{_LONGER:g} extra months as a customer"
        elif part.name == AMOUNT:
            moved, words = value * _LESS, "a tenth less to pay a month"
            short = "a monthly amount cut to nine tenths"
        else:
            size = float(np.subtract(*np.quantile(value, [0.75, 0.5])))
            shown = fmt.number(size, "score")
            moved, words = value + size, f"{shown} more, as a quarter have"
            short = f"{shown} extra on {named(part.label)}"
            if part.name == TENURE:
                words = f"{shown} more in {OWN_UNIT}, as a quarter have"
                short = f"{shown} extra in time as a customer ({OWN_UNIT})"
        after = [moved, np.log1p(moved)] if len(part.columns) > 1 else [moved]
        yield Step(
            part.name,
            part.label,
            "finance" if part.name in LABELS else "operations",
            words,
            short,
            part.columns,
            everybody,
            everybody,
            np.column_stack(after),
        )


def _level_step(fit: LogisticFit, own: Matrix, part: Part, usual: Mask) -> Step:
    """The commonest level against the others, in the direction in which fewer leave.

    Both sides are fixed beforehand and only the direction follows from the fit, which turns the
    sign of a range and not what it holds. Others that have no column of their own (too rare, or the
    same customers as a level of another trait) stay out of it.
    """
    columns = np.array(part.columns)
    others = np.asarray(own.any(axis=1))
    mix = own[others].mean(axis=0)
    against = float(mix @ (fit.coefficients[1 + columns] / fit.scale[columns]))
    common = _said(part.usual)
    few = len(part.levels) <= _NAMED
    other = " or ".join(_said(level) for level in part.levels) if few else "another"
    about, target = (others, np.zeros(len(mix))) if against > 0 else (usual, mix)
    words = f"{common} instead of {other}" if against > 0 else f"{other} instead of {common}"
    return Step(
        part.name,
        part.label,
        "operations",
        words,
        f"{named(part.label)} {words}",
        part.columns,
        np.ones(len(own), dtype=np.bool_),
        about,
        np.tile(target, (int(about.sum()), 1)),
        jointly=True,
    )


def _said(level: str) -> str:
    return wording.quoted(level) if level else "nothing given"
