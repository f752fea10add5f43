"""Text cells on their way into SQL: a temporary table of text columns ``c0, c1, ...``.

Rows that cannot be lined up with the header are kept with a ``problem`` and without cells.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import duckdb
import pyarrow as pa

from cxdash.intake.table import Table

__all__ = ["STAGED", "Progress", "column", "stage"]

STAGED: Final = "staged"
Progress = Callable[[float, str], None]
_CELLS_A_BATCH: Final = 400_000
_CHARACTERS_A_BATCH: Final = 64 << 20


def column(table: Table, name: str) -> str:
    """The staged column of a source column; KeyError if the file has none of that name."""
    try:
        return f"c{table.header.index(name)}"
    except ValueError:
        raise KeyError(name) from None


def stage(
    cur: duckdb.DuckDBPyConnection,
    table: Table,
    names: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> int:
    """Fill a fresh staging table and return the number of rows.

    Parameters
    ----------
    names
        Source columns to take; None for all. The file's first column always comes along, because
        lines of totals are recognised by it.
    """
    wanted = (
        list(range(len(table.header)))
        if names is None
        else sorted({0, *(table.header.index(name) for name in names)})
    )
    columns = ", ".join(f"c{at} VARCHAR" for at in wanted)
    cur.execute(
        f"CREATE OR REPLACE TEMP TABLE {STAGED} (line_no BIGINT, problem VARCHAR, {columns})"
    )
    rows = 0
    for batch in _batches(table, wanted):
        cur.register("batch", batch)
        cur.execute(f"INSERT INTO {STAGED} SELECT * FROM batch")
        cur.unregister("batch")
        rows += batch.num_rows
        if progress is not None:
            progress(0.0, f"{rows:,} rows read")
    return rows


def _batches(table: Table, wanted: list[int]) -> Iterator[pa.Table]:
    width = len(table.header)
    size = max(1_000, _CELLS_A_BATCH // width)
    names = ["line_no", "problem", *(f"c{at}" for at in wanted)]
    for chunk in _chunks(table.rows(), size):
        lines = pa.array([line for line, _ in chunk], pa.int64())
        cells = [row for _, row in chunk]
        problems: pa.Array = pa.nulls(len(chunk), pa.string())
        if table.scan.has_nul or any(len(row) != width for row in cells):
            cells, found = _lined_up(table, cells, width)
            problems = pa.array(found, pa.string())
        by_column = list(zip(*cells, strict=True))
        arrays = [pa.array(by_column[at], pa.string()) for at in wanted]
        yield pa.Table.from_arrays([lines, problems, *arrays], names=names)


def _chunks(
    rows: Iterator[tuple[int, list[str]]], size: int
) -> Iterator[list[tuple[int, list[str]]]]:
    """At most ``size`` rows at a time, fewer when their cells are long."""
    chunk: list[tuple[int, list[str]]] = []
    characters = 0
    for row in rows:
        chunk.append(row)
        characters += sum(map(len, row[1]))
        if len(chunk) >= size or characters > _CHARACTERS_A_BATCH:
            yield chunk
            chunk, characters = [], 0
    if chunk:
        yield chunk


def _lined_up(
    table: Table, rows: list[list[str]], width: int
) -> tuple[list[list[str]], list[str | None]]:
    """Rows of the header's width; a row that is not gets a problem and loses its cells."""
    fixed: list[list[str]] = []
    problems: list[str | None] = []
    empty = [""] * width
    for row in rows:
        problem = None
        cells = row
        if len(row) < width and table.pads_short_rows:
            cells = [*row, *empty[len(row) :]]
        elif len(row) != width:
            problem = f"the row has {len(row)} cell{'s'[: len(row) != 1]}, the header has {width}"
            # Unmapped columns may have slipped under mapped ones, so nothing of it is kept.
            cells = empty
        elif table.scan.has_nul and any("\x00" in cell for cell in row):
            problem = "a cell holds a zero byte, which is not text"
            cells = empty
        fixed.append(cells)
        problems.append(problem)
    return fixed, problems
