"""Which choices of customers somebody may look at who may not see single ones.

A choice is a set of filters. It is open unless the customers it leads to, or those by which it
differs from another open choice, are too few; and unless sums over all open choices together
determine a set that is too small (:mod:`cxdash.privacy.exact`). Breakdowns by a column that can be
filtered are choices too: the row of a group is shown only where filtering by it is open.

Everything is looked at twice: for all customers, who stand behind the past, and for those of today,
who stand behind what is at stake.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.errors import UsageError
from cxdash.panel import settled
from cxdash.panel.listed import listed
from cxdash.privacy.exact import determined
from cxdash.privacy.rules import FEWEST_CUSTOMERS, MOST_FILTERS
from cxdash.store import Database, Reader

__all__ = ["View", "open_filters", "open_views", "refuse_small", "view_of", "views_open_to"]

View = tuple[tuple[str, str], ...]  # (column, value) pairs in order
Matrix = NDArray[np.float64]
Sizes = NDArray[np.int64]

_KEPT: Final = 2
_EVERYBODY: Final[View] = ()
_MOST_VALUES: Final = 50  # beyond that a column holds names, not groups
_MOST_VIEWS, _MOST_CELLS = 3_000, 20_000_000  # beyond that one filter at once is open
_OF_ONE_EMPLOYEE: Final = ("owner",)  # who looks after a customer: figures by it judge a person
_MOST_AT_ONCE: Final = 8
_NOTHING: Final = 1e-6


@dataclass(frozen=True, slots=True)
class _Atoms:
    """Customers who agree in every filter, counted: ``everybody`` and those of ``today``."""

    values: pd.DataFrame
    everybody: Sizes
    today: Sizes


def view_of(where: Iterable[tuple[str, str]]) -> View:
    """Filters in the one order in which choices are compared."""
    return tuple(sorted(set(where)))


def views_open_to(view: Reader) -> frozenset[View]:
    """The open choices of this state of the data, worked out once."""
    return view.kept("open views", (), lambda: open_views(listed(view)), room=_KEPT)


def open_filters(db: Database, offered: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Of the values of each column those that are open by themselves.

    The name of a small group alone would tell that there is one.
    """
    with settled(db) as view:
        views = views_open_to(view)
    found = {
        column: tuple(value for value in values if view_of([(column, value)]) in views)
        for column, values in offered.items()
    }
    return {column: values for column, values in found.items() if values}


def refuse_small(view: Reader, where: Iterable[tuple[str, str]]) -> None:
    """UsageError unless the choice is open to somebody who may not see single customers."""
    wanted = view_of(where)
    if len(wanted) > MOST_FILTERS:
        raise UsageError(
            f"More than {MOST_FILTERS} filters at once are not shown to your role.",
            state="Together they could lead to single customers.",
            do_next=f"Set at most {MOST_FILTERS} filters, or ask an analyst.",
        )
    if wanted and wanted not in views_open_to(view):
        raise UsageError(
            "This choice of customers is not shown to your role.",
            state=f"It holds fewer than {FEWEST_CUSTOMERS} customers, or so few are left out by "
            "it that they could be told by comparing, or it is about a single employee.",
            do_next="Drop a filter or choose a larger group.",
        )


def open_views(people: pd.DataFrame, fewest: int = FEWEST_CUSTOMERS) -> frozenset[View]:
    """The open choices among customers: a column for each filter, and ``today``.

    A filter that is refused takes everything narrower with it.
    """
    atoms = _atoms(people)
    shown: dict[View, Matrix] = {_EVERYBODY: np.ones(len(atoms.values))}
    single = _single(atoms.values)
    shown = _safe(shown | single, atoms, fewest)
    open_ones = {view: chosen for view, chosen in single.items() if view in shown}
    pairs = _pairs(open_ones)
    if len(pairs) <= _MOST_VIEWS and len(pairs) * len(atoms.values) <= _MOST_CELLS:
        shown = _safe(shown | pairs, atoms, fewest)
    return frozenset(shown)


def _atoms(people: pd.DataFrame) -> _Atoms:
    columns = [name for name in people.columns if name not in {"today", *_OF_ONE_EMPLOYEE}]
    usable = [name for name in columns if 1 < people[name].nunique() <= _MOST_VALUES + 1]
    if not usable:
        usable = columns[:1]
    found = people.groupby(usable, sort=True)["today"].agg(["size", "sum"]).reset_index()
    return _Atoms(
        found[usable],
        found["size"].to_numpy(np.int64),
        found["sum"].to_numpy(np.int64),
    )


def _single(values: pd.DataFrame) -> dict[View, Matrix]:
    """Every choice of one filter with the atoms it leads to."""
    return {
        ((column, value),): (values[column] == value).to_numpy(np.float64)
        for column in sorted(values.columns)
        for value in sorted(values[column].unique())
        if value
    }


def _pairs(single: Mapping[View, Matrix]) -> dict[View, Matrix]:
    """Every choice of two filters of different columns that leads to somebody."""
    found = {}
    for (one, mine), (two, other) in combinations(single.items(), 2):
        if one[0][0] != two[0][0]:
            both = mine * other
            if both.any():
                found[view_of((*one, *two))] = both
    return found


def _safe(shown: Mapping[View, Matrix], atoms: _Atoms, fewest: int) -> dict[View, Matrix]:
    """The choices without those through which so few could be told that it would name them."""
    left = dict(shown)
    tries = 0
    while True:
        # What is determined in many ways takes many refusals: more at once the longer it takes.
        refused = _refused(left, atoms, fewest, most=1 + min(tries // 2, _MOST_AT_ONCE))
        if not refused:
            return left
        tries += 1
        left = {
            view: chosen
            for view, chosen in left.items()
            if not any(set(gone) <= set(view) for gone in refused)
        }


def _refused(shown: Mapping[View, Matrix], atoms: _Atoms, fewest: int, *, most: int) -> set[View]:
    """What the first rule refuses that refuses anything, the cheaper rules first."""
    bases = (atoms.everybody, atoms.today)
    for rule in (_small, _leaving, _close):
        refused = set().union(*(rule(shown, sizes, fewest) for sizes in bases)) - {_EVERYBODY}
        if refused:
            return refused
    found = (_determining(shown, sizes, fewest, most=most) for sizes in bases)
    return set().union(*found) - {_EVERYBODY}


def _small(shown: Mapping[View, Matrix], sizes: Sizes, fewest: int) -> set[View]:
    """Choices that lead to too few."""
    return {view for view, chosen in shown.items() if 0 < chosen @ sizes < fewest}


def _leaving(shown: Mapping[View, Matrix], sizes: Sizes, fewest: int) -> set[View]:
    """Where the open values of a column leave few of a choice, the smallest of those values too."""
    lines: dict[tuple[View, str], list[View]] = {}
    for view in shown:
        for place, (column, _) in enumerate(view):
            lines.setdefault((view[:place] + view[place + 1 :], column), []).append(view)
    refused = set()
    for (wider, _), views in lines.items():
        left = shown[wider] @ sizes - sum(shown[view] @ sizes for view in views)
        if 0 < left < fewest:
            refused.add(min(views, key=lambda view: (shown[view] @ sizes, view)))
    return refused


def _close(shown: Mapping[View, Matrix], sizes: Sizes, fewest: int) -> set[View]:
    """Choices that differ from another one by few customers: of each such pair the narrower."""
    views = list(shown)
    chosen = np.array([shown[view] for view in views])
    held = chosen @ sizes
    apart = held[:, None] + held[None, :] - 2 * ((chosen * sizes) @ chosen.T)
    pairs = np.argwhere(np.triu((apart > 0) & (apart < fewest), 1))
    return {
        max((views[one], views[two]), key=lambda view: (len(view), -shown[view] @ sizes, view))
        for one, two in pairs
    }


def _determining(
    shown: Mapping[View, Matrix], sizes: Sizes, fewest: int, *, most: int
) -> set[View]:
    """For each small set that all of them together determine, the narrowest choices it takes.

    At most ``most`` for each.
    """
    views = list(shown)
    sets = np.array([shown[view] for view in views])[:, sizes > 0]
    refused: set[View] = set()
    for _, weights in determined(sets, sizes[sizes > 0], fewest):
        needed = [view for view, by in zip(views, weights, strict=True) if abs(by) > _NOTHING]
        narrowest = [view for view in needed if len(view) == max(map(len, needed))]
        narrowest.sort(key=lambda view: (shown[view] @ sizes, view))
        refused |= set(narrowest[:most])
    return refused
