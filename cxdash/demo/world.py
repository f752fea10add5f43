"""One demo company with everything in it, in memory: what the exports will say and what is true."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import pandas as pd

from cxdash.demo.calendar import Calendar
from cxdash.demo.company import Parameters
from cxdash.demo.customers import Customers, draw_customers
from cxdash.demo.money import control_totals, draw_invoices, draw_subscriptions
from cxdash.demo.support import Support, draw_support
from cxdash.demo.surveys import ask_leavers, ask_relationship
from cxdash.errors import UsageError

__all__ = [
    "DEFAULT_CUSTOMERS",
    "DEFAULT_END",
    "DEFAULT_MONTHS",
    "DEFAULT_SEED",
    "World",
    "simulate",
]

DEFAULT_CUSTOMERS: Final = 1800
DEFAULT_MONTHS: Final = 30
DEFAULT_SEED: Final = 4
DEFAULT_END: Final = date(2026, 6, 30)
_FEWEST_CUSTOMERS: Final = 50
_FEWEST_MONTHS: Final = 8


@dataclass(frozen=True, slots=True)
class World:
    """A simulated company. Frames hold one row a row of the export of the same name.

    ``relationship`` also holds the rows nobody should count (column ``status``). Money in frames is
    whole cents in the column ``cents``.
    """

    seed: int
    parameters: Parameters
    calendar: Calendar
    customers: Customers
    subscriptions: pd.DataFrame
    invoices: pd.DataFrame
    control_totals: pd.DataFrame
    relationship: pd.DataFrame
    exits: pd.DataFrame
    invitations: pd.DataFrame
    support: Support

    @property
    def pilot_month(self) -> int:
        """Month index in which the pilot starts."""
        return max(self.calendar.months - self.parameters.pilot_months, 0)

    @property
    def pilot_members(self) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Positions of the customers on the pilot roster: asked, and customers on its first day."""
        asked = self.customers.pilot_arm > 0
        return np.flatnonzero(asked & self.customers.active_at_end_of(self.pilot_month - 1))


def simulate(
    *,
    customers: int = DEFAULT_CUSTOMERS,
    months: int = DEFAULT_MONTHS,
    seed: int = DEFAULT_SEED,
    end: date = DEFAULT_END,
    parameters: Parameters | None = None,
) -> World:
    """Simulate the demo company in memory.

    ``customers`` counts everyone who is or becomes a customer in the exported ``months``, which end
    on ``end``, the last day of a month.

    Raises
    ------
    UsageError
        If the company would be too small or too young to show anything.
    """
    if customers < _FEWEST_CUSTOMERS or months < _FEWEST_MONTHS:
        raise UsageError(
            f"A demo company needs at least {_FEWEST_CUSTOMERS} customers and {_FEWEST_MONTHS} "
            f"months, got {customers} and {months}.",
            state="Nothing was written.",
        )
    p = parameters or Parameters()
    calendar = Calendar(end, months, p.future_months)
    people, answering, serving, leaving, contracts, billing = np.random.default_rng(seed).spawn(6)
    who = draw_customers(customers, calendar, p, people)
    relationship, asked = ask_relationship(who, calendar, p, answering)
    support = draw_support(who, calendar, p, serving)
    exits, asked_leavers = ask_leavers(who, calendar, p, leaving)
    invoices = draw_invoices(who, calendar, billing)
    return World(
        seed=seed,
        parameters=p,
        calendar=calendar,
        customers=who,
        subscriptions=draw_subscriptions(who, calendar, contracts),
        invoices=invoices,
        control_totals=control_totals(invoices, who, calendar),
        relationship=relationship,
        exits=exits,
        invitations=pd.concat([asked, support.invitations, asked_leavers], ignore_index=True),
        support=support,
    )
