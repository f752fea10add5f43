"""What the year rests on: days and amounts read from the demo company's own files."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from cxdash.demo.pilots import PILOT
from cxdash.store import Reader

__all__ = ["Ground", "ground"]

_ARMS: Final = ("pilot", "control")
# Per arm of the pilot: what its customers paid a month on the first day, and what those of them who
# were still there paid of it on a later day.
_STILL_PAID: Final = """
    WITH members AS (
      SELECT r.customer_id, r.arm, r.assigned_on, max_by(s.monthly_amount, s.started_on) AS fee
      FROM pilot_roster AS r JOIN subscriptions AS s ON s.customer_id = r.customer_id
        AND s.is_current AND s.started_on <= r.assigned_on
      WHERE r.is_current AND r.pilot = ? GROUP BY ALL
    )
    SELECT m.arm, count(*) AS customers, sum(m.fee) AS fees,
      coalesce(sum(m.fee) FILTER (m.stayed), 0) AS still, count(*) FILTER (m.stayed) AS stayed
    FROM (SELECT *, EXISTS (
        SELECT 1 FROM subscriptions AS s WHERE s.is_current AND s.customer_id = members.customer_id
        AND s.started_on <= ? AND (s.ended_on IS NULL OR s.ended_on > ?)) AS stayed
      FROM members) AS m
    GROUP BY m.arm
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """Days and amounts of the company.

    Parameters
    ----------
    end
        Last day of the data.
    members
        Customers of the pilot who were given a contact.
    customers
        Customers at the end.
    """

    view: Reader
    end: date
    members: int
    customers: int

    def back(self, months: int, day: int = 1) -> date:
        """A day so many months before the last month of the data."""
        index = 12 * self.end.year + self.end.month - 1 - months
        return date(index // 12, index % 12 + 1, day)

    @property
    def read_on(self) -> date:
        """The day the pilot that works is read: the last one of its ninth month."""
        return date.fromordinal(self.back(2).toordinal() - 1)

    def kept_a_month(self, on: date) -> Decimal:
        """Fees a month the pilot's customers still paid on a day, beyond what they would have paid
        had they left like the control group; whole dollars, 0 without two groups.
        """
        rows = {row["arm"]: row for row in self.view.rows(_STILL_PAID, [PILOT, on, on])}
        if len(rows) < len(_ARMS):
            return Decimal(0)
        treated, control = (rows[arm] for arm in _ARMS)
        expected = treated["fees"] * control["still"] / control["fees"]
        return Decimal(round(treated["still"] - expected))

    def books(self) -> Decimal:
        """Revenue of the last month as finance has it in its totals, refunds taken off."""
        rows = self.view.rows(
            "SELECT coalesce(sum(amount), 0) AS total FROM control_totals WHERE is_current AND "
            "measure <> 'customers' AND date_trunc('month', period) = date_trunc('month', ?)",
            [self.end],
        )
        return Decimal(rows[0]["total"])

    def won_a_year(self) -> tuple[Decimal, Decimal, Decimal]:
        """Fees a year of the accounts that stay because of a contact, with the ends of the 95 %
        range, as whoever reads the pilot works it out: how many fewer left by the day it was read,
        times what an account of the pilot pays. Whole dollars.
        """
        on = self.read_on
        rows = {row["arm"]: row for row in self.view.rows(_STILL_PAID, [PILOT, on, on])}
        treated, control = (rows[arm] for arm in _ARMS)
        gone = [1 - row["stayed"] / row["customers"] for row in (treated, control)]
        error = sum(
            share * (1 - share) / row["customers"]
            for share, row in zip(gone, (treated, control), strict=True)
        )
        fewer, reach = gone[1] - gone[0], 1.96 * error**0.5
        fee = float(treated["fees"] + control["fees"]) / (
            treated["customers"] + control["customers"]
        )
        ends = (fewer, fewer - reach, fewer + reach)
        amount, low, high = (Decimal(round(end * fee * 12 * self.members)) for end in ends)
        return amount, low, high


def ground(view: Reader) -> Ground:
    """Read them; the pilot's file and the contracts are loaded."""
    row = view.rows(
        "SELECT (SELECT max(dated) FROM revenue WHERE is_current) AS paid, "
        "(SELECT count(*) FROM pilot_roster WHERE is_current AND pilot = ? AND arm = 'pilot') "
        "AS members, (SELECT count(DISTINCT customer_id) FROM subscriptions WHERE is_current AND "
        "(ended_on IS NULL OR ended_on > (SELECT max(dated) FROM revenue WHERE is_current))) "
        "AS customers",
        [PILOT],
    )[0]
    return Ground(view, row["paid"], row["members"], row["customers"])
