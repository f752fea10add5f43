"""What customers answered at a stage: as given, and with the mix of customers held equal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import t as student

from cxdash.facts.definitions import Definition, definition
from cxdash.questions.judgement import LEVEL
from cxdash.stats.estimate import Estimate

__all__ = ["Rating", "ratings"]

Matrix = NDArray[np.float64]

_FEWEST: Final = 10  # customers who answered, and of them in a group to stand for it
_EFFORT: Final = "ces"


@dataclass(frozen=True, slots=True)
class Rating:
    """One item at one stage.

    ``raw`` is the mean over customers, each with the mean of its answers; ``adjusted`` with each
    segment at its share among today's customers, None where segments are not known or too few
    answered in one of them. ``unit`` is ``points``, ``share`` or ``score``.
    """

    item: str
    variant: str
    unit: str
    raw: Estimate
    adjusted: Estimate | None

    @property
    def best(self) -> Estimate:
        """The adjusted one where there is one."""
        return self.adjusted or self.raw


def ratings(
    answers: pd.DataFrame,
    people: pd.DataFrame,
    stages: int,
    wish: str | None,
    today: "pd.Series[str]",
) -> tuple[Sequence[Rating | None], Sequence[Rating | None]]:
    """Score and effort of each stage, in their order.

    ``wish`` is the item asked for; without one, that which recommends, then that which satisfies,
    then the one with most answers. ``today`` is the segment of each of today's customers.
    """
    if answers.empty:
        return [None] * stages, [None] * stages
    known = answers.merge(people[["customer_id", "segment"]], on="customer_id", how="left")
    known["segment"] = known["segment"].fillna("")
    added = _added(known)
    own = (
        known.assign(added=added)
        .groupby(["stage", "item", "variant", "customer_id", "segment"], as_index=False)
        .agg(n=("n", "sum"), added=("added", "sum"))
    )
    own["value"] = own["added"] / own["n"]
    share = today.fillna("").value_counts(normalize=True)
    scores: list[Rating | None] = []
    efforts: list[Rating | None] = []
    for stage in range(stages):
        here = own[own["stage"] == stage]
        scores.append(_rating(here, share, _chosen(here, wish, effort=False)))
        efforts.append(_rating(here, share, _chosen(here, None, effort=True)))
    return scores, efforts


def _added(rows: pd.DataFrame) -> Matrix:
    """What the answers of a row add to the sum of scores."""
    added = rows["total"].to_numpy(np.float64).copy()
    for name, good in rows[["variant", "high_is_good"]].drop_duplicates().itertuples(index=False):
        meant = definition(str(name))
        if meant.unit not in ("points", "share"):
            continue
        own = ((rows["variant"] == name) & (rows["high_is_good"] == good)).to_numpy(np.bool_)
        worst, best = _ends(meant)
        band, n = rows["band"].to_numpy(dtype=object)[own], rows["n"].to_numpy(np.float64)[own]
        net = (band == best).astype(np.float64)
        if meant.unit == "points":
            net = 100 * (net - (band == worst))
        added[own] = net * n
    return added


def _ends(meant: Definition) -> tuple[str, str]:
    bands = meant.bands if meant.high_is_good else meant.bands[::-1]
    return bands[0].name, bands[-1].name


def _chosen(rows: pd.DataFrame, wish: str | None, *, effort: bool) -> tuple[str, str] | None:
    """Item and variant to speak of at a stage."""
    if rows.empty:
        return None
    counted = rows.groupby(["item", "variant"], sort=True)["n"].sum()
    names = [counted.index.get_level_values(level) for level in (0, 1)]
    found = [(str(i), str(v), int(n)) for i, v, n in zip(*names, counted, strict=True)]
    found = [one for one in found if one[1].startswith(_EFFORT) is effort]
    if not found:
        return None
    wished = [one for one in found if wish in (one[0], f"{one[0]}@{one[1]}")]

    def order(one: tuple[str, str, int]) -> tuple[int, int, str]:
        kinds = ("nps.", "csat.")
        first = next((n for n, kind in enumerate(kinds) if one[1].startswith(kind)), len(kinds))
        return (first, -one[2], one[0])

    item, variant, _ = min(wished or found, key=order)
    return item, variant


def _rating(
    rows: pd.DataFrame, share: "pd.Series[float]", chosen: tuple[str, str] | None
) -> Rating | None:
    if chosen is None:
        return None
    item, variant = chosen
    own = rows[(rows["item"] == item) & (rows["variant"] == variant)]
    if len(own) < _FEWEST:
        return None
    unit = definition(variant).unit
    return Rating(
        item=item,
        variant=variant,
        unit=unit if unit in ("points", "share") else "score",
        raw=_mean(own["value"].to_numpy(np.float64)),
        adjusted=_standardised(own, share),
    )


def _mean(values: Matrix) -> Estimate:
    error = float(values.std(ddof=1)) / np.sqrt(values.size)
    return _estimate(float(values.mean()), error, values.size, values.size - 1)


def _standardised(rows: pd.DataFrame, share: "pd.Series[float]") -> Estimate | None:
    """Each segment at its share among all; None where a segment that counts is hardly there."""
    if len(share) < 2:
        return None
    centre = variance = 0.0
    for segment, weight in share.items():
        values = rows.loc[rows["segment"] == segment, "value"].to_numpy(np.float64)
        if values.size < _FEWEST:
            return None
        centre += float(weight) * float(values.mean())
        variance += float(weight) ** 2 * float(values.var(ddof=1)) / values.size
    return _estimate(centre, float(np.sqrt(variance)), len(rows), len(rows) - len(share))


def _estimate(centre: float, error: float, n: int, freedom: int) -> Estimate:
    half = float(student.ppf((1 + LEVEL) / 2, freedom) * error)
    return Estimate(estimate=centre, low=centre - half, high=centre + half, n=n, level=LEVEL)
