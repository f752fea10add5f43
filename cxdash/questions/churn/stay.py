"""How fast customers go after a window begins, by what they had answered last.

As counted, nothing held equal: the curves show when, the drivers show beside what.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxdash.facts import Row
from cxdash.facts.definitions import Band, definition
from cxdash.panel import Windows
from cxdash.questions.chance import left_of, months_of
from cxdash.questions.churn.find import Found
from cxdash.questions.judgement import LEVEL
from cxdash.stats.estimate import Estimate
from cxdash.stats.survival import LogRank, SurvivalCurve, kaplan_meier, log_rank

__all__ = ["Staying", "staying"]

FEWEST: Final = 30
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Staying:
    """Curves of one item's bands, worst first, as rows; and how far the ends lie apart.

    ``ends`` are the labels of the first and the last band, ``gap`` the share of the first that
    stayed to the end minus that of the last; ``difference`` tests whether any curves differ.
    """

    number: int
    rows: tuple[Row, ...]
    ends: tuple[str, str]
    gap: Estimate
    difference: LogRank


def staying(found: Found) -> Staying | None:
    """Curves of the item asked for, else of the main one.

    None without contracts (then no month of leaving is known), without answers, or without two
    bands of at least thirty windows in which anybody left.
    """
    closed = found.closed
    number = _main(found)
    if number is None or not found.stage.panel.contractual:
        return None
    left, months = left_of(closed.rows), months_of(closed.rows, found.stage.horizon)
    groups = [
        (band, own)
        for band, own in _bands(closed, number)
        if own.sum() >= FEWEST and left[own].any()
    ]
    if len(groups) < 2:
        return None
    curves = [kaplan_meier(months[own], left[own], level=LEVEL) for _, own in groups]
    rows = tuple(
        row
        for (band, own), curve in zip(groups, curves, strict=True)
        for row in _curve(band.label, months[own], curve, found.stage.horizon)
    )
    several = np.any([own for _, own in groups], axis=0)
    group = np.sum([place * own for place, (_, own) in enumerate(groups)], axis=0)
    return Staying(
        number,
        rows,
        (groups[0][0].label, groups[-1][0].label),
        _gap(curves[0], curves[-1], found.stage.horizon),
        log_rank(months[several], left[several], group[several]),
    )


def _gap(first: SurvivalCurve, last: SurvivalCurve, month: int) -> Estimate:
    """Difference of two curves at a month, from their own intervals (Zou and Donner, 2008)."""
    (one, one_low, one_high), (other, low, high) = first.at(month), last.at(month)
    down = float(np.hypot(one - one_low, high - other))
    up = float(np.hypot(one_high - one, other - low))
    gap = one - other
    return Estimate(
        estimate=gap, low=gap - down, high=gap + up, n=first.n + last.n, level=first.level
    )


def _main(found: Found) -> int | None:
    numbers = found.stage.cleared.numbers
    items = found.stage.seen.items
    wish = found.stage.scope.metric
    asked = [n for n in numbers if wish in (items[n].name, f"{items[n].name}@{items[n].variant}")]
    usual = [n for n in numbers if items[n].variant == "nps.0-10"]
    most = sorted(numbers, key=lambda n: -items[n].n)
    return next(iter((*asked, *usual, *most)), None)


def _bands(closed: Windows, number: int) -> Iterator[tuple[Band, Mask]]:
    """The bands of an item, worst first, each with its windows."""
    bands = definition(closed.items[number].variant).bands
    places = list(range(len(bands)))
    for place in places if closed.items[number].high_is_good else reversed(places):
        yield bands[place], closed.bands[:, number] == place


def _curve(
    label: str, months: NDArray[np.float64], curve: SurvivalCurve, horizon: int
) -> Iterator[Row]:
    for month in range(horizon + 1):
        stayed, low, high = curve.at(month)
        yield {
            "month": str(month),
            "band": label,
            "stayed_share": stayed,
            "low": low,
            "high": high,
            "n": int((months >= month).sum()) if month else int(months.size),
        }
