"""What the claim says in its own words: the Fact that states it, as its own question answers it.

The examination computes a difference by straight lines, in many ways. The claim may come from
another model. So its own figure is looked up, never computed a second time, and the two are set
side by side.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from cxdash.facts import Answer, Fact, Scope
from cxdash.facts import format as fmt
from cxdash.questions.churn.answer import churn
from cxdash.questions.examine.claim import Claim
from cxdash.questions.progress import telling
from cxdash.questions.replies import kept
from cxdash.questions.revenue.answer import revenue
from cxdash.questions.trial.answer import trial
from cxdash.questions.worth.answer import worth
from cxdash.stats.estimate import Estimate
from cxdash.store import Reader

__all__ = ["Stated", "stated"]

_ANSWERS: Final[Mapping[str, Callable[[Reader, Scope], Answer]]] = {
    "worth": worth,
    "churn": churn,
    "revenue": revenue,
    "trial": trial,
}


@dataclass(frozen=True, slots=True)
class Stated:
    """The claim's own figure, and the money that was pointed at where it rests on that figure.

    ``is_difference``: the figure is the difference between the two ends, so that it stands on one
    scale with every way of computing it.
    """

    figure: Fact | None
    money: Fact | None
    is_difference: bool

    @property
    def estimate(self) -> Estimate | None:
        """The claim's own difference; None where it states another kind of number, or none."""
        fact = self.figure if self.is_difference else None
        if fact is None or fact.value is None or fact.interval is None:
            return None
        reach = fact.interval
        return Estimate(
            estimate=fact.value, low=reach.low, high=reach.high, n=fact.n, level=reach.level
        )

    @property
    def in_words(self) -> str:
        """``Label: 7 percentage points (range 4–10)``; empty where no figure is told."""
        if self.figure is None or self.figure.value is None:
            return ""
        return f"{self.figure.label}: {fmt.fact_text(self.figure)}"


def stated(view: Reader, scope: Scope, claim: Claim) -> Stated:
    """Look the claim's figure up in the Answer of its question for the same scope.

    ``scope`` is the one that was asked with, so that an Answer shown on a page is found again.
    """
    if claim.figure is None:
        return Stated(None, None, is_difference=False)
    asked = replace(scope, claim=None)
    with telling(_nobody):  # its steps are no steps of ours
        answer = kept(view, claim.question, asked, lambda: _ANSWERS[claim.question](view, asked))
    told = {fact.id: fact for fact in answer.facts}
    return Stated(
        figure=told.get(claim.figure),
        money=told.get(claim.fact_id) if claim.is_money else None,
        is_difference=claim.is_difference,
    )


def _nobody(_: str, __: float) -> None:
    """Hear of the progress and keep it."""
