"""Everything that may go with spend, told together: levels, changes, their tests and rivals.

Many candidates are looked at, so a change is named only if it stands out among all of them
(Benjamini and Hochberg). Shares of what can be explained and other defensible models stand beside
the money, so that nobody has to take one model's word.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cxdash.questions.judgement import LEVEL
from cxdash.questions.progress import tell
from cxdash.questions.revenue.frame import Candidate, Frame, candidates
from cxdash.questions.revenue.held import Held, held_equal
from cxdash.questions.revenue.links import FEWEST, LEAD_DOUBT, Link, changed, levelled
from cxdash.stats.estimate import Estimate
from cxdash.stats.importance import Importance, relative_importance
from cxdash.stats.logistic import NoConvergenceError
from cxdash.stats.proportions import adjusted_p_values
from cxdash.stats.quantile import fit_quantile
from cxdash.stats.spend import fit_mean, moved_mean, moved_two_part, power
from cxdash.stats.within import demeaned, fit_within

__all__ = ["Driver", "Drivers", "Rival", "drivers"]

Matrix = NDArray[np.float64]
Mask = NDArray[np.bool_]

FALSE_SHARE: Final = 0.05  # of the changes named, so many may be noise
_SEED: Final = 20_131
_TOGETHER: Final = 0.5  # an item stays in the split while so many rows answered all of them
_MEDIAN_ROWS: Final = 1_500
_DRAWS: Final = 500


@dataclass(frozen=True, slots=True)
class Driver:
    """A candidate with its level beside its change.

    Parameters
    ----------
    change_rank, level_rank
        1 for the largest effect; those that stand out among all come first.
    stands_out
        The change is clear even though many candidates were looked at.
    backwards
        Money goes with what customers say later, beyond the noise of many looks.
    """

    candidate: Candidate
    level: Link
    change: Link
    change_rank: int
    level_rank: int
    stands_out: bool
    backwards: bool

    @property
    def lead_passed(self) -> bool:
        """Whether a later answer was tested and says nothing about the money before it."""
        return self.change.lead_p is not None and self.change.lead_p >= LEAD_DOUBT

    @property
    def stands_alone(self) -> bool:
        """Whether no single account decides the change, or makes up most of the doubt about it."""
        account = self.change.account
        return account is None or not (account.decides or account.dominates)

    @property
    def change_validated(self) -> bool:
        """Whether the change stands out among all that was looked at and passed the three tests."""
        return self.stands_out and self.lead_passed and self.change.confirmed and self.stands_alone

    @property
    def level_validated(self) -> bool:
        """Later windows show the level again, and customers over time show as much.

        A difference between customers that is not there, or far smaller, within customers is a
        difference of customers, so it is not confirmed however often it is counted again.
        """
        effect, within = self.level.effect, self.change.effect
        if effect is None or not self.level.confirmed:
            return False
        if not effect.clear:  # nothing is left of what was counted, and nothing later either
            return True
        if within is None or not (self.change_validated and within.clear):
            return False
        return within.low <= effect.high and effect.low <= within.high

    @property
    def is_lever(self) -> bool:
        """Whether the change may be offered as something that spend follows."""
        return self.stands_out and self.stands_alone and not (self.backwards or self.fades)

    @property
    def fades(self) -> bool:
        """Whether later windows were looked at and do not show the change again."""
        return self.change.same is not None and not self.change.confirmed


@dataclass(frozen=True, slots=True)
class Rival:
    """The same move under another defensible model, in money per customer and month."""

    name: str
    label: str
    kind: str
    model: str
    estimate: Estimate


@dataclass(frozen=True, slots=True)
class Drivers:
    """What was found.

    Parameters
    ----------
    found
        In the order of the changes' rank.
    importance
        Shares of what moves relative spend within customers, over the items ``split`` that were
        answered together; None where too few were.
    rivals
        Other models of the first driver and of the metric asked about.
    premium
        Spend of the customers in the best band minus the worst, as counted and held equal.
    """

    found: tuple[Driver, ...]
    importance: Importance | None
    split: tuple[Candidate, ...]
    rivals: tuple[Rival, ...]
    tested: int

    def of(self, name: str) -> Driver | None:
        """The driver of that name."""
        return next((driver for driver in self.found if driver.candidate.name == name), None)


def drivers(lived: Frame, metric: str) -> Drivers:
    """Estimate every candidate; ``metric`` is the name of the one asked about."""
    known, held = candidates(lived), held_equal(lived)
    links: list[tuple[Candidate, Link, Link]] = []
    for place, candidate in enumerate(known):
        share = 0.2 + 0.6 * place / len(known)
        tell(f"Comparing customers with themselves: {candidate.label}", share)
        links.append((candidate, levelled(lived, held, candidate), changed(lived, held, candidate)))
    effects = [(n, change.effect) for n, (_, _, change) in enumerate(links) if change.effect]
    leads = [(n, change.lead_p) for n, (_, _, change) in enumerate(links)]
    tested = [n for n, _ in effects]
    clear = _stand_out([effect.p_value for _, effect in effects], FALSE_SHARE)
    led = [n for n, p in leads if p is not None]
    first = _stand_out([p for _, p in leads if p is not None], LEAD_DOUBT)
    standing = {n for n, out in zip(tested, clear, strict=True) if out}
    backwards = {n for n, out in zip(led, first, strict=True) if out}
    change_rank = _ranks([change for _, _, change in links], standing)
    level_rank = _ranks([level for _, level, _ in links], set())
    found = [
        Driver(
            candidate=candidate,
            level=level,
            change=change,
            change_rank=change_rank[n],
            level_rank=level_rank[n],
            stands_out=n in standing and bool(change.effect and change.effect.clear),
            backwards=n in backwards,
        )
        for n, (candidate, level, change) in enumerate(links)
    ]
    found.sort(key=lambda driver: driver.change_rank)
    tell("Splitting what can be explained between the items", 0.85)
    split, importance = _split(lived, [driver.candidate for driver in found])
    shown = [driver for driver in found if driver.stands_out][:1]
    shown += [driver for driver in found if driver.candidate.name == metric and driver not in shown]
    rivals = tuple(rival for driver in shown for rival in _rivals(lived, held, driver))
    return Drivers(tuple(found), importance, split, rivals, len(tested))


def _stand_out(p_values: list[float], share: float) -> list[bool]:
    if not p_values:
        return []
    return [bool(q <= share) for q in adjusted_p_values(p_values)]


def _ranks(links: list[Link], standing: set[int]) -> list[int]:
    """1 for the largest effect: those standing out first, then the clear ones, and those without
    an effect last.
    """

    def key(n: int) -> tuple[bool, bool, bool, float]:
        effect = links[n].effect
        if effect is None:
            return True, True, True, 0.0
        return n not in standing, False, not effect.clear, -abs(effect.estimate)

    order = sorted(range(len(links)), key=key)
    rank = [0] * len(links)
    for place, n in enumerate(order, start=1):
        rank[n] = place
    return rank


def _split(lived: Frame, known: list[Candidate]) -> tuple[tuple[Candidate, ...], Importance | None]:
    """Shares of relative spend within customers, for items that the same rows answered."""
    items = sorted(
        (candidate for candidate in known if candidate.item),
        key=lambda candidate: -int((~np.isnan(candidate.answers)).sum()),
    )
    kept: list[Candidate] = []
    rows = np.ones(len(lived.spend), dtype=np.bool_)
    for candidate in items:
        both = rows & ~np.isnan(candidate.answers)
        if not kept or both.sum() >= _TOGETHER * rows.sum():
            kept.append(candidate)
            rows = both
    counts = np.bincount(lived.customer[rows], minlength=int(lived.customer.max()) + 1)
    rows = rows & (counts[lived.customer] > 1)
    own = lived.customer[rows]
    if len(kept) < 2 or np.unique(own).size < FEWEST:
        return (), None
    codes = np.unique(own, return_inverse=True)[1]
    mean = np.bincount(codes, weights=lived.spend[rows]) / np.bincount(codes)
    paid = mean[codes] > 0
    relative = np.divide(lived.spend[rows], mean[codes], out=np.zeros(len(codes)), where=paid)
    columns = np.column_stack([candidate.answers[rows] for candidate in kept])
    period = np.unique(lived.period[rows], return_inverse=True)[1]
    left = demeaned(np.column_stack([columns, relative]), [codes, period])
    left[np.abs(left) < 1e-9] = 0.0
    rng = np.random.default_rng(_SEED)
    found = relative_importance(
        left[:, :-1], left[:, -1], groups=codes, draws=_DRAWS, rng=rng, level=LEVEL
    )
    return tuple(kept), found


def _rivals(lived: Frame, held: Held, driver: Driver) -> list[Rival]:
    """The driver's move under other defensible models of the same rows, the one used first."""
    candidate = driver.candidate
    known = ~np.isnan(candidate.answers)
    inner, own = held.part(known), candidate.answers[known]
    if inner.customers < FEWEST or not np.ptp(own) > 0:
        return []
    design = np.column_stack([np.ones(len(own)), own, inner.between])
    tried = [
        ("change", "Poisson within customers", _used(driver.change)),
        ("change", "straight line within customers", _line(inner, own, candidate)),
        ("level", "Poisson", _mean(lived, inner, design, candidate, 1.0)),
        ("level", "Tweedie", _mean(lived, inner, design, candidate, 1.5)),
        ("level", "two parts: paying at all, and how much", _two_parts(inner, design, candidate)),
        ("level", "median customer", _median(inner, design, candidate)),
    ]
    name, label = candidate.name, candidate.label
    return [Rival(name, label, kind, model, each) for kind, model, each in tried if each]


def _used(link: Link) -> Estimate | None:
    effect = link.effect
    if effect is None:
        return None
    return Estimate(
        estimate=effect.estimate, low=effect.low, high=effect.high, n=effect.n, level=LEVEL
    )


def _line(held: Held, own: Matrix, candidate: Candidate) -> Estimate | None:
    design = np.column_stack([own, held.within(candidate)])
    fit = fit_within(held.spend, design, held.customer)
    return _scaled(fit.estimate(0, level=LEVEL), candidate.move) if fit.tells(0) else None


def _mean(
    lived: Frame, held: Held, design: Matrix, candidate: Candidate, exponent: float
) -> Estimate | None:
    """None where no fit settles."""
    try:
        fit = fit_mean(held.spend, design, power(exponent), customer=held.customer)
    except NoConvergenceError:
        return None
    return moved_mean(fit, design, 1, candidate.move, base=lived.base, level=LEVEL)


def _two_parts(held: Held, design: Matrix, candidate: Candidate) -> Estimate | None:
    """None where nobody, or everybody, paid something, or one of the parts does not settle."""
    try:
        return moved_two_part(held.spend, design, 1, candidate.move, held.customer, level=LEVEL)
    except (ValueError, NoConvergenceError):
        return None


def _median(held: Held, design: Matrix, candidate: Candidate) -> Estimate | None:
    some = _some(len(design))
    fit = fit_quantile(held.spend[some], design[some], 0.5, customer=held.customer[some])
    return _scaled(fit.estimate(1, level=LEVEL), candidate.move) if fit.tells(1) else None


def _some(rows: int) -> Mask:
    """All rows, or as many drawn at random as an exact median allows in a second."""
    if rows <= _MEDIAN_ROWS:
        return np.ones(rows, dtype=np.bool_)
    chosen = np.zeros(rows, dtype=np.bool_)
    chosen[np.random.default_rng(_SEED).choice(rows, _MEDIAN_ROWS, replace=False)] = True
    return chosen


def _scaled(each: Estimate, move: float) -> Estimate:
    return Estimate(
        estimate=each.estimate * move,
        low=each.low * move,
        high=each.high * move,
        n=each.n,
        level=each.level,
    )
