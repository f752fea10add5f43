"""Rows on their way into SQL: a temporary table of text columns ``c0, c1, ...``.

Rows that cannot be lined up with the header have a ``problem`` and no cells; ``whole`` then is the
row as one line of CSV, for the person who has to mend it. Where only some columns of the file are
taken, ``whole`` is left out: the line may hold what nobody chose to store.
"""

from collections.abc import Callable, Sequence
from typing import Final

import duckdb

from cxdash.intake.reading.table import Table

__all__ = ["STAGED", "Progress", "column", "stage"]

STAGED: Final = "staged"
Progress = Callable[[float, str], None]


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
    every = range(len(table.header))
    wanted = every if names is None else sorted({0, *(table.header.index(name) for name in names)})
    columns = ", ".join(f"c{at}" for at in wanted)
    whole = "whole" if len(wanted) == len(every) else "NULL::VARCHAR AS whole"
    cur.register("came", table.staged)
    cur.execute(
        f"CREATE OR REPLACE TEMP TABLE {STAGED} AS "
        f"SELECT line_no, problem, {whole}, {columns} FROM came"
    )
    cur.unregister("came")
    table.let_go()
    if progress is not None:
        progress(0.0, f"{table.total:,} rows read")
    return table.total
