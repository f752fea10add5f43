"""How spend goes with one thing, in two ways that are never mixed.

*Level* compares different customers: those who say better things may pay more, or less, for a
hundred reasons. It is never offered as a lever. *Change* compares the same customers over time:
after a better answer than its usual one, did a customer pay more than its usual? What stays the
same about a customer drops out, and so does what happened to everybody in a period.

A change is believed more if it passes three tests: money does not go with what the customer says
*later* (else money moved first); later windows show it again; and no single account carries it.

Both are Poisson pseudo maximum likelihood, so a coefficient is a relative change of mean spend. It
is turned into money at what customers pay today.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from cxdash.questions.judgement import LEVEL
from cxdash.questions.revenue.frame import Candidate, Frame
from cxdash.questions.revenue.held import Held
from cxdash.stats.carried import carried, would_have_to_go
from cxdash.stats.estimate import z_of_level
from cxdash.stats.fitted import Fitted
from cxdash.stats.logistic import NoConvergenceError
from cxdash.stats.refuted import refutes
from cxdash.stats.spend import fit_mean, moved_mean, power
from cxdash.stats.within import fit_within_poisson

__all__ = [
    "FEWEST",
    "LEAD_DOUBT",
    "Account",
    "Effect",
    "Link",
    "Same",
    "changed",
    "halves",
    "levelled",
]

Matrix = NDArray[np.float64]
Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]
Kind = Literal["level", "change"]

FEWEST: Final = 30  # customers, below which nothing is compared
LEAD_DOUBT: Final = 0.05
_SURELY_APART: Final = 0.99  # early and late contradict each other only beyond that


@dataclass(frozen=True, slots=True)
class Effect:
    """Money per customer and month for the candidate's move, with its range and p-value.

    ``relative`` is the coefficient of a unit, ``n`` counts rows and ``customers`` customers.
    """

    estimate: float
    low: float
    high: float
    p_value: float
    relative: float
    error: float
    n: int
    customers: int

    @property
    def clear(self) -> bool:
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Same:
    """Whether later windows showed what earlier ones had.

    ``early`` and ``late`` are coefficients of a unit, each with its standard error.
    """

    early: float
    early_error: float
    late: float
    late_error: float

    def confirms(self, whole: Effect) -> bool:
        """Late windows, by themselves, show the same: a link, or none where there is none."""
        spread = np.hypot(self.early_error, self.late_error)
        apart = abs(self.late - self.early) > z_of_level(_SURELY_APART) * spread
        seen = abs(self.late) > z_of_level(LEVEL) * self.late_error
        if not whole.clear:
            return not apart and not seen
        sign = np.sign(whole.relative)
        return bool(not apart and seen and np.sign(self.late) == sign == np.sign(self.early))


@dataclass(frozen=True, slots=True)
class Account:
    """An account that carries a good part of a finding, with the money effect without it.

    ``share`` is the part of the effect that goes with it, ``paid`` its part of what all who are
    compared paid. ``dominates``: most of the doubt about
    the effect is about this one account, which is why nothing clear can be said.
    """

    customer_id: str
    share: float
    estimate: float
    low: float
    high: float
    paid: float
    dominates: bool

    @property
    def decides(self) -> bool:
        """Whether nothing clear is left without it."""
        return self.low <= 0 <= self.high


@dataclass(frozen=True, slots=True)
class Link:
    """One candidate in one way.

    Parameters
    ----------
    effect, raw
        With what is named in ``held_equal`` held equal; as counted. None: could not be compared.
    lead_p
        P-value of "money does not go with what the customer says later"; None: not testable.
    same
        Early against late windows; None: too short a history.
    account
        The account that carries most of a clear effect, if it carries a fifth of it or decides; of
        an unclear one, the account that most of the doubt is about.
    would_go
        How few customers, chosen against the finding, would have to go for it to vanish.
    why_not
        Why ``effect`` is missing.
    """

    kind: Kind
    candidate: Candidate
    effect: Effect | None
    raw: Effect | None
    held_equal: tuple[str, ...]
    lead_p: float | None = None
    same: Same | None = None
    account: Account | None = None
    would_go: int | None = None
    why_not: str = ""

    @property
    def confirmed(self) -> bool:
        """Whether later windows show a clear link again, or again refute what was counted."""
        if self.effect is None or self.same is None:
            return False
        told = self.effect.clear or refutes(self.effect, self.raw)
        return told and self.same.confirms(self.effect)


CARRIES: Final = 0.20
MOST_OF_DOUBT: Final = 0.5


def levelled(lived: Frame, held: Held, candidate: Candidate) -> Link:
    """The candidate's level between customers: as counted, and with finance's columns equal."""
    own, inner = _told(held, candidate)
    if inner.customers < FEWEST or not np.ptp(own) > 0:
        return _unknown("level", candidate, held.between_words, _few(inner))
    ones = np.ones((len(own), 1))
    raw = _pooled(inner, np.column_stack([ones, own]), candidate, lived.base)
    design = np.column_stack([ones, own, inner.between])
    whole = _pooled(inner, design, candidate, lived.base)
    if whole is None:
        return _unknown("level", candidate, held.between_words, "no settled fit was found")
    early, late = halves(inner.period)
    same = None
    if early is not None and late is not None:
        first = _pooled(inner.part(early), design[early], candidate, lived.base)
        second = _pooled(inner.part(late), design[late], candidate, lived.base)
        if first and second:
            same = Same(first.relative, first.error, second.relative, second.error)
    return Link("level", candidate, whole, raw, held.between_words, same=same)


def changed(lived: Frame, held: Held, candidate: Candidate) -> Link:
    """The candidate's change within customers, with its three tests."""
    own, inner = _told(held, candidate)
    words = held.within_words(candidate)
    if inner.customers < FEWEST or not np.ptp(own) > 0:
        return _unknown("change", candidate, words, _few(inner))
    if not inner.moves:
        return _unknown("change", candidate, words, "no customer paid another amount than before")
    design = np.column_stack([own, inner.within(candidate)])
    fit = _within(inner, design)
    if fit is None or fit.customers < FEWEST or not fit.tells(0):
        seen = fit.customers if fit else 0
        return _unknown(
            "change",
            candidate,
            words,
            f"only {seen} customers paid and answered in two windows; {FEWEST} are needed",
        )
    effect = _money(fit, candidate, lived.base)
    bare = _within(inner, own[:, None])
    return Link(
        "change",
        candidate,
        effect,
        _money(bare, candidate, lived.base) if bare and bare.tells(0) else None,
        words,
        lead_p=_lead(held, candidate),
        same=_early_and_late(inner, design),
        account=_account(lived, inner, design, fit, effect, candidate),
        would_go=would_have_to_go(fit, 0, level=LEVEL),
    )


def _told(held: Held, candidate: Candidate) -> tuple[Matrix, Held]:
    known = ~np.isnan(candidate.answers)
    return candidate.answers[known], held.part(known)


def _few(held: Held) -> str:
    found = held.customers
    if found >= FEWEST:
        return "every answer is the same"
    return f"only {found} customers have an answer with a whole window after it"


def _unknown(kind: Kind, candidate: Candidate, words: tuple[str, ...], why: str) -> Link:
    return Link(kind, candidate, None, None, words, why_not=why)


def _pooled(held: Held, design: Matrix, candidate: Candidate, base: float) -> Effect | None:
    """None where no fit settles, as where nobody paid anything."""
    try:
        fit = fit_mean(held.spend, design, power(1.0), customer=held.customer)
    except NoConvergenceError:
        return None
    return _money(fit, candidate, base, column=1) if fit.tells(1) else None


def _within(held: Held, design: Matrix) -> Fitted | None:
    """None where too few customers paid anything in two windows."""
    try:
        return fit_within_poisson(held.spend, design, held.customer)
    except ValueError:
        return None


def _money(fit: Fitted, candidate: Candidate, base: float, *, column: int = 0) -> Effect:
    each = moved_mean(fit, np.empty((0, 0)), column, candidate.move, base=base, level=LEVEL)
    return Effect(
        estimate=each.estimate,
        low=each.low,
        high=each.high,
        p_value=fit.p_value(column),
        relative=float(fit.coefficients[column]),
        error=fit.error(column),
        n=fit.n,
        customers=fit.customers,
    )


def _lead(held: Held, candidate: Candidate) -> float | None:
    """P-value of a later answer beside the one before, within customers."""
    known = ~np.isnan(candidate.answers) & ~np.isnan(candidate.later)
    inner = held.part(known)
    if inner.customers < FEWEST:
        return None
    both = [candidate.answers[known], candidate.later[known]]
    fit = _within(inner, np.column_stack([*both, inner.within(candidate)]))
    if fit is None or fit.customers < FEWEST or not fit.tells(1):
        return None
    return fit.p_value(1)


def halves(period: Codes) -> tuple[Mask | None, Mask | None]:
    """Windows of the first and of the second half; with three windows they share the middle one,
    whose change into the last one is still unseen. None with fewer than two windows each.
    """
    known = np.unique(period)
    if len(known) < 3:
        return None, None
    cut = len(known) // 2
    early = known[:cut] if len(known) > 3 else known[:2]
    return np.isin(period, early), np.isin(period, known[cut:])


def _early_and_late(held: Held, design: Matrix) -> Same | None:
    early, late = halves(held.period)
    if early is None or late is None:
        return None
    first = _within(held.part(early), design[early])
    second = _within(held.part(late), design[late])
    if not (first and second and first.tells(0) and second.tells(0)):
        return None
    if min(first.customers, second.customers) < FEWEST:
        return None
    return Same(
        float(first.coefficients[0]), first.error(0), float(second.coefficients[0]), second.error(0)
    )


def _account(
    lived: Frame, held: Held, design: Matrix, fit: Fitted, effect: Effect, candidate: Candidate
) -> Account | None:
    """The account without which most of the effect, or most of the doubt about it, goes."""
    squares = np.square(fit.pull[:, 0])
    dominates = bool(squares.max() > MOST_OF_DOUBT * squares.sum())
    if not (effect.clear or dominates):
        return None
    known, code = np.unique(held.customer, return_inverse=True)

    def refit(position: int) -> Fitted:
        keep = code != position
        return fit_within_poisson(held.spend[keep], design[keep], code[keep])

    found = carried(fit, 0, refit, most=1 if dominates else 2, level=LEVEL)
    worst = next((each for each in found if each.holds_zero), found[0])
    if worst.share < CARRIES and not worst.holds_zero and not dominates:
        return None
    ends = [lived.base * float(np.expm1(end * candidate.move)) for end in (worst.low, worst.high)]
    return Account(
        customer_id=lived.name_of(int(known[worst.customer])),
        share=worst.share,
        estimate=lived.base * float(np.expm1(worst.estimate * candidate.move)),
        low=min(ends),
        high=max(ends),
        paid=float(held.spend[code == worst.customer].sum() / held.spend.sum()),
        dominates=dominates,
    )
