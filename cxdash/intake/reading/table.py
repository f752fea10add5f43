"""A file opened as one table of text: where its header is, its column names, its rows.

Says what must be asked (encoding, header row, sheet) instead of choosing silently.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final, Literal

from cxdash.errors import FileRefused
from cxdash.intake.mapping import FileSpec
from cxdash.intake.reading import columnar, delimited, workbook
from cxdash.intake.reading.gate import ENCODINGS, LIMITS, Scan, scan

__all__ = ["Doubt", "Table", "open_table"]

_LOOKED_AT: Final = 200
_PREAMBLE: Final = 40
_DATA: Final = re.compile(r"[-+]?\d+([.,]\d+)*%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*")
_RESPONDENT: Final = re.compile(r"respondent ?id", re.IGNORECASE)
_ANSWER_LABELS: Final = frozenset({"response", "open-ended response", ""})


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something about the file itself a person must decide: ``subject`` is a part of FileSpec."""

    subject: Literal["encoding", "header_row", "sheet"]
    text: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A file whose header is known.

    ``header`` holds the column names, ``labels`` the question texts below them (empty if none),
    ``last_header_line`` the line after which rows begin. ``doubts`` are still open; until they are
    settled the reading is provisional.
    """

    path: Path
    scan: Scan
    file: FileSpec
    header: tuple[str, ...]
    labels: tuple[str, ...]
    last_header_line: int
    sheets: tuple[str, ...]
    doubts: tuple[Doubt, ...]
    tool: str = ""

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line number and cells of every row below the header."""
        for line, cells in _records(self.path, self.scan, self.file):
            if line > self.last_header_line:
                yield line, cells

    @property
    def pads_short_rows(self) -> bool:
        """Whether a short row only lacks empty cells at its end, as in workbooks."""
        return self.scan.form == "xlsx"


def open_table(path: Path, *, file_name: str | None = None, spec: FileSpec | None = None) -> Table:
    """Open a file as a table.

    Raises
    ------
    FileRefused
        If it cannot be read safely, or is not a table with a header and at least one row.
    """
    wanted = spec or FileSpec()
    scanned = scan(path, file_name=file_name, encoding=wanted.encoding)
    doubts: list[Doubt] = []
    sheets: tuple[str, ...] = ()
    if scanned.form == "text":
        wanted = _settle_text(path, scanned, wanted, doubts)
    elif scanned.form == "xlsx":
        sheets, wanted = _settle_sheet(path, scanned, wanted, doubts)
    if scanned.form == "parquet":
        return _open_parquet(path, scanned)
    return _with_header(path, scanned, wanted, sheets, doubts)


def _records(path: Path, scanned: Scan, file: FileSpec) -> Iterator[tuple[int, list[str]]]:
    if scanned.form == "xlsx":
        return workbook.records(path, scanned, file.sheet)
    if scanned.form == "parquet":
        return columnar.records(path, scanned)
    return delimited.records(path, scanned, file.encoding, file.delimiter)


def _settle_text(path: Path, scanned: Scan, wanted: FileSpec, doubts: list[Doubt]) -> FileSpec:
    encoding = scanned.encoding
    if not encoding:
        encoding = "cp1252" if _decodes(path, "cp1252") else "iso-8859-15"
        doubts.append(_encoding_doubt(path, scanned))
    hint = delimited.sep_hint(path, encoding)
    delimiter = wanted.delimiter or hint or delimited.find_delimiter(path, scanned, encoding)
    return replace(wanted, encoding=encoding, delimiter=delimiter)


def _encoding_doubt(path: Path, scanned: Scan) -> Doubt:
    with path.open("rb") as file:
        file.seek(max(0, scanned.bad_byte - 40))
        around = file.read(80).splitlines()
    piece = max(around, key=lambda part: sum(byte > 127 for byte in part))
    options = tuple(
        (name, f"{title}: {piece.decode(name, errors='replace').strip()}")
        for name, title in ENCODINGS.items()
        if name != "utf-8" and _decodes(path, name)
    )
    return Doubt(
        "encoding",
        f"{scanned.name} does not say how its letters are written. Which reading looks right?",
        options,
    )


def _decodes(path: Path, encoding: str) -> bool:
    with path.open(encoding=encoding, newline="") as file:
        try:
            while file.read(1 << 20):
                pass
        except UnicodeDecodeError:
            return False
    return True


def _settle_sheet(
    path: Path, scanned: Scan, wanted: FileSpec, doubts: list[Doubt]
) -> tuple[tuple[str, ...], FileSpec]:
    found = workbook.sheets(path, scanned)
    if not found:
        raise FileRefused(
            f"{scanned.name} holds no sheet with rows.",
            file=scanned.name,
            do_next="Export it again.",
        )
    if wanted.sheet:
        return found, wanted
    if len(found) > 1:
        doubts.append(
            Doubt(
                "sheet",
                f"{scanned.name} holds {len(found)} sheets with rows. Which one is to be loaded?",
                tuple((name, name) for name in found),
            )
        )
    return found, replace(wanted, sheet=found[0])


def _open_parquet(path: Path, scanned: Scan) -> Table:
    header = columnar.names(path, scanned)
    table = Table(path, scanned, FileSpec(), header, (), 0, (), ())
    _refuse_bad_header(scanned, list(header), 0)
    if next(table.rows(), None) is None:
        raise _no_rows(scanned)
    return table


def _with_header(
    path: Path, scanned: Scan, wanted: FileSpec, sheets: tuple[str, ...], doubts: list[Doubt]
) -> Table:
    first = list(islice(_records(path, scanned, wanted), _LOOKED_AT))
    if first and first[0][1][0].lower().startswith("sep=") and not any(first[0][1][1:]):
        first.pop(0)
    if not first:
        raise FileRefused(
            f"{scanned.name} holds nothing but blank lines.",
            file=scanned.name,
            do_next="Export it again; the download may have failed.",
        )
    at = _header_at(first, wanted, scanned)
    if at and not wanted.header_row:
        doubts.append(_header_doubt(scanned, first, at))
    tool, count = _tool([cells for _, cells in first[at : at + 3]])
    count = wanted.header_rows or count
    block = [cells for _, cells in first[at : at + count]]
    header, labels = _names(tool, block)
    line = first[at][0]
    _refuse_bad_header(scanned, header, line)
    if not tool:
        _refuse_data_as_header(scanned, header, line)
    if len(first) <= at + count:
        raise _no_rows(scanned)
    return Table(
        path,
        scanned,
        replace(wanted, header_row=line, header_rows=count),
        tuple(header),
        tuple(labels),
        first[at + count - 1][0],
        sheets,
        tuple(doubts),
        tool,
    )


def _header_at(first: list[tuple[int, list[str]]], wanted: FileSpec, scanned: Scan) -> int:
    """Index of the header among the first records."""
    if wanted.header_row:
        for index, (line, _) in enumerate(first):
            if line == wanted.header_row:
                return index
        raise FileRefused(
            f"{scanned.name} has no row on line {wanted.header_row}, where the header should be.",
            file=scanned.name,
            line=wanted.header_row,
            do_next="Correct header_row in the mapping, or leave it out.",
        )
    widths = [len(cells) for _, cells in first]
    usual = max(Counter(widths).items(), key=lambda item: (item[1], item[0]))[0]
    if scanned.form == "xlsx":
        # Rows of a workbook lose their empty ends, so the header is the first row that is wide.
        usual = max(2, int(max(widths) * 0.6))
        return next((at for at, width in enumerate(widths[:_PREAMBLE]) if width >= usual), 0)
    # Lines above a header are a title or two; a first row of several cells is the header itself.
    if widths[0] > 2 or usual < 2 or widths[0] == usual:
        return 0
    return next((at for at, width in enumerate(widths[:_PREAMBLE]) if width == usual), 0)


def _header_doubt(scanned: Scan, first: list[tuple[int, list[str]]], at: int) -> Doubt:
    def shown(index: int) -> tuple[str, str]:
        line, cells = first[index]
        return str(line), f"Line {line}: {', '.join(cells)[:120]}"

    return Doubt(
        "header_row",
        f"{scanned.name} begins with {at} line{'s' if at > 1 else ''} that look like a title. "
        "Which line holds the column names?",
        (shown(at), *(shown(index) for index in range(min(at, 5)))),
    )


def _tool(block: list[list[str]]) -> tuple[str, int]:
    """The survey tool a block of header rows comes from, and how many rows its header takes."""
    if len(block) > 2 and _has_import_ids(block[2]):
        return "qualtrics", 3
    if len(block) > 1 and "responseid" in {cell.strip().lower() for cell in block[1]}:
        return "qualtrics", 2
    if (
        len(block) > 1
        and block[0]
        and _RESPONDENT.fullmatch(block[0][0].strip())
        and not block[1][0].strip()
    ):
        return "surveymonkey", 2
    return "", 1


def _has_import_ids(cells: list[str]) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    try:
        return bool(filled) and all("ImportId" in json.loads(cell) for cell in filled)
    except (json.JSONDecodeError, TypeError):
        return False


def _names(tool: str, block: list[list[str]]) -> tuple[list[str], list[str]]:
    """Column names and question texts of a header block."""
    top = [cell.strip() for cell in block[0]]
    if tool == "surveymonkey":
        return _numbered(_joined(top, block[1])), []
    labels = [" ".join(cell.split()) for cell in block[1]] if len(block) > 1 else []
    if tool == "qualtrics" and len(block) == 2:
        # Its first row only counts the columns (V1, V2, ...); the second names them.
        named = [
            below if re.fullmatch(r"V\d+", name) else name
            for name, below in zip(top, labels, strict=False)
        ]
        return _numbered(named), labels
    return _numbered(top) if tool else _blanks_named(top), labels


def _joined(top: list[str], below: list[str]) -> list[str]:
    """SurveyMonkey: a question spans its answer columns; its text stands over the first only."""
    names, question = [], ""
    for name, answer in zip(top, [*below, *[""] * (len(top) - len(below))], strict=False):
        question = name or question
        part = answer.strip()
        names.append(question if part.lower() in _ANSWER_LABELS else f"{question} - {part}")
    return names


def _blanks_named(names: list[str]) -> list[str]:
    return [name or f"(column {number})" for number, name in enumerate(names, start=1)]


def _numbered(names: list[str]) -> list[str]:
    """Unique names; survey tools repeat question texts."""
    seen: Counter[str] = Counter()
    unique = []
    for name in _blanks_named(names):
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique


def _refuse_bad_header(scanned: Scan, header: list[str], line: int) -> None:
    if len(header) > LIMITS.columns:
        raise FileRefused(
            f"{scanned.name} has {len(header):,} columns; at most {LIMITS.columns:,} are read.",
            file=scanned.name,
            line=line,
            do_next="Export only the columns that matter.",
        )
    if len(header) < 2:
        raise FileRefused(
            f"{scanned.name} has only one column, so it cannot say who, when and what.",
            file=scanned.name,
            line=line,
            do_next="Check that the export holds all columns.",
        )
    twice = [name for name, count in Counter(header).items() if count > 1]
    if twice:
        at = [str(i) for i, name in enumerate(header, start=1) if name == twice[0]]
        raise FileRefused(
            f"The header of {scanned.name} names {twice[0]!r} more than once "
            f"(columns {' and '.join(at)}), so it is unclear which one counts.",
            file=scanned.name,
            line=line,
            column=twice[0],
            do_next="Rename or remove one of them and import the file again.",
        )


def _refuse_data_as_header(scanned: Scan, header: list[str], line: int) -> None:
    data = [cell for cell in header if _DATA.fullmatch(cell)]
    if len(data) > 1 and len(data) >= len(header) * 0.2:
        raise FileRefused(
            f"{scanned.name} seems to have no header: its first row holds data "
            f"({', '.join(repr(cell) for cell in data[:3])}).",
            file=scanned.name,
            line=line,
            do_next="Add a first row with the names of the columns and import the file again.",
        )


def _no_rows(scanned: Scan) -> FileRefused:
    return FileRefused(
        f"{scanned.name} has a header but no rows.",
        file=scanned.name,
        do_next="Check the filter of the export. What was loaded before is unchanged.",
    )
