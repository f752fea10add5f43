"""The one door through which a table leaves: as CSV or as a workbook, without a live formula.

Contact details in texts are masked in both. Who may take data along is asked by the caller.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Final

import xlsxwriter
from xlsxwriter.workbook import Workbook, Worksheet

from cxdash import __version__, questions
from cxdash.faces.columns import Column, columns, heading, table_title
from cxdash.faces.days import day_of
from cxdash.facts import Answer, Cell, Grade, Row
from cxdash.facts.fact import PLAIN_UNITS
from cxdash.facts.format import count, day, spoken
from cxdash.privacy import masked
from cxdash.store.spreadsheet import to_csv

__all__ = ["XLSX", "csv_of", "file_stem", "xlsx_of"]

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_INERT: Final = {
    "constant_memory": True,  # rows are written as they come, texts inside their cells
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_LONGEST_CELL: Final = 32_767  # characters a cell of a workbook can hold
_CUT: Final = " … (cut here: a cell holds no more)"
_LONGEST_NAME: Final = 31
_WIDTHS: Final = (9, 60)
_ABOUT: Final = (22, 110)
_LOOKED_AT: Final = 200  # rows a column's width is taken from
_FORMATS: Final = {
    "share": "0.0%",
    "count": "#,##0",
    "months": "#,##0.0",
    "score": "#,##0.00",
    "points": "#,##0.0",
    "ratio": "0.00",
    "p": "0.0000",
    "text": "General",
}
_MONEY: Final = "#,##0.00"
_DAY: Final = "yyyy-mm-dd"


def csv_of(rows: Sequence[Row]) -> str:
    """All rows and columns as CSV under the contract's names; what cannot be told stays empty.

    Text that a spreadsheet would take for a formula gets an apostrophe; figures stay figures, with
    every digit, negative ones included.
    """
    names = _names(rows)
    return to_csv(names, [[_cell(row.get(name)) for name in names] for row in rows])


def xlsx_of(answer: Answer, table: str, *, now: datetime | None = None) -> bytes:
    """One table as a workbook: first what it is about, then its rows with every digit.

    ``now`` is when it was exported, the present without it.
    """
    out = BytesIO()
    book = xlsxwriter.Workbook(out, _INERT)
    book.set_properties({"title": table_title(table, dated=answer.dated), "comments": "cxdash"})
    _about(book, answer, table, now or datetime.now(UTC))
    _rows(book, answer, table)
    book.close()
    return out.getvalue()


def file_stem(answer: Answer, table: str) -> str:
    """A name for the file, without its ending; nothing in it comes from the data."""
    return f"cxdash-{answer.question}-{table.replace('_', '-')}-{answer.as_of.isoformat()}"


def _names(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _cell(cell: Cell) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return masked(cell) if isinstance(cell, str) else cell


def _about(book: Workbook, answer: Answer, table: str, now: datetime) -> None:
    sheet = book.add_worksheet("About")
    bold, wrapped = (
        book.add_format({"bold": True, "valign": "top"}),
        book.add_format({"text_wrap": True, "valign": "top"}),
    )
    sheet.set_column(0, 0, _ABOUT[0])
    sheet.set_column(1, 1, _ABOUT[1])
    for place, (name, text) in enumerate(_told_about(answer, table, now)):
        sheet.write_string(place, 0, name, bold)
        sheet.write_string(place, 1, _fitted(text), wrapped)


def _told_about(answer: Answer, table: str, now: datetime) -> Iterator[tuple[str, str]]:
    """What a reader must know who finds the workbook in a year."""
    info = questions.QUESTIONS.get(answer.question)
    scope = answer.scope
    rows = answer.tables[table]
    yield "Table", table_title(table, dated=answer.dated)
    yield "Question", info.asks if info else answer.title
    yield "Finding", answer.headline
    yield "Customers", ", ".join(f"{spoken(name)}: {value}" for name, value in scope.where) or "all"
    yield "Rating", spoken(scope.metric) if scope.metric else "the main one"
    if answer.dated:
        yield "Looked ahead", f"{scope.horizon} months"
    yield "Data up to", day(answer.as_of)
    yield "Exported", f"{now.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    yield "Made by", f"cxdash {__version__}"
    yield "Rows", count(len(rows))
    for grade in sorted(
        {str(row["grade"]) for row in rows if row.get("grade")} & set(Grade.__members__)
    ):
        yield f"Evidence {grade}", Grade[grade].value
    for caveat in answer.caveats:
        yield "Read with care", caveat


def _rows(book: Workbook, answer: Answer, table: str) -> None:
    rows = answer.tables[table]
    known = {column.name: column for column in columns(answer, table)}
    sheet = book.add_worksheet(_sheet_name(table_title(table, dated=answer.dated)))
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    sheet.freeze_panes(1, 1)
    names = _names(rows)
    units = {name: _unit(name, rows, known) for name in names}
    formats = {unit: book.add_format({"num_format": _format(unit)}) for unit in set(units.values())}
    for place, name in enumerate(names):
        sheet.set_column(place, place, _width(name, rows))
    for place, name in enumerate(names):
        sheet.write_string(0, place, _fitted(heading(name)), head)
    for line, row in enumerate(rows, start=1):
        for place, name in enumerate(names):
            _write(sheet, line, place, row.get(name), units[name], formats[units[name]])


def _write(sheet: Worksheet, line: int, place: int, cell: Cell, unit: str, style: object) -> None:
    found = _cell(cell)
    if cell is None:
        return
    if isinstance(found, str):
        moment = _as_day(found) if unit == "day" else None
        if moment is not None:
            sheet.write_datetime(line, place, moment, style)
        else:
            sheet.write_string(line, place, _fitted(found))
    else:
        sheet.write_number(line, place, found, style)


def _unit(name: str, rows: Sequence[Row], known: dict[str, Column]) -> str:
    """The unit of a column, of a range that of its value; ``day`` where every text is one."""
    texts = [cell for row in rows if isinstance(cell := row.get(name), str)]
    if texts:
        return "day" if all(_as_day(text) for text in texts) else "text"
    of_range = next((one for one in known.values() if name in (one.low, one.high)), None)
    column = known.get(name) or of_range
    return column.unit if column else "score"


def _as_day(text: str) -> datetime | None:
    """The day a text stands for; a month or a quarter is none."""
    found = day_of(text)
    is_day = isinstance(found, date) and found.isoformat() == text
    return datetime(found.year, found.month, found.day) if found and is_day else None  # noqa: DTZ001


def _format(unit: str) -> str:
    if unit == "day":
        return _DAY
    plain = _FORMATS.get(unit)
    if plain:
        return plain
    return _MONEY if unit not in PLAIN_UNITS and unit.isupper() else _FORMATS["score"]


def _width(name: str, rows: Sequence[Row]) -> int:
    texts = [heading(name)[:20], *(str(_cell(row.get(name)))[:80] for row in rows[:_LOOKED_AT])]
    least, most = _WIDTHS
    return max(least, min(most, max(map(len, texts)) + 2))


def _fitted(text: str) -> str:
    if len(text) <= _LONGEST_CELL:
        return text
    return text[: _LONGEST_CELL - len(_CUT)] + _CUT


def _sheet_name(title: str) -> str:
    bare = "".join(char for char in title if char not in "[]:*?/\\'")
    return bare[:_LONGEST_NAME].strip() or "Table"
