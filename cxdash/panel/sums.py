"""What contracts come to beside what was invoiced, where both are loaded for the same customers.

Dollars rest on one of the two. Whether they agree is counted here, and judged by the questions.
"""

from dataclasses import dataclass
from typing import Final

from cxdash.panel.build import Panel
from cxdash.panel.relations import month_end, month_index, relation
from cxdash.store import Reader

__all__ = ["FEWEST_COMPARED", "Sums", "Uncompared", "two_sums", "uncompared"]

#: A yearly invoice meets its twelve monthly fees once in any twelve months, whatever its day.
YEAR: Final = 12
#: Where less is loaded, so many months: then only customers are compared who are invoiced in each.
QUARTER: Final = 3
FEWEST_COMPARED: Final = 10  # customers; the sums of fewer tell of single ones
_MONTH_BEGINS: Final = 5  # a first invoice dated later in its month may have others before it


@dataclass(frozen=True, slots=True)
class Sums:
    """Two sums of the same customers over the same months, in their own currency, one-off revenue
    left out.

    Parameters
    ----------
    currency
        ISO 4217 code of both.
    customers
        Customers under contract through all these months, of whom revenue is loaded.
    months, last
        How many months; the index of the last of them.
    fees, invoices
        What their contracts come to; what was invoiced or paid, refunds taken off.
    """

    currency: str
    customers: int
    months: int
    last: int
    fees: float
    invoices: float

    @property
    def ratio(self) -> float:
        """Invoices over fees; fees are never nothing."""
        return self.invoices / self.fees

    @property
    def until(self) -> str:
        """The last day they cover."""
        return month_end(self.last).isoformat()


@dataclass(frozen=True, slots=True)
class Uncompared:
    """Customers whose two sums cannot be compared: in different currencies.

    Parameters
    ----------
    contracts, invoices
        ISO 4217 codes.
    customers
        Customers with contracts in the one, whose invoices are in the other and none in the first.
    months, last
        Over how many months; the index of the last of them.
    """

    contracts: str
    invoices: str
    customers: int
    months: int
    last: int

    @property
    def until(self) -> str:
        """The last day they cover."""
        return month_end(self.last).isoformat()


def two_sums(view: Reader, built: Panel) -> tuple[Sums, ...]:
    """The two sums by currency, the largest first; empty where they cannot be compared.

    They are compared over the last twelve months for which both are loaded. Where that leaves fewer
    than ten customers, because less is loaded or customers are new, over the last three, and only
    for customers who were invoiced in each of them: of others it is not known for how many months
    an invoice was meant. Worked out once for each state of the data.
    """
    if not built.contractual or built.last_month is None:
        return ()
    last = built.last_month
    return view.kept("two sums", (), lambda: _two_sums(view, last), room=1)


def _two_sums(view: Reader, last: int) -> tuple[Sums, ...]:
    first = view.rows("SELECT min(dated) AS day FROM panel_money WHERE customer_id IS NOT NULL")
    day = first[0]["day"]
    if day is None:
        return ()
    loaded = last - month_index(day) + (1 if day.day <= _MONTH_BEGINS else 0)
    for months, billed in ((YEAR, 0), (QUARTER, QUARTER)):
        found = _compared(view, last, months, billed) if loaded >= months else ()
        if found:
            return found
    return ()


def _compared(view: Reader, last: int, months: int, billed: int) -> tuple[Sums, ...]:
    rows = view.rows(relation("two_sums", last=last, months=months, billed=billed))
    found = (
        Sums(
            row["currency"],
            row["customers"],
            months,
            last,
            float(row["fees"]),
            float(row["invoices"]),
        )
        for row in rows
        if row["customers"] >= FEWEST_COMPARED and row["fees"] > 0
    )
    return tuple(sorted(found, key=lambda one: (-one.fees, one.currency)))


def uncompared(view: Reader, built: Panel) -> tuple[Uncompared, ...]:
    """By pair of currencies the customers whose two sums are in different ones, the most first.

    Looked at over the last twelve months; pairs of fewer than ten customers are left out. Worked
    out once for each state of the data.
    """
    if not built.contractual or built.last_month is None:
        return ()
    last = built.last_month
    return view.kept("uncompared", (), lambda: _uncompared(view, last), room=1)


def _uncompared(view: Reader, last: int) -> tuple[Uncompared, ...]:
    rows = view.rows(relation("uncompared", last=last, months=YEAR))
    found = (
        Uncompared(row["contracts"], row["invoices"], row["customers"], YEAR, last)
        for row in rows
        if row["customers"] >= FEWEST_COMPARED
    )
    return tuple(sorted(found, key=lambda one: (-one.customers, one.contracts, one.invoices)))
