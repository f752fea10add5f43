"""What every question stands on, and how it speaks of its customers and its time."""

from dataclasses import dataclass
from datetime import date

from cxdash.facts import Scope
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
        panel, ahead = self.panel, _months(self.horizon)
        is_pause = panel.idle_months > self.horizon
        gone = f"then buys nothing for {ahead}" if is_pause else f"no longer is one {ahead} later"
        said = (
            f"There are no contracts. Whoever bought in the last {_months(panel.idle_months)} is a "
            f"customer, and whoever {gone} counts as gone."
        )
        if panel.usual_gap_days is None:
            return said
        said += (
            f" Nine of ten purchases follow within {panel.usual_gap_days} days of the one before."
        )
        if is_pause:
            said += (
                f" Buying nothing for {ahead} is therefore often only a pause; asked "
                f"{_months(panel.idle_months)} ahead it would be one less often."
            )
        return said

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


def _months(n: int) -> str:
    return "1 month" if n == 1 else f"{n} months"
