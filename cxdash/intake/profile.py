"""What the columns of a file hold, counted over all rows: shapes of dates and numbers, ranges."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import duckdb

from cxdash.intake import cells
from cxdash.intake.staging import STAGED
from cxdash.intake.table import Table

__all__ = ["Shapes", "profile"]

_SAMPLES: Final = 5
_DISTINCT_KEPT: Final = 40
_DMY: Final = r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ ,T].*)?"
_DMY2: Final = r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{2})(?:[ ,T].*)?"
_MONTH: Final = r"(?i).*\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b.*\d{4}.*"
_PATTERNS: Final = {
    "whole": r"[-+−]?\d+",
    "number_dot": cells.NUMBER["."],
    "number_comma": cells.NUMBER[","],
    "ymd": r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[ T].*)?",
    "ymd_compact": r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])",
    "ym": r"\d{4}[-/.]\d{1,2}",
    "my": r"\d{1,2}[-/.]\d{4}",
    "dmy": _DMY,
    "dmy2": _DMY2,
    "month_name": _MONTH,
    "epoch_s": r"1\d{9}",
    "epoch_ms": r"1\d{12}",
    "excel": r"[2-6]\d{4}(?:\.\d+)?",
    "zoned": f".*{cells.ZONED}",
    "led_by_number": r"\d{1,2}\s*[-–—:=.)(]\s*\S.*",
    "email": r"[^@\s]+@[^@\s]+\.[a-zA-Z]{2,}",
    "currency_code": r"[A-Za-z]{3}",
}


@dataclass(frozen=True, slots=True)
class Shapes:
    """One column, counted over all rows.

    ``counts`` has the number of filled cells of each shape; ``values`` all distinct cells with
    their counts if there are few, else None; ``low`` and ``high`` are the extremes of its numbers.
    """

    name: str
    label: str
    rows: int
    filled: int
    distinct: int
    samples: tuple[str, ...]
    low: float | None
    high: float | None
    length: float
    values: Mapping[str, int] | None = None
    counts: Mapping[str, int] = field(default_factory=dict)

    def all(self, *shapes: str) -> bool:
        """Whether every filled cell has one of these shapes (shapes that exclude each other)."""
        return self.filled > 0 and sum(self.counts[shape] for shape in shapes) >= self.filled

    def most(self, *shapes: str) -> bool:
        """Whether at least four of five filled cells have one of these shapes."""
        found = sum(self.counts[shape] for shape in shapes)
        return self.filled > 0 and found >= 0.8 * self.filled

    @property
    def is_unique(self) -> bool:
        return self.filled == self.rows == self.distinct and self.rows > 0

    @property
    def is_date(self) -> bool:
        return self.most("ymd", "dmy", "dmy2", "month_name", "ym", "my", "ymd_compact")

    @property
    def is_number(self) -> bool:
        return self.most("number_dot") or self.most("number_comma")


def profile(cur: duckdb.DuckDBPyConnection, table: Table) -> tuple[Shapes, ...]:
    """Count every column of the staged table."""
    return tuple(_column(cur, table, at) for at in range(len(table.header)))


def _column(cur: duckdb.DuckDBPyConnection, table: Table, at: int) -> Shapes:
    missing = ", ".join(f"'{word}'" for word in cells.MISSING)
    names = list(_PATTERNS)
    counted = ", ".join(f"sum(n) FILTER (regexp_full_match(v, ${name}))" for name in names)
    cur.execute("DROP TABLE IF EXISTS seen")
    cur.execute(
        f"CREATE TEMP TABLE seen AS SELECT {cells.text(f'c{at}')} AS v, count(*) AS n, "
        f"min(line_no) AS line_no FROM {STAGED} WHERE problem IS NULL GROUP BY 1"
    )
    row = cur.execute(
        f"""
        SELECT (SELECT sum(n) FROM seen), sum(n), count(*), avg(length(v)),
          min(TRY_CAST(v AS DOUBLE)), max(TRY_CAST(v AS DOUBLE)),
          sum(n) FILTER (regexp_full_match(v, $dot) AND NOT regexp_full_match(v, $comma)),
          sum(n) FILTER (regexp_full_match(v, $comma) AND NOT regexp_full_match(v, $dot)),
          sum(n) FILTER (regexp_full_match(v, $dot) AND regexp_matches(v, '[.,]')),
          sum(n) FILTER (TRY_CAST(regexp_extract(v, $date, 1) AS INT) > 12),
          sum(n) FILTER (TRY_CAST(regexp_extract(v, $date, 2) AS INT) > 12),
          sum(n) FILTER (contains(v, ':')),
          {counted}
        FROM seen WHERE v IS NOT NULL AND lower(v) NOT IN ({missing})
        """,
        {
            **_PATTERNS,
            "dot": cells.NUMBER["."],
            "comma": cells.NUMBER[","],
            "date": r"^(\d{1,2})[-/.](\d{1,2})[-/.](?:\d{4}|\d{2})(?:[ ,T].*)?$",
        },
    ).fetchall()[0]
    extra = ("only_dot", "only_comma", "separated", "first_over_12", "second_over_12", "timed")
    fixed = 6
    counts = {
        name: int(value or 0) for name, value in zip([*extra, *names], row[fixed:], strict=True)
    }
    few = int(row[2] or 0) <= _DISTINCT_KEPT
    values = cur.execute(
        f"SELECT v, n FROM seen WHERE v IS NOT NULL ORDER BY {'v' if few else 'line_no'} "
        f"LIMIT {_DISTINCT_KEPT}"
    ).fetchall()
    first = cur.execute(
        f"SELECT v FROM seen WHERE v IS NOT NULL ORDER BY line_no LIMIT {_SAMPLES}"
    ).fetchall()
    cur.execute("DROP TABLE seen")
    return Shapes(
        name=table.header[at],
        label=table.labels[at] if at < len(table.labels) else "",
        rows=int(row[0] or 0),
        filled=int(row[1] or 0),
        distinct=int(row[2] or 0),
        samples=tuple(v[:80] for (v,) in first),
        low=row[4],
        high=row[5],
        length=float(row[3] or 0),
        values={v: int(n) for v, n in values} if few else None,
        counts=counts,
    )
