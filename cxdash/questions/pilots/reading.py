"""What a read-out says, whatever the design: the effect, whom it rests on, and what was checked."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from cxdash.panel import Item
from cxdash.stats.estimate import Difference

__all__ = [
    "AFTER",
    "CONTROL_WORDS",
    "FEWEST",
    "GOOD",
    "Check",
    "Effect",
    "Group",
    "Reading",
    "Sources",
    "arms",
]

FEWEST: Final = 5  # customers in each group below which nothing is said at all
#: Column of what became of a customer, by outcome.
AFTER: Final = {"churn": "gone", "revenue": "money_after", "contacts": "contacts_after"}
#: Sign of an improvement: leaving and contacts are better when there is less of them.
GOOD: Final = {"churn": -1, "revenue": 1, "contacts": -1, "score": 1}
CONTROL_WORDS: Final = frozenset(
    {
        *("control", "control group", "untreated", "holdout", "hold-out", "hold out", "baseline"),
        *("not treated", "no treatment", "none", "no", "0", "false", "business as usual"),
        *("placebo", "comparison", "kontrolle", "kontrollgruppe", "vergleich", "vergleichsgruppe"),
        *("controle", "contrôle", "témoin", "kontroll", "grupo de control", "grupo de controle"),
    }
)


@dataclass(frozen=True, slots=True)
class Sources:
    """What a pilot is read from: the money a month by contract or as paid; the item rated, and the
    width of its scale.
    """

    by_fee: bool
    item: Item | None = None
    width: float = 1.0


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold for the effect to mean what it says; ``passed`` None: not known."""

    name: str
    passed: bool | None
    said: str


@dataclass(frozen=True, slots=True)
class Group:
    """One side: its customers and what is measured, as it is, in the unit of the outcome."""

    name: str
    customers: int
    value: float


@dataclass(frozen=True, slots=True)
class Effect:
    """Treated minus untreated in the unit of the outcome; ends are None where units are too few."""

    estimate: float
    low: float | None
    high: float | None
    p: float

    @classmethod
    def of(cls, found: Difference) -> "Effect":
        return cls(found.estimate, found.low, found.high, found.p_value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The result of one pilot.

    Parameters
    ----------
    raw, effect
        The plain difference, and the one that is judged: the noise of the time before taken out,
        or what was known before held equal.
    treated, untreated
        Both groups.
    assigned
        How many were assigned on each side: customers, or whole units.
    level
        Of the ranges: one minus the chance of a false alarm at this look.
    base
        The untreated's share or mean, of which a smallest effect is a part.
    scale
        Width of the scale of a rating; 1 else.
    detectable
        Smallest effect these groups could have shown, in the unit of the outcome.
    yearly
        What a customer pays a year, or what a contact costs: money for one of the outcome.
    paid
        Of leaving: treated minus untreated in what a customer paid a month over the same time,
        those who left with nothing. ``yearly`` supposes that whoever stayed pays like the average,
        in full from the first day; this is what came. None for other outcomes.
    good
        Sign of an improvement.
    saved
        Share of the noise that what was known before took away; None where nothing was held equal.
    how
        The method in a sentence.
    """

    raw: Effect
    effect: Effect
    treated: Group
    untreated: Group
    assigned: tuple[int, int]
    level: float
    base: float
    how: str
    code: str
    good: int = 1
    scale: float = 1.0
    detectable: float | None = None
    yearly: float | None = None
    paid: Effect | None = None
    saved: float | None = None
    checks: tuple[Check, ...] = ()
    notes: tuple[str, ...] = ()
    sensitivity: str = ""

    @property
    def gain(self) -> float:
        """The effect with a plus for better."""
        return self.good * self.effect.estimate

    @property
    def gain_ends(self) -> tuple[float, float] | None:
        """Ends of the gain; None where units are too few to have any."""
        if self.effect.low is None or self.effect.high is None:
            return None
        low, high = sorted((self.good * self.effect.low, self.good * self.effect.high))
        return low, high

    @property
    def checks_passed(self) -> bool:
        """Whether all checks passed; what could not be checked did not pass."""
        return bool(self.checks) and all(check.passed for check in self.checks)


def arms(members: pd.DataFrame, control: str) -> tuple[set[str], set[str]] | None:
    """Names of treated and untreated groups; None where it cannot be told which is which."""
    names = {str(arm) for arm in members["arm"].unique()}
    if control:
        untreated = {name for name in names if name.casefold() == control.casefold()}
    else:
        untreated = {name for name in names if name.strip().casefold() in CONTROL_WORDS}
    if not untreated and (control or len(names) > 1):
        return None
    return names - untreated, untreated
