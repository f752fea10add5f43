"""Excel workbooks: one sheet in, records of text cells out. Values, never formulas."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from cxdash.errors import FileRefused
from cxdash.intake.reading.budget import Budget
from cxdash.intake.reading.gate import Scan
from cxdash.intake.reading.limits import LIMITS

__all__ = ["records", "sheets"]

_PADDED: Final = re.compile(r"0{2,}")
_CHUNK: Final = 1 << 20
_ROW: Final = b"row"  # stands where a row begins, and where it ends
_EXACT: Final = 10**15
# What the reader raises when the archive, its XML or the workbook's own references are broken.
_DAMAGE: Final = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # an XML parser's ParseError is one
    EOFError,
    OSError,
    ValueError,
    LookupError,
    AttributeError,
    TypeError,
    NotImplementedError,
    RuntimeError,
)


def sheets(path: Path, scan: Scan) -> tuple[str, ...]:
    """Names of the sheets that hold more than one row, in the workbook's order."""
    with _refusing_damage(scan):
        _refuse_endless_rows(path, scan)
    with _opened(path, scan) as book:
        return tuple(
            sheet.title
            for sheet in book.worksheets
            if sum(1 for _, _row in zip(range(2), _rows(sheet, scan), strict=False)) > 1
        )


def records(path: Path, scan: Scan, sheet: str) -> Iterator[tuple[int, list[str]]]:
    """Every row with a filled cell, with its row number in the sheet."""
    with _opened(path, scan) as book:
        if sheet not in book.sheetnames:
            raise FileRefused(
                f"{scan.name} has no sheet {sheet!r}.",
                file=scan.name,
                do_next=f"Its sheets: {', '.join(book.sheetnames)}.",
            )
        yield from _rows(book[sheet], scan)


def _rows(sheet: Any, scan: Scan) -> Iterator[tuple[int, list[str]]]:
    # A workbook may claim a size it does not have; count the cells that are there.
    sheet.reset_dimensions()
    budget = Budget(scan)
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if len(row) > LIMITS.columns:
            raise FileRefused(
                f"Row {number} of sheet {sheet.title!r} in {scan.name} has {len(row):,} cells; "
                f"at most {LIMITS.columns:,} columns are read.",
                file=scan.name,
                line=number,
                do_next="Export only the columns that matter.",
            )
        if number > LIMITS.sheet_rows:
            raise FileRefused(
                f"Sheet {sheet.title!r} of {scan.name} has more than {LIMITS.sheet_rows:,} rows, "
                "which Excel itself does not allow.",
                file=scan.name,
                line=number,
                do_next="Export the table as CSV and choose that file.",
            )
        cells = [_text(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if cells:
            budget.spend(number, cells)
            yield number, cells


def _refuse_endless_rows(path: Path, scan: Scan) -> None:
    """Raise FileRefused if a row is longer than a row of text may be: it is built up whole."""
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            if not entry.filename.startswith("xl/worksheets/"):
                continue
            open_row = 0
            with archive.open(entry) as sheet:
                while chunk := sheet.read(_CHUNK):
                    first = chunk.find(_ROW)
                    open_row += len(chunk) if first < 0 else first
                    if open_row > LIMITS.line:
                        raise FileRefused(
                            f"{scan.name} has a row of more than {LIMITS.line / 1e6:.0f} MB; "
                            "this is not a table.",
                            file=scan.name,
                            do_next="Export only the columns that matter.",
                        )
                    if first >= 0:
                        open_row = len(chunk) - chunk.rfind(_ROW)


@contextmanager
def _opened(path: Path, scan: Scan) -> Iterator[Any]:
    # Opened here, because by its path a workbook is refused under any other ending.
    with _refusing_damage(scan), path.open("rb") as file:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            yield book
        finally:
            book.close()


@contextmanager
def _refusing_damage(scan: Scan) -> Iterator[None]:
    """Whatever is broken in a workbook, at its opening or deep in a sheet, is refused."""
    try:
        yield
    except _DAMAGE as error:
        raise FileRefused(
            f"{scan.name} is a damaged workbook.",
            file=scan.name,
            do_next="Open it in Excel, save it again as .xlsx, or export it as CSV.",
        ) from error


def _text(cell: Any) -> str:
    """The cell as a person would type it: dates as ISO, whole numbers without a decimal point."""
    value = cell.value
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format or ""))
    if isinstance(value, datetime):
        midnight = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
        return value.date().isoformat() if midnight else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value)


def _number(value: float, number_format: str) -> str:
    if value == value // 1 and abs(value) < _EXACT:
        whole = str(int(value))
        # A number shown with leading zeros, such as a customer number, keeps them.
        return whole.zfill(len(number_format)) if _PADDED.fullmatch(number_format) else whole
    # Fifteen digits are what Excel itself holds and shows.
    return format(value, ".15g")
