"""What the columns of a file hold, counted over all rows: shapes of dates and numbers, ranges."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import duckdb

from cxdash.intake import cells, moments
from cxdash.intake.reading.staging import STAGED
from cxdash.intake.reading.table import Table

__all__ = ["Shapes", "is_question", "pooled", "profile"]

_SAMPLES: Final = 5
_SENTENCE: Final = 6  # words; names of fields are shorter
_DISTINCT_KEPT: Final = 40
_LISTED: Final = _DISTINCT_KEPT + len(cells.MISSING)
_CELLS_AT_ONCE: Final = 2_000_000
_DMY: Final = r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?:[ ,T].*)?"
_DMY2: Final = r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{2})(?:[ ,T].*)?"
_YMD2: Final = r"(\d{2})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ ,T].*)?"
# Months by name in English, German, French, Spanish and Portuguese, whole or cut short.
_NAMED: Final = (
    r"(?:jan|jän|ene|f[eé][bv]|mar|mär|mrz|a[pvb]r|mai|may|maio|jun|jui|jul|a[ug]o|aug|aoû|"
    r"sep|set|o[ck]t|out|nov|de[czs]|dic|déc)\p{L}*"
)
_MONTH: Final = (
    rf"(?i)(?:\d{{1,2}}\.?[ -](?:de )?{_NAMED}\.?[ ,-](?:de )?\d{{4}}"
    rf"|{_NAMED}\.? \d{{1,2}}, \d{{4}}).*"
)
_MONTH_YEAR: Final = rf"(?i){_NAMED}\.?[ /-](?:de )?\d{{4}}"
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
    "ymd2": _YMD2,
    "month_name": _MONTH,
    "month_year": _MONTH_YEAR,
    "epoch_s": r"1\d{9}",
    "epoch_ms": r"1\d{12}",
    "excel": r"[2-6]\d{4}(?:\.\d+)?",
    "zoned": f".*{moments.ZONED}",
    "led_by_number": r"\d{1,2}\s*[-–—:=.)(]\s*\S.*",
    "email": r"[^@\s]+@[^@\s]+\.[a-zA-Z]{2,}",
    "currency_code": r"[A-Za-z]{3}",
}

# Shapes of dates, none of which a cell has beside another.
_DATES: Final = (*("ymd", "dmy", "dmy2", "month_name", "month_year", "ym", "my", "ymd_compact"),)
# What is counted of the distinct cells of a column, each standing for ``n`` cells ...
_FIRST: Final = (
    "sum(n)",
    "count(*)",
    "avg(length(v))",
    "min(TRY_CAST(v AS DOUBLE))",
    "max(TRY_CAST(v AS DOUBLE))",
)
# ... and which of them are counted by a test of their own.
_EXTRA: Final = {
    "only_dot": "regexp_full_match(v, $dot) AND NOT regexp_full_match(v, $comma)",
    "only_comma": "regexp_full_match(v, $comma) AND NOT regexp_full_match(v, $dot)",
    "separated": "regexp_full_match(v, $dot) AND regexp_matches(v, '[.,]')",
    "first_over_12": "TRY_CAST(regexp_extract(v, $date, 1) AS INT) > 12",
    "second_over_12": "TRY_CAST(regexp_extract(v, $date, 2) AS INT) > 12",
    "third_over_31": "TRY_CAST(regexp_extract(v, $date, 3) AS INT) > 31",
    "dotted": r"regexp_full_match(v, '\d{1,2}\.\d{1,2}\.\d{2,4}.*')",
    "timed": "contains(v, ':')",
    "has ;": r"regexp_matches(v, ';\s*\S')",
    "has |": r"regexp_matches(v, '\|\s*\S')",
    "has \n": r"regexp_matches(v, '\n\s*\S')",
    "has ,": r"regexp_matches(v, ', \S')",
}


def is_question(words: str) -> bool:
    """Whether words are what a survey asks people, rather than the name of a field.

    >>> is_question("What could we do better?"), is_question("Duration (in seconds)")
    (True, False)
    """
    return "?" in words or len(words.split()) >= _SENTENCE


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
        return self.most(*_DATES)

    @property
    def is_number(self) -> bool:
        return self.most("number_dot") or self.most("number_comma")


def pooled(name: str, shapes: Sequence[Shapes]) -> Shapes:
    """Several columns as one, as the rows of a grid are answered on one scale."""
    values: Counter[str] = Counter()
    for shape in shapes:
        values.update(shape.values or {})
    few = all(shape.values is not None for shape in shapes) and len(values) <= _DISTINCT_KEPT
    lows = [shape.low for shape in shapes if shape.low is not None]
    highs = [shape.high for shape in shapes if shape.high is not None]
    filled = sum(shape.filled for shape in shapes)
    samples = dict.fromkeys(sample for shape in shapes for sample in shape.samples)
    return Shapes(
        name=name,
        label="",
        rows=sum(shape.rows for shape in shapes),
        filled=filled,
        distinct=max(len(values), *(shape.distinct for shape in shapes)),
        samples=tuple(samples)[:_SAMPLES],
        low=min(lows, default=None),
        high=max(highs, default=None),
        length=sum(shape.length * shape.filled for shape in shapes) / max(1, filled),
        values=dict(values) if few else None,
        counts={key: sum(shape.counts[key] for shape in shapes) for key in shapes[0].counts},
    )


def profile(cur: duckdb.DuckDBPyConnection, table: Table) -> tuple[Shapes, ...]:
    """Count every column of the staged table.

    Columns are counted many at a time, because a query costs more than the cells of a small file,
    but not all at once, because the distinct cells of a large one need room.
    """
    rows = int(cur.execute(f"SELECT count(*) FROM {STAGED} WHERE problem IS NULL").fetchall()[0][0])
    width = len(table.header)
    step = max(1, _CELLS_AT_ONCE // max(1, rows))
    found: dict[int, Shapes] = {}
    for start in range(0, width, step):
        found |= _columns(cur, table, range(start, min(start + step, width)), rows)
    return tuple(found[at] for at in range(width))


def _columns(
    cur: duckdb.DuckDBPyConnection, table: Table, columns: range, rows: int
) -> dict[int, Shapes]:
    places = ", ".join(f"c{at}" for at in columns)
    numbers = ", ".join(str(at) for at in columns)
    cur.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE seen AS
        SELECT place, {cells.text("cell")} AS v, count(*) AS n, min(line_no) AS line_no
        FROM (SELECT line_no, unnest([{numbers}]) AS place, unnest([{places}]) AS cell
              FROM {STAGED} WHERE problem IS NULL)
        GROUP BY ALL
        """
    )
    counted = {row[0]: row[1:] for row in _counted(cur)}
    listed = dict(
        cur.execute(
            f"SELECT place, arg_min({{'v': v, 'n': n}}, line_no, {_LISTED}) "
            "FROM seen WHERE v IS NOT NULL GROUP BY place"
        ).fetchall()
    )
    cur.execute("DROP TABLE seen")
    empty = (0, 0, None, None, None, *[0] * (len(_EXTRA) + len(_PATTERNS)))
    return {
        at: _shapes(table, at, rows, counted.get(at, empty), listed.get(at, [])) for at in columns
    }


def _counted(cur: duckdb.DuckDBPyConnection) -> list[tuple[Any, ...]]:
    """For each column with a value its number, then ``_FIRST``, ``_EXTRA``, ``_PATTERNS``."""
    missing = ", ".join(f"'{word}'" for word in cells.MISSING)
    extra = ", ".join(f"sum(n) FILTER ({test})" for test in _EXTRA.values())
    shapes = ", ".join(f"sum(n) FILTER (regexp_full_match(v, ${name}))" for name in _PATTERNS)
    return cur.execute(
        f"SELECT place, {', '.join(_FIRST)}, {extra}, {shapes} FROM seen "
        f"WHERE v IS NOT NULL AND lower(v) NOT IN ({missing}) GROUP BY place",
        {
            **_PATTERNS,
            "dot": cells.NUMBER["."],
            "comma": cells.NUMBER[","],
            "date": r"^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[ ,T].*)?$",
        },
    ).fetchall()


def _shapes(
    table: Table, at: int, rows: int, row: tuple[Any, ...], listed: list[dict[str, Any]]
) -> Shapes:
    filled, distinct, length, low, high = row[: len(_FIRST)]
    counts = zip([*_EXTRA, *_PATTERNS], row[len(_FIRST) :], strict=True)
    few = {cell["v"]: int(cell["n"]) for cell in sorted(listed, key=lambda cell: str(cell["v"]))}
    return Shapes(
        name=table.header[at],
        label=table.labels[at] if at < len(table.labels) else "",
        rows=rows,
        filled=int(filled),
        distinct=int(distinct),
        samples=tuple(cell["v"][:80] for cell in listed[:_SAMPLES]),
        low=low,
        high=high,
        length=float(length or 0),
        values=few if distinct <= _DISTINCT_KEPT else None,
        counts={name: int(count or 0) for name, count in counts},
    )
