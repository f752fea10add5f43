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
from cxdash.panel.relations import month_end, month_index, relation
from cxdash.store import Reader

__all__ = ["Spending", "first_seen", "priced", "purchase_history", "spending"]

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
        added (0/1: holds one contract more at the end, or another plan), segment, plan, region,
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


def spending(
    view: Reader, built: Panel, *, as_of_month: int, months: int, most: int = MOST_PERIODS
) -> Spending:
    """What customers paid, period by period. Worked out once for each state of the data.

    The first period begins where everybody can be seen: contracts of before the first payment and
    the first goodbye may list only those who stayed, which would look as if nobody ever left. Where
    money is what was paid, the months before a period count too, so the first one begins later.
    ``most``: the newest so many periods only.
    """
    return view.kept(
        "spending",
        (as_of_month, months, most),
        lambda: _spending(view, built, as_of_month, months, most),
        room=4,
    )


def _spending(view: Reader, built: Panel, as_of_month: int, months: int, most: int) -> Spending:
    by_contract = built.contractual and priced(view)
    first = first_seen(view, built)
    # The first month may have begun before the data did, so it is the start and not the period.
    earliest = first if by_contract else first + months - 1
    opens = list(range(as_of_month - months, earliest - 1, -months))[:most]
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


def first_seen(view: Reader, built: Panel) -> int:
    """The first month from which on those who left can be seen: of the first payment or goodbye."""
    paid = view.rows("SELECT min(month) AS first FROM panel_takings WHERE revenue <> 0")[0]["first"]
    gone = view.rows("SELECT min(left_on) AS first FROM panel_spells")[0]["first"]
    known = [paid, month_index(gone) if gone else None]
    return max(built.first_month or 0, min((m for m in known if m is not None), default=0))


def priced(view: Reader) -> bool:
    """Whether contracts say what is paid: nearly all of them name an amount."""
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
