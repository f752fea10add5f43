"""What customers paid around a period: who was there, what moved, what serving them cost.

Periods are as long as the horizon and end on the day of the question, so a customer's periods never
overlap and each change of spend is counted once. Money is normalised for nothing: a price rise
written into a contract is an expansion like any other, and refunds are taken off the month in which
they were paid back.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

import pandas as pd

from cxdash.panel.build import Panel
from cxdash.panel.relations import month_end, relation
from cxdash.store import Reader

__all__ = ["Spending", "purchase_history", "spending"]

MOST_PERIODS: Final = 8
_PRICED: Final = 0.95  # share of contracts with an amount from which contracts say what is paid


@dataclass(frozen=True, slots=True)
class Spending:
    """Customers and periods.

    Parameters
    ----------
    rows
        One row a customer and period, in that order of period and customer: opens (month index at
        whose end the period begins), customer_id, there and stays (0/1: at the start, at the end),
        came (0/1: for the first time), under_notice, before, during and after (money a month),
        refunded (in the period), months_there, contacts, contact_cost (in the period),
        contracts_before, contracts_after, plan_before, plan_after, segment, plan, region,
        industry, owner, acquired_by.
    opens
        The periods, oldest first.
    by_contract
        Whether money is what contracts come to; otherwise what was paid.
    """

    rows: pd.DataFrame
    opens: tuple[int, ...]
    months: int
    by_contract: bool

    def days(self, opens: int) -> str:
        """The period as two days, for people."""
        return f"{month_end(opens).isoformat()} to {month_end(opens + self.months).isoformat()}"


def spending(view: Reader, built: Panel, *, as_of_month: int, months: int) -> Spending:
    """What customers paid, period by period. Worked out once for each state of the data.

    A period needs the months before it too where money is what was paid, so the first one begins
    later there.
    """
    return view.kept(
        "spending",
        (as_of_month, months),
        lambda: _spending(view, built, as_of_month, months),
        room=3,
    )


def _spending(view: Reader, built: Panel, as_of_month: int, months: int) -> Spending:
    by_contract = built.contractual and _priced(view)
    first = built.first_month if built.first_month is not None else as_of_month
    # The first month may have begun before the data did, so a start needs one whole month at least.
    earliest = first if by_contract else first + months - 1
    opens = list(range(as_of_month - months, earliest - 1, -months))[:MOST_PERIODS]
    opens.reverse()
    sql = relation(
        "spending",
        months=months,
        landmarks=tuple(opens) or (-1,),
        by_contract=int(by_contract),
        contractual=int(built.contractual),
    )
    with view.cursor() as cur:
        rows = cur.execute(f"SELECT * FROM ({sql}) ORDER BY opens, customer_id").df()
    return Spending(rows, tuple(opens), months, by_contract)


def _priced(view: Reader) -> bool:
    found = view.rows(
        "SELECT count(*) AS n, count(*) FILTER (WHERE has_amount) AS priced FROM panel_contracts"
    )[0]
    return bool(found["n"]) and found["priced"] >= _PRICED * found["n"]


def purchase_history(view: Reader, *, as_of: date) -> pd.DataFrame:
    """One row a customer who ever bought: repeats, recency_days, age_days, mean_spend (a purchase
    day after the first, 0 without one), and the columns of the customer list.
    """
    sql = relation("purchase_history", as_of=as_of)
    with view.cursor() as cur:
        return cur.execute(f"SELECT * FROM ({sql}) ORDER BY customer_id").df()
