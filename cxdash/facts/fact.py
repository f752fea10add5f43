"""The one idea: no naked number. A Fact is a value with everything needed to doubt it."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cxdash.facts.card import Card
from cxdash.facts.definitions import definition
from cxdash.facts.grade import Grade, Method, worst

__all__ = ["Fact", "Interval", "UngradedSumError", "total"]

_CURRENCY = re.compile(r"[A-Z]{3}")
PLAIN_UNITS = frozenset({"share", "points", "count", "months", "ratio", "score"})


@dataclass(frozen=True, slots=True)
class Interval:
    """A range that holds the true value with probability ``level`` (0 to 1) over repetitions."""

    low: float
    high: float
    level: float = 0.90

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            raise ValueError(f"an interval needs finite ends, got {self.low} and {self.high}")
        if self.low > self.high:
            raise ValueError(f"an interval's low end {self.low} is above its high end {self.high}")
        if not 0 < self.level < 1:
            raise ValueError(f"a level lies between 0 and 1, got {self.level}")

    def holds(self, value: float) -> bool:
        """Whether ``value`` lies within the interval, ends included."""
        return self.low <= value <= self.high

    @property
    def width(self) -> float:
        return self.high - self.low

    def scaled(self, factor: float) -> "Interval":
        """The interval times ``factor``, ends swapped when the factor is negative."""
        ends = sorted((self.low * factor, self.high * factor))
        return Interval(ends[0], ends[1], self.level)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A number as cxdash shows, exports and prints it.

    Parameters
    ----------
    id
        Stable dotted name, unique within an Answer, for example ``worth.at_stake``.
    label
        Plain words a finance director understands.
    value
        The number in ``unit``; ``None`` means the data cannot tell, and ``caveats`` says why.
    interval
        Uncertainty of ``value``; ``None`` only for an exact count or sum, or without a value.
    unit
        ``share`` (0 to 1), ``points``, ``count``, ``months``, ``ratio``, ``score``, or an ISO 4217
        currency code, which means money.
    method
        How the number was obtained; the evidence grade follows from it.
    n
        Number of observations behind the number.
    population, period
        Whom and when it speaks of.
    definition
        Id in the definition catalogue, for example ``churn_rate``.
    sources
        Imports the number rests on, for example ``import 3: survey.csv``.
    """

    id: str
    label: str
    value: float | None
    unit: str
    method: Method
    n: int
    population: str
    period: str
    definition: str
    interval: Interval | None = None
    caveats: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.unit not in PLAIN_UNITS and not _CURRENCY.fullmatch(self.unit):
            raise ValueError(f"{self.id}: unknown unit {self.unit!r}")
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError(f"{self.id}: a Fact's value is finite or None, got {self.value}")
        if self.value is None and not self.caveats:
            raise ValueError(f"{self.id}: a Fact without a value says why in its caveats")

    @property
    def grade(self) -> Grade:
        return self.method.grade

    @property
    def is_money(self) -> bool:
        return self.unit not in PLAIN_UNITS

    @property
    def card(self) -> Card:
        """The methods card: the method's own, or for a plain count one made from the Fact.

        The code is then the estimator that reproduces the golden numbers of the definition.
        """
        if self.method.card is not None:
            return self.method.card
        meant = definition(self.definition)
        return Card(
            model=self.method.description,
            formula=meant.formula,
            sample=f"{self.n:,} observations: {self.population}",
            window=self.period,
            exclusions=self.caveats,
            code=f"cxdash.stats.{meant.golden[0].function}" if meant.golden else "",
        )

    def to_json(self) -> dict[str, Any]:
        """The Fact as docs/contract.md describes it."""
        return {
            "id": self.id,
            "label": self.label,
            "value": self.value,
            "low": self.interval.low if self.interval else None,
            "high": self.interval.high if self.interval else None,
            "level": self.interval.level if self.interval else None,
            "unit": self.unit,
            "grade": self.grade.name,
            "n": self.n,
            "population": self.population,
            "period": self.period,
            "definition": self.definition,
            "method": self.method.description,
            "caveats": list(self.caveats),
            "sources": list(self.sources),
            "card": self.card.to_json(),
        }


class UngradedSumError(ValueError):
    """Money of grade D to F, or of different currencies, was to be summed."""


def total(facts: Iterable[Fact]) -> tuple[float, Grade]:
    """Sum of money Facts and the grade of the sum, which is the worst among its parts.

    Raises
    ------
    UngradedSumError
        If a part has no value, is graded D to F, or the currencies differ: such dollars are
        shown, never summed.
    """
    parts = list(facts)
    if not parts:
        raise UngradedSumError("there is nothing to sum")
    units = {part.unit for part in parts}
    if len(units) > 1 or not parts[0].is_money:
        raise UngradedSumError(f"only money of one currency can be summed, got {sorted(units)}")
    refused = [part.id for part in parts if part.value is None or not part.grade.may_be_summed]
    if refused:
        raise UngradedSumError(f"shown but never summed: {', '.join(refused)}")
    return sum(part.value or 0.0 for part in parts), worst(part.grade for part in parts)
