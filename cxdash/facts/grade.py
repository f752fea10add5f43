"""Evidence grades. A grade is computed from the record of the method, never picked by hand."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from cxdash.facts.card import Card

__all__ = ["Grade", "Method", "worst"]


class Grade(Enum):
    """How strong the evidence behind a number is. The value is what a reader is told."""

    A = "Verified: a randomised pilot"
    B = "Verified: a natural comparison that passed its checks"
    C = "Indicated: adjusted for what finance knows, and confirmed on later data"
    D = "Observed: counted as it is, not adjusted or not confirmed on later data"
    E = "Borrowed: a figure from outside this company"
    F = "Claimed: typed in by a person"

    @property
    def rank(self) -> int:
        """0 for the strongest evidence, 5 for the weakest."""
        return "ABCDEF".index(self.name)

    @property
    def word(self) -> str:
        return self.value.split(":")[0]

    @property
    def is_verified(self) -> bool:
        return self in (Grade.A, Grade.B)

    @property
    def may_be_summed(self) -> bool:
        """D to F are shown and never summed."""
        return self in (Grade.A, Grade.B, Grade.C)


def worst(grades: Iterable[Grade]) -> Grade:
    """The weakest of the grades: a sum takes the worst grade among its parts."""
    return max(grades, key=lambda grade: grade.rank)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How a number was obtained, in enough detail to compute its grade.

    Parameters
    ----------
    description
        One or two plain sentences: estimator, source, what was held constant.
    randomised
        The comparison was made by lot.
    quasi_experiment
        A comparison group that was not drawn by lot, but the groups ran in parallel before.
    checks_passed
        The pre-trend and placebo checks of a quasi-experiment all passed.
    adjusted_for
        Names of what was held constant, in plain words.
    validated_out_of_time
        The same method, run on earlier data only, was right about later data.
    external, assertion
        The figure comes from outside the company; a person typed it in.
    disputed
        Another source of the same company tells another sum: the figure is observed at best.
    card
        The methods card; None for plain counts, whose card follows from the Fact itself.
    """

    description: str
    randomised: bool = False
    quasi_experiment: bool = False
    checks_passed: bool = False
    adjusted_for: tuple[str, ...] = ()
    validated_out_of_time: bool = False
    external: bool = False
    assertion: bool = False
    disputed: bool = False
    card: Card | None = None

    @property
    def grade(self) -> Grade:
        return worst((self._earned, Grade.D)) if self.disputed else self._earned

    @property
    def _earned(self) -> Grade:
        if self.assertion:
            return Grade.F
        if self.external:
            return Grade.E
        if self.randomised:
            return Grade.A
        if self.quasi_experiment and self.checks_passed:
            return Grade.B
        if self.adjusted_for and self.validated_out_of_time:
            return Grade.C
        return Grade.D
