"""An Answer's table as a file for a spreadsheet, without a single live formula."""

from collections.abc import Sequence

from cxdash.facts import Cell, Row
from cxdash.intake.loading.receipt import to_csv

__all__ = ["csv_of"]


def csv_of(rows: Sequence[Row]) -> str:
    """All rows and columns as CSV under the contract's names; what cannot be told stays empty.

    Text that a spreadsheet would take for a formula gets an apostrophe; figures stay figures, with
    every digit, negative ones included.
    """
    names = list(dict.fromkeys(name for row in rows for name in row))
    return to_csv(names, [[_cell(row.get(name)) for name in names] for row in rows])


def _cell(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return cell
