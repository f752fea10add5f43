"""What the programme cost so far, and which part of its budget is in question."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from cxdash import register
from cxdash.register import Kept
from cxdash.register.kinds.initiatives import Initiative
from cxdash.register.kinds.ledger import Funding
from cxdash.store import Reader

__all__ = ["Spent", "passed", "spent"]

_ASKED: Final = "asked"
_AT_RISK: Final = "at_risk"
_NOT_BEGUN: Final = ("wish", "planned")


@dataclass(frozen=True, slots=True)
class Spent:
    """Budgets and what of them is spent.

    Parameters
    ----------
    budgets
        Every budget entered, with what of it is spent by the day of the question.
    initiatives
        Initiatives that have begun, with their own cost.
    so_far
        Spent by the day: of the budgets, or without any what the initiatives cost. None where
        neither was entered.
    at_risk
        What is left of budgets that are in question.
    entered
        What the initiatives that have begun cost, as entered.
    """

    budgets: tuple[tuple[Kept[Funding], Decimal], ...]
    initiatives: tuple[Kept[Initiative], ...]
    so_far: Decimal | None
    at_risk: Decimal
    entered: Decimal = Decimal(0)

    @property
    def by_budget(self) -> bool:
        return any(one.record.status != _ASKED for one, _ in self.budgets)


def spent(view: Reader, as_of: date) -> Spent:
    """What was spent by that day."""
    budgets = tuple(
        (one, passed(one.record, as_of))
        for one in register.current(view, Funding)
        if one.record.amount is not None
    )
    begun = tuple(
        one for one in register.current(view, Initiative) if one.record.status not in _NOT_BEGUN
    )
    granted = [(one, used) for one, used in budgets if one.record.status != _ASKED]
    costs = [one.record.cost for one in begun if one.record.cost is not None]
    return Spent(
        budgets,
        begun,
        _sum(used for _, used in granted) if granted else _sum(costs) if costs else None,
        _sum(
            (one.record.amount or Decimal(0)) - used
            for one, used in granted
            if one.record.status == _AT_RISK
        ),
        _sum(costs),
    )


def passed(budget: Funding, as_of: date) -> Decimal:
    """The part of a budget that its days so far have used, each day alike, to the cent."""
    if budget.amount is None or budget.starts is None or budget.ends is None:
        return Decimal(0)
    if budget.status == _ASKED or as_of < budget.starts:
        return Decimal(0)
    days = (budget.ends - budget.starts).days + 1
    gone = min((as_of - budget.starts).days + 1, days)
    return (budget.amount * gone / days).quantize(Decimal("0.01"))


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, Decimal(0))
