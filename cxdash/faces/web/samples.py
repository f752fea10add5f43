"""A waiting file as it would be loaded: cells as written and as understood, rejections, sums."""

from collections.abc import Sequence
from typing import Final

from cxdash.faces.web import tables
from cxdash.faces.web.escape import plain
from cxdash.facts.format import count, counted, day, listed
from cxdash.intake import Preview
from cxdash.intake.sample import Line, Seen

__all__ = ["cells_in_words", "sample", "taken"]

_CELL: Final = 32  # characters


def sample(view: Preview, token: str) -> None:
    """What each column becomes, those to be decided first; then what would be rejected and why."""
    tables.text_table(
        ["What it is", "Column", "As written → as understood", "Read as"],
        [
            [line.title[:1].upper() + line.title[1:], *_row(line, view.rows)]
            for line in sorted(view.lines, key=_place)
        ],
        key=f"sample-{token}",
    )
    if view.reasons:
        tables.text_table(
            ["Why rows would be rejected", "Rows", "First on line"],
            [[one.reason, count(one.rows), count(one.line)] for one in view.reasons],
            right=[False, True, True],
            key=f"reasons-{token}",
        )


def cells_in_words(cells: Sequence[Seen]) -> str:
    """The cells on one line; what reads as it is written stands once.

    >>> cells_in_words([Seen(2, "03/04/2026", "3 April 2026"), Seen(3, "007", "007")])
    '03/04/2026 → 3 April 2026;  007'
    """
    return ";  ".join(_cell(cell) for cell in cells)


def _row(line: Line, rows: int) -> list[str]:
    if not line.column:
        return ["the same in every row", line.form, ""]
    empty = rows - line.filled
    form = line.form[:1].upper() + line.form[1:]
    if empty > 0:
        form = f"{form}; " if form else ""
        form += f"empty in {counted(empty, 'row', 'rows')}"
    return [plain(line.column, 60), cells_in_words(line.cells), form]


def _cell(cell: Seen) -> str:
    written = plain(cell.written, _CELL)
    if cell.refused:
        return f"{written} → rejected"
    understood = plain(cell.understood, _CELL)
    return written if understood in {written, ""} else f"{written} → {understood}"


def _place(line: Line) -> int:
    """What nobody has decided comes first, what is the same in every row last."""
    return 2 if not line.column else int(not line.is_open)


def taken(view: Preview) -> str:
    """Rows that would be taken, their days and their sums."""
    whole = counted(view.rows, "row", "rows")
    said = (
        f"{count(view.rows - view.refused)} of {whole} would be loaded and {count(view.refused)} "
        "rejected"
        if view.refused
        else f"All {whole} would be loaded"
        if view.rows > 1
        else "Its row would be loaded"
    )
    if view.file_rows != view.rows:
        said = f"{counted(view.file_rows, 'line makes', 'lines make')} {whole}. {said}"
    if view.first_day and view.last_day:
        said += f"; days from {day(view.first_day)} to {day(view.last_day)}"
    if view.sums:
        amounts = [
            f"{one.currency or 'currency to be decided'} {one.amount:,.2f}" for one in view.sums
        ]
        said += f"; money: {listed(amounts)}"
    return f"{said}."
