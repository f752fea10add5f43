"""Rows of text on their way out of the reader: Arrow batches of text columns ``c0, c1, ...``.

Rows that cannot be lined up with the header have a ``problem`` and no cells; ``whole`` then is the
row as one line of CSV, for the person who has to mend it.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np
import pyarrow as pa

from cxdash.intake.footers import FOOTER, is_footer
from cxdash.intake.reading.description import Description

__all__ = ["batches", "schema"]

Row = tuple[int, list[str]]
_CELLS_A_BATCH: Final = 400_000
_CHARACTERS_A_BATCH: Final = 32 << 20
_END: Final = "\r\n"
_LEAST_ROWS: Final = 1_000


def schema(width: int) -> pa.Schema:
    """The columns of the rows of a file with ``width`` columns."""
    cells = [pa.field(f"c{at}", pa.string()) for at in range(width)]
    return pa.schema(
        [
            pa.field("line_no", pa.int64()),
            pa.field("problem", pa.string()),
            pa.field("whole", pa.string()),
            *cells,
        ]
    )


def batches(about: Description, rows: Iterable[Row]) -> Iterator[pa.RecordBatch]:
    """The rows, a bounded number of cells and characters at a time."""
    width = len(about.header)
    size = max(_LEAST_ROWS, _CELLS_A_BATCH // width)
    for chunk in _chunks(rows, size):
        cells = [row for _, row in chunk]
        problems = wholes = pa.nulls(len(chunk), pa.string())
        columns = _columns(cells) if all(len(row) == width for row in cells) else None
        if columns is None or any(map(_has_nul, columns)):
            lined, found = _lined_up(about, cells)
            columns = _columns(lined)
            problems = pa.array(found, pa.string())
            wholes = pa.array(
                [row and _whole(line) for row, line in zip(found, cells, strict=True)], pa.string()
            )
        lines = pa.array([line for line, _ in chunk], pa.int64())
        yield pa.record_batch([lines, problems, wholes, *columns], schema(width))


def _columns(cells: list[list[str]]) -> list[pa.Array]:
    return [pa.array(column, pa.string()) for column in zip(*cells, strict=True)]


def _has_nul(column: pa.Array) -> bool:
    text = column.buffers()[2]
    return text is not None and not np.frombuffer(text, np.uint8).all()


def _chunks(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    """At most ``size`` rows at a time, fewer when their cells are long."""
    chunk: list[Row] = []
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
    about: Description, rows: list[list[str]]
) -> tuple[list[list[str]], list[str | None]]:
    """Rows of the header's width; a row that is not gets a problem and loses its cells."""
    width = len(about.header)
    fixed: list[list[str]] = []
    problems: list[str | None] = []
    empty = [""] * width
    for row in rows:
        problem = None
        cells = row
        if width > 1 and is_footer(row):
            problem = FOOTER
        elif len(row) < width and about.pads_short_rows:
            cells = [*row, *empty[len(row) :]]
        elif len(row) != width:
            problem = f"the row has {len(row)} cell{'s'[: len(row) != 1]}, the header has {width}"
        if problem is None and any("\x00" in cell for cell in row):
            problem = "a cell holds a zero byte, which is not text"
        # Cells may have slipped under other columns, so none of them is read.
        fixed.append(cells if problem is None else empty)
        problems.append(problem)
    return fixed, problems


def _whole(cells: list[str]) -> str:
    line = io.StringIO(newline="")
    # A line break inside a cell is quoted only by a writer that ends lines with one.
    csv.writer(line, lineterminator=_END).writerow(cells)
    # A zero byte would end the text for some programs; its picture does not.
    return line.getvalue().removesuffix(_END).replace("\x00", "\u2400")
