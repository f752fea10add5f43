"""What the rows of a file amount to once they are typed: refused, days, money, whose they are.

Counted on the scratch database a proposal is tried on.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

import duckdb

from cxdash.intake.batch import Known
from cxdash.intake.kinds import KINDS
from cxdash.intake.loading.matching import HOPELESS, LOW_MATCH, SAY_WHO_EXISTS
from cxdash.intake.loading.typed import TYPED
from cxdash.intake.mapping import Mapping
from cxdash.intake.understood import MONEY
from cxdash.store.tables import DAY

__all__ = ["NAMES", "Refusal", "RowMatch", "Sum", "days", "match", "reasons", "sums"]

#: Roles by which a row says whose it is.
NAMES: Final = ("customer_id", "order_id")
_REASONS: Final = 6


@dataclass(frozen=True, slots=True)
class Refusal:
    """A reason why rows would be refused, how many, and the first line of the file it hits."""

    reason: str
    rows: int
    line: int


@dataclass(frozen=True, slots=True)
class Sum:
    """What the rows that would be loaded amount to, and how much of it has a known customer."""

    currency: str
    amount: Decimal
    known: Decimal


@dataclass(frozen=True, slots=True)
class RowMatch:
    """How many rows that name somebody name somebody known.

    ``names`` is ``customers`` or ``orders``; ``distinct`` of them are named, ``distinct_known`` of
    those known. ``comparable`` is False while nobody at all is known.
    """

    names: str
    rows: int
    rows_known: int
    distinct: int
    distinct_known: int
    comparable: bool

    @property
    def share(self) -> float:
        """Share of the rows whose customer is known, 0 to 1."""
        return self.rows_known / self.rows

    @property
    def is_low(self) -> bool:
        """Whether so few are known that figures joined with money would mislead."""
        return self.comparable and self.share < LOW_MATCH

    @property
    def is_hopeless(self) -> bool:
        """Whether so few are known that the file seems to name its customers in another way."""
        return self.comparable and self.share < HOPELESS


def reasons(cur: duckdb.DuckDBPyConnection) -> tuple[int, int, tuple[Refusal, ...]]:
    """Rows, rows that would be refused, and the commonest reasons without the cells they quote."""
    made, refused = cur.execute(f"SELECT count(*), count(refusal) FROM {TYPED}").fetchall()[0]
    rows = cur.execute(
        "SELECT regexp_replace(refusal, ': ''.*?'' ', ': ', 'gs') AS reason, count(*), "
        f"min(line_no) FROM {TYPED} WHERE refusal IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 "
        f"LIMIT {_REASONS}"
    ).fetchall()
    return made, refused, tuple(Refusal(*row) for row in rows)


def days(cur: duckdb.DuckDBPyConnection, mapping: Mapping) -> tuple[date | None, date | None]:
    """The first and the last day of the rows that would be taken."""
    role = DAY[mapping.kind]
    first, last = cur.execute(
        f"SELECT CAST(min({role}) AS DATE), CAST(max({role}) AS DATE) FROM {TYPED} "
        "WHERE refusal IS NULL"
    ).fetchall()[0]
    return first, last


def sums(cur: duckdb.DuckDBPyConnection, mapping: Mapping) -> tuple[Sum, ...]:
    """Sums by currency of the kind's column of money; none where it has none."""
    roles = KINDS[mapping.kind].roles
    given = (*mapping.columns, *mapping.constants)
    role = next((name for name in given if roles[name] == MONEY), None)
    if role is None or "currency" not in roles:
        return ()
    rows = cur.execute(
        f"SELECT coalesce(currency, ''), sum({role}), coalesce(sum({role}) FILTER (is_known), 0) "
        f"FROM {TYPED} WHERE refusal IS NULL AND {role} IS NOT NULL GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return tuple(Sum(*row) for row in rows)


def match(cur: duckdb.DuckDBPyConnection, mapping: Mapping, known: Known) -> RowMatch | None:
    """How many rows name somebody known; None for files that name nobody or say who exists."""
    name = next((role for role in NAMES if role in mapping.columns), None)
    if mapping.kind in SAY_WHO_EXISTS or name is None:
        return None
    counts = cur.execute(
        f"SELECT count(*), count(*) FILTER (is_known), count(DISTINCT {name}), "
        f"count(DISTINCT {name}) FILTER (is_known) FROM {TYPED} "
        "WHERE refusal IS NULL AND is_known IS NOT NULL"
    ).fetchall()[0]
    anybody = known.customers if name == "customer_id" else known.orders
    if not counts[0]:
        return None
    rows, rows_known, distinct, distinct_known = counts
    return RowMatch(
        names=name.removesuffix("_id") + "s",
        rows=rows,
        rows_known=rows_known,
        distinct=distinct,
        distinct_known=distinct_known,
        comparable=len(anybody) > 0,
    )
