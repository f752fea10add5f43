"""Design matrices: what finance and operations knew of a customer, and what the customer said.

Every model of leaving holds the same controls equal, so that the questions agree on what "given
what finance already knows" means. Levels and centres are learned on the rows a model is fitted on
and then stay; a value that was not seen there counts as the usual one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.panel import Windows
from cxdash.stats.logistic import PRIOR_SD

__all__ = [
    "SILENT",
    "Bands",
    "Controls",
    "Kind",
    "Leak",
    "Predictor",
    "Ratings",
    "band_of",
    "leaks",
    "size_of",
    "text_of",
]

Matrix = NDArray[np.float64]
Kind = Literal["time", "finance", "operations", "experience"]

SILENT: Final = "silent"
MIN_LEVEL_ROWS: Final = 20  # rarer segments, plans and regions are pooled
MIN_LEAVERS: Final = 10
LEAK_SHARE: Final = 0.9  # a segment or plan that nearly everybody left knows the outcome
# How far the level of leaving may drift from one window to the next, in log odds: about 10 %. It is
# an allowance, not an estimate: a forecast without one is too sure that tomorrow is like yesterday.
DRIFT_SD: Final = 0.1
# A band's link with leaving may differ between large and small accounts; without this the sum over
# revenue would be right only if it did not.
SIZE_SD: Final = 0.3
GROUPS: Final = ("segment", "plan", "region")
_MOST_CHANGE: Final = 1.0  # a price that more than doubled or halved counts as that
_SAME_ANSWERERS: Final = 0.9


@dataclass(frozen=True, slots=True)
class Leak:
    """A value of a customer column that knows the outcome, so the model leaves the column out."""

    column: str
    value: str
    left: int
    n: int


@dataclass(frozen=True, slots=True)
class Predictor:
    """A column of a design matrix.

    ``name`` is stable, ``words`` for people. ``prior_sd`` is in log odds per standard deviation;
    ``drift`` marks the column whose prior depends on how far apart the windows lie.
    """

    name: str
    words: str
    kind: Kind
    prior_sd: float = PRIOR_SD
    drift: bool = False


@dataclass(frozen=True, slots=True)
class Controls:
    """What finance and operations knew when a window began.

    ``levels`` holds, for each column of the customer list, the values with a column of their own;
    the most common value is the reference. Columns that never vary are left out.
    """

    levels: tuple[tuple[str, tuple[str, ...]], ...]
    plain: tuple[str, ...]

    @classmethod
    def learned(
        cls,
        rows: pd.DataFrame,
        known: Sequence[Leak] = (),
        *,
        groups: Sequence[str] = GROUPS,
        without: Sequence[str] = (),
    ) -> "Controls":
        """From the rows a model is fitted on.

        ``known`` are leaks: their columns are left out. ``groups`` are the columns of the customer
        list to hold equal, ``without`` names plain columns to leave out.
        """
        leaking = {leak.column for leak in known}
        levels = []
        for column in groups:
            if column in leaking:
                continue
            counts = text_of(rows[column]).value_counts()
            kept = [str(value) for value in counts.index[counts >= MIN_LEVEL_ROWS]]
            if len(kept) > 1 or (kept and len(counts) > 1):
                reference = kept[0]
                levels.append((column, tuple(sorted(set(kept) - {reference}))))
        plain = tuple(
            name
            for name, values in _plain(rows).items()
            if name not in without and (name == "window" or _varies(values))
        )
        return cls(tuple(levels), plain)

    @property
    def predictors(self) -> tuple[Predictor, ...]:
        """The columns in order: first the window's number, then the others."""
        found = [
            Predictor(name, _WORDS[name][0], _WORDS[name][1], drift=name == "window")
            for name in self.plain
        ]
        for column, values in self.levels:
            found += [
                Predictor(f"{column}={value}", f"{column} {value}", "finance") for value in values
            ]
        return tuple(found)

    @property
    def held_equal(self) -> tuple[str, ...]:
        """What is held equal, in plain words."""
        named = [_WORDS[name][0] for name in self.plain if name != "window"]
        return (*named, *(column for column, _ in self.levels))

    @property
    def alike(self) -> tuple[int, ...]:
        """Columns whose coefficients are of a like size: all but the period, whose drift is an
        allowance of its own.
        """
        return tuple(place for place, found in enumerate(self.predictors) if not found.drift)

    def matrix(self, rows: pd.DataFrame) -> Matrix:
        """Shape (rows, predictors)."""
        values = _plain(rows)
        columns = [values[name] for name in self.plain]
        for column, levels in self.levels:
            text = text_of(rows[column]).to_numpy(dtype=object)
            columns += [(text == level).astype(np.float64) for level in levels]
        return np.column_stack(columns) if columns else np.empty((len(rows), 0))

    def prior_sd(self, matrix: Matrix, horizon: int) -> Matrix:
        """Prior standard deviations for a fit on ``matrix`` (the result of :meth:`matrix`)."""
        sd = np.empty(len(self.predictors))
        for place, predictor in enumerate(self.predictors):
            sd[place] = predictor.prior_sd
            if predictor.drift:
                spread = float(matrix[:, place].std())
                sd[place] = DRIFT_SD / horizon * (spread if spread > 0 else 1.0)
        return sd


#: Plain columns: what each is called, and who knows it.
_WORDS: Final[Mapping[str, tuple[str, Kind]]] = {
    "window": ("the period", "time"),
    "tenure": ("time as a customer", "finance"),
    "spend": ("spend", "finance"),
    "idle": ("time since the last purchase", "finance"),
    "price_change": ("change of price or spend", "finance"),
    "contacts": ("recent contacts", "operations"),
    "unresolved": ("unsolved recent contacts", "operations"),
}


def _plain(rows: pd.DataFrame) -> dict[str, Matrix]:
    """The columns that are numbers, by name; each of shape (rows,)."""
    rate = _real(rows["rate"])
    earlier = rows["rate_earlier"].to_numpy(np.float64, na_value=np.nan)
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = np.log(rate / earlier)
    moved = np.where(np.isfinite(moved), moved, 0.0).clip(-_MOST_CHANGE, _MOST_CHANGE)
    return {
        "window": _real(rows["landmark"]),
        "tenure": np.log1p(_real(rows["tenure_months"]).clip(min=0)),
        "spend": size_of(rows),
        # The log odds of having stopped grow with the days of silence themselves, not their log.
        "idle": _real(rows["idle_days"]).clip(min=0),
        "price_change": moved,
        "contacts": np.log1p(_real(rows["contacts_before"])),
        "unresolved": np.log1p(_real(rows["unresolved_before"])),
    }


@dataclass(frozen=True, slots=True)
class Bands:
    """The band of the last answer to one item: two columns a band, "did not answer" the reference.

    The second column lets a band's link differ between large and small accounts.
    """

    names: tuple[str, ...]
    usual_size: float

    @classmethod
    def learned(cls, rows: pd.DataFrame, names: Sequence[str]) -> "Bands":
        return cls(tuple(names), float(size_of(rows).mean()))

    def matrix(self, rows: pd.DataFrame, band: str | None = None) -> Matrix:
        """Shape (rows, 2 x bands): in the band or not; if so, by how much larger than usual (in
        logs) the account is. ``band`` overrides the real one.
        """
        own, size = band_of(rows), size_of(rows)
        columns = []
        for name in self.names:
            hit = np.full(len(rows), band == name) if band else (own == name)
            columns += [hit.astype(np.float64), hit * (size - self.usual_size)]
        return np.column_stack(columns) if columns else np.empty((len(rows), 0))

    @property
    def prior_sd(self) -> Matrix:
        return np.tile([PRIOR_SD, SIZE_SD], len(self.names))


@dataclass(frozen=True, slots=True)
class Ratings:
    """The last answers to several items as numbers, each turned so that more is better.

    ``centres`` is what somebody who did not answer counts as (the mean of those who did). Items of
    one survey are answered by the same customers: they share one column that says who answered,
    one for each of ``blocks`` (positions in ``numbers``).
    """

    numbers: tuple[int, ...]
    signs: tuple[float, ...]
    centres: tuple[float, ...]
    blocks: tuple[tuple[int, ...], ...]

    @classmethod
    def learned(cls, seen: Windows, numbers: Sequence[int]) -> "Ratings":
        """From the windows a model is fitted on; ``numbers`` are columns of ``seen.scores``.

        Items nobody answered there, or all answered alike, have no column of their own.
        """
        kept, signs, centres = [], [], []
        for number in numbers:
            sign = 1.0 if seen.items[number].high_is_good else -1.0
            answered = seen.scores[:, number][~np.isnan(seen.scores[:, number])]
            if not _varies(answered):
                continue
            kept.append(number)
            signs.append(sign)
            centres.append(sign * float(answered.mean()))
        return cls(tuple(kept), tuple(signs), tuple(centres), _blocks(seen, kept))

    def matrix(self, seen: Windows) -> Matrix:
        """Shape (rows, items + blocks): the answers minus their centre, then who answered."""
        answered = ~np.isnan(seen.scores[:, list(self.numbers)])
        turned = seen.scores[:, list(self.numbers)] * np.array(self.signs) - np.array(self.centres)
        heard = [answered[:, list(block)].any(axis=1) for block in self.blocks]
        return np.column_stack([np.where(answered, turned, 0.0), *heard]).astype(np.float64)

    @property
    def width(self) -> int:
        return len(self.numbers) + len(self.blocks)


def _blocks(seen: Windows, numbers: Sequence[int]) -> tuple[tuple[int, ...], ...]:
    """Items that nearly the same customers answered, as positions in ``numbers``."""
    found: list[list[int]] = []
    masks: list[NDArray[np.bool_]] = []
    for place, number in enumerate(numbers):
        answered = ~np.isnan(seen.scores[:, number])
        for block, mask in zip(found, masks, strict=True):
            both, either = (answered & mask).sum(), (answered | mask).sum()
            if both >= _SAME_ANSWERERS * either:
                block.append(place)
                break
        else:
            # Where everybody answered there is no silence to mark.
            found.append([place])
            masks.append(answered)
    return tuple(tuple(block) for block, mask in zip(found, masks, strict=True) if not mask.all())


def leaks(closed: pd.DataFrame, columns: Sequence[str] = GROUPS) -> tuple[Leak, ...]:
    """Values of the customer list that nearly everybody left with, such as a plan called Closed.

    A customer list says what customers are today. A value that is written when they leave would let
    the model read the outcome. Counted by customer over all windows, because such a value stands at
    windows long before the end, too.
    """
    found = []
    for column in columns:
        each = closed.assign(value=text_of(closed[column])).groupby(["customer_id", "value"])
        gone = each["left_within"].max().astype(float).groupby("value").agg(["sum", "size"])
        if gone["sum"].sum() >= LEAK_SHARE * gone["size"].sum():
            continue  # nearly everybody left, whatever stands there
        for value, left, n in gone.itertuples():
            if n >= MIN_LEAVERS and left >= LEAK_SHARE * n and len(gone) > 1:
                found.append(Leak(column, str(value), int(left), int(n)))
    return tuple(found)


def size_of(rows: pd.DataFrame) -> Matrix:
    """What a customer pays a month, in logs; shape (rows,)."""
    return np.asarray(np.log1p(_real(rows["rate"]).clip(min=0)))


def band_of(rows: pd.DataFrame) -> NDArray[np.object_]:
    """Band of each row, shape (rows,); customers who did not answer are in the band ``silent``."""
    return rows["band"].fillna(SILENT).to_numpy(dtype=object)


def text_of(column: pd.Series) -> pd.Series:
    """A column of the customer list as text; nothing written is the empty text."""
    return column.fillna("").astype(str)


def _varies(values: Matrix) -> bool:
    return values.size > 0 and bool(np.ptp(values) > 0)


def _real(column: pd.Series) -> Matrix:
    return np.asarray(column.to_numpy(np.float64))
