"""Two neighbouring periods side by side: what customers answered, how contacts ended."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from cxdash.panel.relations import month_end, relation
from cxdash.store import Reader

__all__ = ["Periods", "first_contacts", "periods", "waves"]


@dataclass(frozen=True, slots=True)
class Periods:
    """The period (before_from, before_until] and the one after it, up to and with ``until``."""

    before_from: date
    before_until: date
    until: date

    @property
    def words(self) -> str:
        later = f"{self.before_until.isoformat()} to {self.until.isoformat()}"
        return f"{later}, against the period before"


def periods(as_of_month: int, months: int) -> Periods:
    """Two periods of so many months; the second ends with the month of that index."""
    return Periods(
        month_end(as_of_month - 2 * months), month_end(as_of_month - months), month_end(as_of_month)
    )


def waves(view: Reader, both: Periods) -> pd.DataFrame:
    """One row a customer, item and period: customer_id, item, variant, high_is_good, segment,
    period (0 before, 1 after), value (mean of the customer's answers).
    """
    with view.cursor() as cur:
        return cur.execute(f"SELECT * FROM ({_sql('waves', both)}) ORDER BY ALL").df()


def first_contacts(view: Reader, both: Periods) -> dict[int, tuple[int, int]]:
    """Period to (contacts resolved at first contact, contacts with a known outcome)."""
    sql = _sql("first_contacts", both)
    return {row["period"]: (int(row["resolved"]), int(row["contacts"])) for row in view.rows(sql)}


def _sql(name: str, both: Periods) -> str:
    return relation(
        name, before_from=both.before_from, before_until=both.before_until, until=both.until
    )
