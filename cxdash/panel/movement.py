"""By how much the lines of the accounts moved, each against its own year before.

Money is what a customer pays a month (see ``customer_months``). Every month is compared with the
month a year before it, so that the season is the same, and the comparison of a month with that of
the month a year earlier tells whether more was kept, added or spent than the year before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cxdash.panel.build import Panel
from cxdash.panel.ground import FILTERS
from cxdash.panel.relations import relation
from cxdash.panel.spending import first_seen
from cxdash.store import Reader

__all__ = ["LINES", "YEAR", "Moved", "group_sizes", "movement"]

YEAR: Final = 12  # months
LINES: Final = ("retention", "cost", "revenue")


@dataclass(frozen=True, slots=True)
class Moved:
    """How one line stood in a month, and the year before.

    Parameters
    ----------
    line
        ``retention``: part of the money of a year before that the same customers still pay.
        ``revenue``: what is paid beyond that, by them and by customers who came since, as a part of
        the same money. ``cost``: cost of contacts for each customer.
    now, before
        The figure of the month, and of the month a year earlier.
    size
        What a difference of one stands for in the month: the money of a year before, or the
        customers.
    customers
        Customers at the end of the month.
    """

    line: str
    month: int
    now: float
    before: float
    size: float
    customers: int

    @property
    def good(self) -> float:
        """By how much money the line moved for the company's good; below zero: the other way."""
        better = self.before - self.now if self.line == "cost" else self.now - self.before
        return better * self.size


def movement(view: Reader, built: Panel) -> Mapping[tuple[str, int], Moved]:
    """(line, month) to how the line moved; months that cannot be compared are missing.

    Kept and added money need two years from the first month in which those who left can be seen;
    the cost of serving needs a year from the first month with a cost. Worked out once for each
    state of the data.
    """
    return view.kept("movement", (), lambda: _movement(view, built), room=1)


def _movement(view: Reader, built: Panel) -> Mapping[tuple[str, int], Moved]:
    rows = {row["month"]: row for row in view.rows(relation("movement"))}
    seen = first_seen(view, built)
    costed = min((month for month, row in rows.items() if row["cost"]), default=None)
    found = {}
    for month, row in rows.items():
        earlier = rows.get(month - YEAR)
        if earlier is None:
            continue
        if month - 2 * YEAR >= seen and row["started"] and earlier["started"]:
            for line, part in (("retention", "kept"), ("revenue", "grown")):
                found[line, month] = Moved(
                    line,
                    month,
                    row[part] / row["started"],
                    earlier[part] / earlier["started"],
                    row["started"],
                    row["customers"],
                )
        if costed is not None and month - YEAR >= costed and row["customers"]:
            found["cost", month] = Moved(
                "cost",
                month,
                row["cost"] / row["customers"],
                earlier["cost"] / earlier["customers"] if earlier["customers"] else 0.0,
                row["customers"],
                row["customers"],
            )
    return found


def group_sizes(
    view: Reader, columns: Sequence[str], *, first: int, last: int
) -> Sequence[Mapping[str, str | int | None]]:
    """Customers at the end of each month by those columns of the customer list.

    One row a month and combination: month, a key for each column, customers.
    """
    flags = {f"by_{name}": int(name in columns) for name in FILTERS}
    sql = relation("group_sizes", first=first, last=last, **flags)
    return view.rows(f"SELECT * FROM ({sql}) ORDER BY ALL")
