"""Text cells on their way into SQL: a temporary table of text columns ``c0, c1, ...``.

Rows that cannot be lined up with the header have a ``problem`` and no cells; ``whole`` then is the
row as one line of CSV, for the person who has to mend it.
"""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import duckdb
import pyarrow as pa

from cxdash.intake.reading.table import Table

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
        f"CREATE OR REPLACE TEMP TABLE {STAGED} "
        f"(line_no BIGINT, problem VARCHAR, whole VARCHAR, {columns})"
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
    names = ["line_no", "problem", "whole", *(f"c{at}" for at in wanted)]
    for chunk in _chunks(table.rows(), size):
        lines = pa.array([line for line, _ in chunk], pa.int64())
        cells = [row for _, row in chunk]
        problems = wholes = pa.nulls(len(chunk), pa.string())
        if table.scan.has_nul or any(len(row) != width for row in cells):
            came = cells
            cells, found = _lined_up(table, came, width)
            problems = pa.array(found, pa.string())
            wholes = pa.array(
                [row and _whole(line) for row, line in zip(found, came, strict=True)], pa.string()
            )
        by_column = list(zip(*cells, strict=True))
        arrays = [pa.array(by_column[at], pa.string()) for at in wanted]
        yield pa.Table.from_arrays([lines, problems, wholes, *arrays], names=names)


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
            # Cells may have slipped under other columns, so none of them is read.
            cells = empty
        elif table.scan.has_nul and any("\x00" in cell for cell in row):
            problem = "a cell holds a zero byte, which is not text"
            cells = empty
        fixed.append(cells)
        problems.append(problem)
    return fixed, problems


def _whole(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(cells)
    # A zero byte would end the text for some programs; its picture does not.
    return line.getvalue().replace("\x00", "\u2400")
