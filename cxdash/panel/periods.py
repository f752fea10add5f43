"""Two neighbouring periods side by side: what customers answered, how contacts ended."""

from dataclasses import dataclass
from datetime import date

import pandas as pd

from cxdash.panel.relations import month_end, relation
from cxdash.store import Database

__all__ = ["Periods", "first_contacts", "periods", "waves"]


@dataclass(frozen=True, slots=True)
class Periods:
    """The period (before_from, before_until] and the one after it, up to and with ``until``."""

    before_from: date
    before_until: date
    until: date

    @property
    def words(self) -> str:
        return f"{self.before_until.isoformat()} to {self.until.isoformat()}, against the period before"


def periods(as_of_month: int, months: int) -> Periods:
    """Two periods of so many months; the second ends with the month of that index."""
    return Periods(
        month_end(as_of_month - 2 * months), month_end(as_of_month - months), month_end(as_of_month)
    )


def waves(db: Database, both: Periods) -> pd.DataFrame:
    """One row a customer, item and period: customer_id, item, variant, high_is_good, segment,
    period (0 before, 1 after), value (mean of the customer's answers).
    """
    return _frame(db, "waves", both)


def first_contacts(db: Database, both: Periods) -> dict[int, tuple[int, int]]:
    """Period to (contacts resolved at first contact, contacts with a known outcome)."""
    rows = _frame(db, "first_contacts", both)
    return {int(r.period): (int(r.resolved), int(r.contacts)) for r in rows.itertuples()}


def _frame(db: Database, name: str, both: Periods) -> pd.DataFrame:
    sql = relation(
        name, before_from=both.before_from, before_until=both.before_until, until=both.until
    )
    with db.cursor() as cur:
        return cur.execute(f"SELECT * FROM ({sql}) ORDER BY ALL").df()
