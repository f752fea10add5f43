"""Where a table's header is among the first records of a file, and what its columns are called."""

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from cxdash.errors import FileRefused
from cxdash.intake.mapping import FileSpec
from cxdash.intake.reading.description import Doubt
from cxdash.intake.reading.gate import Scan
from cxdash.intake.reading.limits import LIMITS

__all__ = ["Header", "find_header", "refuse_bad_names"]

Record = tuple[int, list[str]]
_PREAMBLE: Final = 40
_WORDS_OF_A_QUESTION: Final = 5
_DATA: Final = re.compile(r"[-+]?\d+([.,]\d+)*%?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*")
_MONTH: Final = re.compile(r"\d{4}[-/.]\d{1,2}([-/.]0?1)?|0?1[-/.]\d{1,2}[-/.]\d{4}")
_RESPONDENT: Final = re.compile(r"respondent ?id", re.IGNORECASE)
_ANSWER_LABELS: Final = frozenset({"response", "open-ended response", ""})


@dataclass(frozen=True, slots=True)
class Header:
    """The header found; ``file`` is the given spec with what was found out about it.

    ``last_line`` is the line on which the last row of the header begins, ``first_row`` the one on
    which the first row below it does.
    """

    file: FileSpec
    names: tuple[str, ...]
    labels: tuple[str, ...]
    last_line: int
    first_row: int
    tool: str
    doubts: tuple[Doubt, ...]


def find_header(first: Sequence[Record], wanted: FileSpec, scanned: Scan) -> Header:
    """The header among the first records of a file (at least one).

    Raises
    ------
    FileRefused
        If there is no header a table could have, or no row below it.
    """
    _refuse_too_many(scanned, max(len(cells) for _, cells in first), first[0][0])
    if not any(any(map(str.strip, cells)) for _, cells in first):
        raise FileRefused(
            f"{scanned.name} begins with {len(first):,} rows of empty cells.",
            file=scanned.name,
            line=first[0][0],
            do_next="Check the export; its first row should hold the names of the columns.",
        )
    if wanted.header == "none":
        return _headless(first, wanted, ())
    at = _place(first, wanted, scanned)
    doubts: list[Doubt] = []
    if at and not wanted.header_row:
        doubts.append(_place_doubt(scanned, first, at))
    tool, count = _tool([cells for _, cells in first[at : at + 3]])
    count = wanted.header_rows or count
    block = [cells for _, cells in first[at : at + count]]
    names, labels = _names(tool, block)
    line = first[at][0]
    if not tool and not wanted.header and _is_data(names):
        return _headless(first, wanted, (_headless_doubt(scanned, first, names),))
    refuse_bad_names(scanned, names, line)
    if len(first) <= at + count:
        raise FileRefused(
            f"{scanned.name} has a header but no rows.",
            file=scanned.name,
            do_next="Check the filter of the export. What was loaded before is unchanged.",
        )
    return Header(
        replace(wanted, header_row=line, header_rows=count),
        tuple(names),
        tuple(labels),
        first[at + count - 1][0],
        first[at + count][0],
        tool,
        tuple(doubts),
    )


def _headless(first: Sequence[Record], wanted: FileSpec, doubts: tuple[Doubt, ...]) -> Header:
    usual = _usual([len(cells) for _, cells in first])
    names = tuple(f"column {number}" for number in range(1, usual + 1))
    file = replace(wanted, header="none", header_row=0, header_rows=0)
    return Header(file, names, (), first[0][0] - 1, first[0][0], "", doubts)


def _headless_doubt(scanned: Scan, first: Sequence[Record], names: list[str]) -> Doubt:
    shown = ", ".join(names)[:120]
    return Doubt(
        "no_header",
        f"The first row of {scanned.name} looks like data ({shown}). Does the file have a row with "
        "the names of its columns?",
        (
            ("none", f"No: its columns are called column 1 to column {len(first[0][1])}"),
            ("first", f"Yes, the first row holds the names: {shown}"),
        ),
    )


def _is_data(names: list[str]) -> bool:
    data = [cell for cell in names if _DATA.fullmatch(cell)]
    if len(set(data)) > 2 and all(map(_MONTH.fullmatch, data)):
        # A file with a column a month is named by its months.
        return False
    return len(data) > 1 and len(data) >= len(names) * 0.2


def _usual(widths: list[int]) -> int:
    return max(Counter(widths).items(), key=lambda item: (item[1], item[0]))[0]


def _place(first: Sequence[Record], wanted: FileSpec, scanned: Scan) -> int:
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
    usual = _usual(widths)
    if scanned.form == "xlsx":
        # Rows of a workbook lose their empty ends, so the header is the first row that is wide.
        usual = max(2, int(max(widths) * 0.6))
        return next((at for at, width in enumerate(widths[:_PREAMBLE]) if width >= usual), 0)
    # Lines above a header are a title or two; a first row of several cells is the header itself.
    if widths[0] > 2 or usual < 2 or widths[0] == usual:
        return 0
    return next((at for at, width in enumerate(widths[:_PREAMBLE]) if width == usual), 0)


def _place_doubt(scanned: Scan, first: Sequence[Record], at: int) -> Doubt:
    def shown(index: int) -> tuple[str, str]:
        line, cells = first[index]
        return str(line), f"Line {line}: {', '.join(cells)[:120]}"

    return Doubt(
        "header_row",
        f"{scanned.name} begins with {at} {'lines that look' if at > 1 else 'line that looks'} "
        "like a title. Which line holds the column names?",
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
    except (json.JSONDecodeError, TypeError, RecursionError):
        return False


def _names(tool: str, block: list[list[str]]) -> tuple[list[str], list[str]]:
    """Column names and question texts of a header block."""
    top = [cell.strip() for cell in block[0]]
    if tool == "surveymonkey":
        below = [*(cell.strip() for cell in block[1]), *[""] * (len(top) - len(block[1]))]
        return _numbered(_joined(top, below)), below[: len(top)]
    labels = [" ".join(cell.split()) for cell in block[1]] if len(block) > 1 else []
    if tool == "qualtrics" and len(block) == 2:
        # Its first row only counts the columns (V1, V2, ...); the second names them.
        named = [
            below if re.fullmatch(r"V\d+", name) else name
            for name, below in zip(top, labels, strict=False)
        ]
        return _numbered(named), labels
    return _numbered(top) if tool else _questions_numbered(_blanks_named(top)), labels


def _questions_numbered(names: list[str]) -> list[str]:
    """The names; questions that stand twice are numbered: unlike short names they are no keys."""
    if any(len(name.split()) < _WORDS_OF_A_QUESTION for name in _twice(names)):
        return names
    return _numbered(names)


def _twice(names: Sequence[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _joined(top: list[str], below: list[str]) -> list[str]:
    """SurveyMonkey: a question spans its answer columns; its text stands over the first only."""
    names, question = [], ""
    for name, part in zip(top, below, strict=False):
        question = name or question
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


def refuse_bad_names(scanned: Scan, names: Sequence[str], line: int) -> None:
    """Raise FileRefused if there are too many or too few columns, or a name stands twice."""
    _refuse_too_many(scanned, len(names), line)
    if len(names) < 2:
        raise FileRefused(
            f"{scanned.name} has only one column, so it cannot say who, when and what.",
            file=scanned.name,
            line=line,
            do_next="Check that the export holds all columns.",
        )
    if twice := _twice(names):
        at = [str(i) for i, name in enumerate(names, start=1) if name == twice[0]]
        raise FileRefused(
            f"The header of {scanned.name} names {twice[0]!r} more than once "
            f"(columns {' and '.join(at)}), so it is unclear which one counts.",
            file=scanned.name,
            line=line,
            column=twice[0],
            do_next="Rename or remove one of them and import the file again.",
        )


def _refuse_too_many(scanned: Scan, columns: int, line: int) -> None:
    if columns > LIMITS.columns:
        raise FileRefused(
            f"{scanned.name} has {columns:,} columns; at most {LIMITS.columns:,} are read.",
            file=scanned.name,
            line=line,
            do_next="Export only the columns that matter.",
        )
