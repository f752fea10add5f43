"""What every question stands on, and how it speaks of its customers and its time."""

from dataclasses import dataclass
from datetime import date

from cxdash.facts import Scope
from cxdash.facts import format as fmt
from cxdash.panel import Ground, Panel, month_end
from cxdash.questions.conditions import Conditions

__all__ = ["Basis", "customers_of", "windows_until"]


@dataclass(frozen=True, slots=True)
class Basis:
    """Scope and data of a question, the conditions they meet, and the day it is asked for."""

    scope: Scope
    panel: Panel
    ground: Ground
    conditions: Conditions
    as_of: date

    @property
    def currency(self) -> str | None:
        return self.panel.currency

    @property
    def horizon(self) -> int:
        return self.scope.horizon

    @property
    def population(self) -> str:
        """Whom the Answer speaks of."""
        return customers_of("all customers", "customers with", self.scope)

    @property
    def without_contracts(self) -> str:
        """What being a customer, and leaving, mean where only purchases are known."""
        panel, ahead = self.panel, fmt.number(self.horizon, "months")
        idle = fmt.number(panel.idle_months, "months")
        said = (
            f"There are no contracts. Whoever bought in the last {idle} is "
            f"a customer, and whoever no longer is one {ahead} later counts as gone."
        )
        if panel.usual_gap_days is None:
            return said
        return (
            f"{said} Of customers who bought again, nine of ten waits between two purchases were "
            f"at most {fmt.count(panel.usual_gap_days)} days, in all the data that is loaded; "
            f"rounded up, that is the {idle}. A longer wait is taken for leaving, and a history "
            "shorter than the waits understates them."
        )

    @property
    def coming(self) -> str:
        """The window whose outcome nobody knows yet."""
        return f"the {self.horizon} months after {self.as_of.isoformat()}"


def customers_of(everybody: str, some: str, scope: Scope) -> str:
    """Everybody, or those the scope's filters pass: ``customers with segment Large``."""
    if not scope.where:
        return everybody
    return f"{some} " + ", ".join(f"{column} {value}" for column, value in scope.where)


def windows_until(closed_months: tuple[int, ...], horizon: int, as_of: date) -> str:
    """Windows that figures rest on, in words."""
    if not closed_months:
        return f"no {horizon}-month window is over by {as_of.isoformat()}"
    first, last = month_end(closed_months[0]), month_end(closed_months[-1] + horizon)
    return (
        f"{len(closed_months)} windows of {horizon} months, "
        f"{first.isoformat()} to {last.isoformat()}"
    )
