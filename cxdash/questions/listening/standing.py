"""Who stands where: answered, asked but silent, never asked; and what they did afterwards.

A customer has answered who answered any survey in the twelve months before a day; is silent who was
asked in that time and did not; and was never asked otherwise. Where no invitations are loaded, who
did not answer stands as "not known whether asked". What happened afterwards is counted over closed
windows that begin with that day, so nobody is silent because they had left.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from cxdash.panel import Hearing
from cxdash.questions.chance import left_of
from cxdash.questions.design import text_of
from cxdash.questions.judgement import LEVEL
from cxdash.questions.listening.silence import HeldEqual, held_equal
from cxdash.questions.setting import Setting
from cxdash.stats.estimate import Difference, Estimate
from cxdash.stats.proportions import adjusted_p_values, share, share_difference
from cxdash.stats.ratio import Ratio, ratio_of_sums

__all__ = [
    "ANSWERED",
    "FEWEST_CUSTOMERS",
    "FEWEST_WINDOWS",
    "NEVER_ASKED",
    "SILENT",
    "SPEND",
    "TENURE",
    "UNKNOWN",
    "Afterwards",
    "Contrast",
    "Group",
    "Standing",
    "standing",
    "with_bands",
]

ANSWERED, SILENT, NEVER_ASKED = "answered", "silent", "never_asked"
UNKNOWN: Final = "unknown"  # no invitations are loaded
TENURE, SPEND = "time as a customer", "spend"
FEWEST_CUSTOMERS: Final = 5  # a smaller group could name a customer
FEWEST_WINDOWS: Final = 10
MOST_GROUPS: Final = 12  # of one column; the rest is put together
FALSE_ALARMS: Final = 0.05
EVERYBODY: Final = "All customers"
_COLUMNS: Final = ("segment", "plan", "region")
_YEARS: Final = (
    (12, "First year"),
    (36, "1 to 3 years"),
    (60, "3 to 5 years"),
)
_LONGEST: Final = "5 years or more"
_THIRDS: Final = ("Lowest third", "Middle third", "Highest third")
_SEED: Final = 20_120


@dataclass(frozen=True, slots=True)
class Group:
    """A group of today's customers.

    Parameters
    ----------
    column, name
        What the customers share; both empty for all customers.
    customers, answered, silent, never_asked, unknown
        Counts; the last four add up to the first.
    revenue, revenue_heard
        Money a month: of all, of those who answered.
    rate
        Share who left within the horizon over closed windows; None with fewer than ten.
    """

    column: str
    name: str
    customers: int
    answered: int
    silent: int
    never_asked: int
    unknown: int
    revenue: float
    revenue_heard: float
    rate: Estimate | None

    @property
    def label(self) -> str:
        return (
            f"{self.column[:1].upper()}{self.column[1:]}: {self.name}" if self.column else self.name
        )

    @property
    def heard(self) -> float:
        """Share that answered, 0 to 1."""
        return self.answered / self.customers


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two groups of one column that answer at rates further apart than chance would put them.

    ``difference`` is the first's share minus the second's, at a level that allows for all pairs
    looked at; ``column`` passed the correction for all columns looked at.
    """

    first: Group
    second: Group
    difference: Difference


@dataclass(frozen=True, slots=True)
class Afterwards:
    """What became of one standing over closed windows.

    ``kept`` is what customers paid a month at the end of a window (0 if gone) over what they paid
    at its start.
    """

    standing: str
    n: int
    left: int
    rate: Estimate | None
    kept: Ratio | None


@dataclass(frozen=True, slots=True)
class Standing:
    """All of it.

    Parameters
    ----------
    everybody
        Today's customers who have not said goodbye.
    groups
        By segment, plan, region, time as a customer and spend; groups of fewer than five customers
        are left out and counted in ``suppressed``.
    contrast
        Where answering differs most, if chance alone would not do that.
    afterwards
        One each for answered, silent, never asked; or answered and unknown.
    gap
        Silent (or unknown) minus answered: difference of the counted rates of leaving.
    held_equal
        The same with what was known held equal; None without ``gap`` or with too few leavers.
    """

    everybody: Group
    groups: tuple[Group, ...]
    suppressed: int
    contrast: Contrast | None
    afterwards: tuple[Afterwards, ...]
    gap: Difference | None
    held_equal: HeldEqual | None

    def after(self, name: str) -> Afterwards | None:
        return next((each for each in self.afterwards if each.standing == name), None)


def standing(setting: Setting, heard: Hearing) -> Standing:
    """Where today's customers stand, and what became of those who stood there before."""
    rows = with_bands(setting.windows.rows)
    own = _standing_of(rows, heard, known=setting.ground.has_invitations)
    closed, base = setting.windows.is_closed, setting.windows.is_base
    told = setting.conditions.rates_allowed
    today, places = rows[base], own[base]
    past = rows[closed] if told else rows[closed].iloc[:0]
    rate, left = today["rate"].to_numpy(np.float64), left_of(past)
    everybody = _group("", EVERYBODY, rate, places, left)
    groups, suppressed = _groups(today, places, past, left)
    after = tuple(_afterwards(setting, past, own[closed])) if told else ()
    return Standing(
        everybody=everybody,
        groups=groups,
        suppressed=suppressed,
        contrast=_contrast(groups),
        afterwards=after,
        gap=_gap(after),
        held_equal=_held_equal(setting, past, own[closed]) if _gap(after) else None,
    )


def with_bands(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with two columns more: time as a customer and spend, as bands.

    Spend is cut into thirds of the customers of each landmark who pay anything.
    """
    months = rows["tenure_months"].to_numpy(np.float64)
    years = np.full(len(rows), _LONGEST, dtype=object)
    for limit, name in reversed(_YEARS):
        years[months < limit] = name
    spend = np.full(len(rows), "Pays nothing", dtype=object)
    rate, landmark = rows["rate"].to_numpy(np.float64), rows["landmark"].to_numpy()
    for month in np.unique(landmark):
        here = (landmark == month) & (rate > 0)
        if here.any():
            cuts = np.quantile(rate[here], [1 / 3, 2 / 3])
            spend[here] = np.array(_THIRDS, dtype=object)[np.searchsorted(cuts, rate[here])]
    return rows.assign(**{TENURE: years, SPEND: spend})


def _standing_of(rows: pd.DataFrame, heard: Hearing, *, known: bool) -> NDArray[np.object_]:
    """Each row's standing at its landmark; shape (rows,)."""
    if not known:
        return np.where(rows["heard"].to_numpy() == 1, ANSWERED, UNKNOWN).astype(object)
    asked = pd.MultiIndex.from_frame(heard.asked[["customer_id", "landmark"]])
    mine = pd.MultiIndex.from_frame(rows[["customer_id", "landmark"]])
    silent = np.where(mine.isin(asked), SILENT, NEVER_ASKED)
    return np.where(rows["heard"].to_numpy() == 1, ANSWERED, silent).astype(object)


def _groups(
    today: pd.DataFrame,
    places: NDArray[np.object_],
    past: pd.DataFrame,
    left: NDArray[np.bool_],
) -> tuple[tuple[Group, ...], int]:
    found, suppressed = [], 0
    rate = today["rate"].to_numpy(np.float64)
    for column in (*_COLUMNS, TENURE, SPEND):
        now, then = text_of(today[column]).to_numpy(object), text_of(past[column]).to_numpy(object)
        names, counts = np.unique(now.astype(str), return_counts=True)
        if len(names) < 2:
            continue
        for name in _named(column, names, counts):
            mine, before = now == name, then == name
            if mine.sum() < FEWEST_CUSTOMERS:
                suppressed += 1
                continue
            label = str(name) or "Not given"
            found.append(_group(column, label, rate[mine], places[mine], left[before]))
    return tuple(found), suppressed


def _named(column: str, names: NDArray[np.str_], counts: NDArray[np.int64]) -> list[str]:
    """Values of a column in the order they are shown: as they run, else the largest first."""
    order = [*(name for _, name in _YEARS), _LONGEST, *_THIRDS, "Pays nothing"]
    if column in (TENURE, SPEND):
        return sorted(map(str, names), key=order.index)
    largest = np.argsort(-counts, kind="stable")[:MOST_GROUPS]
    return [str(names[place]) for place in largest]


def _group(
    column: str,
    name: str,
    rate: NDArray[np.float64],
    places: NDArray[np.object_],
    left: NDArray[np.bool_],
) -> Group:
    """One group: what its customers pay and where they stand, and which of its windows ended with
    a goodbye.
    """
    count = {place: int((places == place).sum()) for place in (SILENT, NEVER_ASKED, UNKNOWN)}
    answered = places == ANSWERED
    return Group(
        column=column,
        name=name,
        customers=places.size,
        answered=int(answered.sum()),
        silent=count[SILENT],
        never_asked=count[NEVER_ASKED],
        unknown=count[UNKNOWN],
        revenue=float(rate.sum()),
        revenue_heard=float(rate[answered].sum()),
        rate=share(int(left.sum()), left.size, level=LEVEL)
        if left.size >= FEWEST_WINDOWS
        else None,
    )


def _contrast(groups: tuple[Group, ...]) -> Contrast | None:
    """The two groups of one column that answer most and least, if their difference is clear.

    All pairs of a column count for the level (Bonferroni), all columns for the choice among them
    (Benjamini and Hochberg). Customers of less than a year are left out: they had less time to
    answer.
    """
    found: list[Contrast] = []
    settled = [group for group in groups if group.name != _YEARS[0][1]]
    for column in dict.fromkeys(group.column for group in settled):
        own = sorted(
            (g for g in settled if g.column == column), key=lambda group: (group.heard, group.name)
        )
        if len(own) < 2:
            continue
        least, most = own[0], own[-1]
        pairs = len(own) * (len(own) - 1) // 2
        gap = share_difference(
            most.answered,
            most.customers,
            least.answered,
            least.customers,
            level=1 - (1 - LEVEL) / pairs,
        )
        found.append(Contrast(most, least, gap))
    if not found:
        return None
    raw = [min(1.0, _pairs(groups, each) * each.difference.p_value) for each in found]
    kept = [
        each
        for each, p in zip(found, adjusted_p_values(raw), strict=True)
        if p <= FALSE_ALARMS and not each.difference.holds_zero
    ]
    return max(kept, key=lambda each: each.difference.estimate, default=None)


def _pairs(groups: tuple[Group, ...], contrast: Contrast) -> int:
    own = sum(group.column == contrast.first.column for group in groups)
    return own * (own - 1) // 2


def _afterwards(
    setting: Setting, past: pd.DataFrame, places: NDArray[np.object_]
) -> Iterator[Afterwards]:
    codes = pd.factorize(past["customer_id"])[0]
    before = past["rate"].to_numpy(np.float64)
    if setting.panel.contractual:
        after = past["rate_after"].to_numpy(np.float64)
    else:
        after = past["revenue_after"].to_numpy(np.float64) / setting.horizon
    left = left_of(past)
    names = (
        (ANSWERED, SILENT, NEVER_ASKED) if setting.ground.has_invitations else (ANSWERED, UNKNOWN)
    )
    for name in names:
        rows = places == name
        n, gone = int(rows.sum()), int(left[rows].sum())
        enough = n >= FEWEST_WINDOWS
        rng = np.random.default_rng(_SEED)
        yield Afterwards(
            standing=name,
            n=n,
            left=gone,
            rate=share(gone, n, level=LEVEL) if enough else None,
            kept=ratio_of_sums(after[rows], before[rows], codes[rows], rng=rng, level=LEVEL)
            if enough and setting.conditions.money_allowed
            else None,
        )


def _held_equal(
    setting: Setting, past: pd.DataFrame, places: NDArray[np.object_]
) -> HeldEqual | None:
    silent = SILENT if setting.ground.has_invitations else UNKNOWN
    return held_equal(
        past,
        places == silent,
        places == ANSWERED,
        horizon=setting.horizon,
        contractual=setting.panel.contractual,
    )


def _gap(after: tuple[Afterwards, ...]) -> Difference | None:
    """Silent (or unknown) minus answered."""
    by_name = {each.standing: each for each in after if each.rate}
    heard, silent = by_name.get(ANSWERED), by_name.get(SILENT, by_name.get(UNKNOWN))
    if heard is None or silent is None:
        return None
    return share_difference(silent.left, silent.n, heard.left, heard.n, level=LEVEL)
