"""CSV and its relatives: text in, records of text cells out, each with the line it starts on."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from cxdash.errors import FileRefused
from cxdash.intake.reading.gate import Scan
from cxdash.intake.reading.limits import LIMITS

__all__ = ["DELIMITERS", "escapes_by_backslash", "find_delimiter", "records", "sep_hint"]

DELIMITERS: Final = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "vertical bar",
    ":": "colon",
    "^": "caret",
    "~": "tilde",
    "\x01": "start of heading",
    "\x1f": "unit separator",
}
_ESCAPED_QUOTE: Final = '\\"'
_ESCAPED: Final = re.compile(r'\\["\\]')
_PLAIN: Final = {'\\"': '""', "\\\\": "\\"}
_SAMPLE_CHARS: Final = 1 << 19
_SAMPLE_RECORDS: Final = 500
# The limit is process-wide in the csv module; nothing else of ours reads CSV with it.
csv.field_size_limit(LIMITS.field_chars)
_SEP: Final = re.compile(r"\ufeff?\"?sep=(.)\"?[\r\n]*", re.IGNORECASE)


def sep_hint(path: Path, encoding: str) -> str:
    """The delimiter Excel's ``sep=`` first line names, else empty."""
    with path.open(encoding=encoding, newline="") as file:
        found = _SEP.fullmatch(file.readline(20))
    return found[1] if found else ""


def find_delimiter(path: Path, scan: Scan, encoding: str) -> str:
    """The delimiter under which the file is a table, judged on its first records.

    Empty if none gives two columns or more.

    Raises
    ------
    FileRefused
        If there is nothing in the file.
    """
    with path.open(encoding=encoding, newline="") as file:
        text = file.read(_SAMPLE_CHARS)
        whole = not file.read(1)
    # Lines as the csv module sees them: other signs that Unicode calls line breaks are text.
    lines = list(io.StringIO(text, newline=""))
    if not whole and len(lines) > 1:
        lines.pop()
    if not text.strip():
        raise FileRefused(
            f"{scan.name} holds nothing but blank lines.",
            file=scan.name,
            do_next="Export it again; the download may have failed.",
        )
    best = max(((_fit(lines, mark), mark) for mark in DELIMITERS), key=lambda fit: fit[0])
    return best[1] if best[0][0] else ""


def _fit(lines: list[str], delimiter: str) -> tuple[int, bool, float, int]:
    """How well it fits: usable, first record has the usual width, share that have, width."""
    reader = csv.reader(iter(lines), delimiter=delimiter)
    try:
        widths = [len(row) for row in islice(reader, _SAMPLE_RECORDS) if row]
    except csv.Error:
        # A field that never ends under this delimiter; another may do.
        return (0, False, 0.0, 0)
    if not widths:
        return (0, False, 0.0, 0)
    width, count = max(Counter(widths).items(), key=lambda item: (item[1], item[0]))
    if width < 2 and max(widths) > 1 and len(widths) < 4:
        width, count = max(widths), widths.count(max(widths))
    share = count / len(widths)
    return (1 if width > 1 else 0, widths[0] == width, round(share, 2), width)


def escapes_by_backslash(path: Path, encoding: str, delimiter: str) -> bool:
    r"""Whether quotation marks inside cells are written ``\"`` all through the file.

    They are if the file cannot be read otherwise, and can be read so.
    """
    if not _holds(path, encoding, _ESCAPED_QUOTE):
        return False
    if _reads(path, encoding, delimiter, escaped=False):
        return False
    return _reads(path, encoding, delimiter, escaped=True)


def _holds(path: Path, encoding: str, text: str) -> bool:
    before = ""
    with path.open(encoding=encoding, newline="") as file:
        while chunk := file.read(_SAMPLE_CHARS):
            if text in before + chunk:
                return True
            before = chunk[-len(text) :]
    return False


def _reads(path: Path, encoding: str, delimiter: str, *, escaped: bool) -> bool:
    with path.open(encoding=encoding, newline="") as file:
        try:
            for _ in csv.reader(_lines(file, escaped=escaped), delimiter=delimiter, strict=True):
                pass
        except csv.Error:
            return False
    return True


def _lines(file: Iterable[str], *, escaped: bool) -> Iterable[str]:
    """The lines of a file, with doubled quotation marks instead of escaped ones."""
    if not escaped:
        return file
    return (_ESCAPED.sub(lambda found: _PLAIN[found[0]], line) for line in file)


def records(
    path: Path, scan: Scan, encoding: str, delimiter: str, *, escaped: bool = False
) -> Iterator[tuple[int, list[str]]]:
    r"""Every record that is not a blank line, with the line it starts on (from 1).

    Parameters
    ----------
    escaped
        Whether a quotation mark inside a cell is written ``\"``.

    Raises
    ------
    FileRefused
        On an unclosed quote, a stray quote, or a limit; with the line.
    """
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(_lines(file, escaped=escaped), delimiter=delimiter, strict=True)
        start, blank = 1, 0
        try:
            for row in reader:
                if row and (len(row) > 1 or row[0].strip()):
                    yield start, row
                else:
                    blank += 1
                    if blank > LIMITS.blank_lines:
                        raise FileRefused(
                            f"{scan.name} consists mostly of blank lines.",
                            file=scan.name,
                            line=start,
                            do_next="Export it again; the download may have failed.",
                        )
                start = reader.line_num + 1
        except csv.Error as error:
            raise _refused(scan, start, str(error)) from error


def _refused(scan: Scan, line: int, error: str) -> FileRefused:
    if "unexpected end" in error:
        what = f"A quotation mark opened in the row on line {line} of {scan.name} is never closed"
    elif "field larger" in error:
        what = (
            f"The row on line {line} of {scan.name} has a cell of more than "
            f"{LIMITS.field_chars:,} characters; a quotation mark may be left open"
        )
    else:
        what = f"The row on line {line} of {scan.name} has a quotation mark inside a quoted cell"
    return FileRefused(
        f"{what}, so rows would vanish.",
        file=scan.name,
        line=line,
        do_next="Mend that row, or export again with quotation marks doubled inside cells.",
    )
