"""The fast way through a clean delimited file: by columns, and counted twice.

One pass over the bytes counts records, cells and lines without parsing a cell; a second program
(pyarrow) then cuts the cells. Where a file is odd in any way (a stray quotation mark, a blank line,
a row of another width, a zero byte, a lone carriage return), or the two do not agree, ``Odd`` says
so and the careful way is taken, which knows what to do with each oddity.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final, TypedDict

import numpy as np
import pyarrow as pa
import pyarrow.csv as pacsv
from numpy.typing import NDArray

from cxdash.intake.reading.batches import schema
from cxdash.intake.reading.limits import LIMITS

__all__ = ["Odd", "Structure", "Way", "batches", "structure"]

_CHUNK: Final = 4 << 20
_BLOCK: Final = 8 << 20
_MOST_NUMBERED: Final = 10_000_000  # records whose lines are held in memory
_QUOTE: Final = ord('"')
_NEWLINE: Final = ord("\n")
_RETURN: Final = ord("\r")
# Encodings in which the bytes of a comma, a quotation mark and a line break mean nothing else.
_ENCODINGS: Final = ("utf-8", "utf-8-sig", "cp1252", "iso-8859-15", "cp1250", "mac_roman", "cp850")

Places = NDArray[np.int64]


class Way(TypedDict):
    """How a file is written, the line its rows begin on, and how many columns it has."""

    encoding: str
    delimiter: str
    first_line: int
    width: int


class Odd(Exception):
    """The file is not one for the fast way."""


@dataclass(slots=True)
class Structure:
    """What the first pass counted below the header, and where that begins in the file.

    ``ends`` holds the lines on which records end, counted from 1 below the header, by stretch;
    ``breaks_inside`` whether any cell holds a line break, so that they are not one after the other.
    """

    start: int
    records: int = 0
    cells: int = 0
    lines: int = 0
    ends: list[Sequence[int] | Places] = field(default_factory=list)
    breaks_inside: bool = False


def structure(
    path: Path, *, encoding: str, delimiter: str, first_line: int, width: int
) -> Structure:
    """Count the file from the line its rows begin on.

    Raises
    ------
    Odd
        If it is not clean.
    """
    if encoding not in _ENCODINGS or not delimiter.isascii() or len(delimiter) != 1:
        raise Odd
    with path.open("rb") as file:
        found = Structure(_skipped(file, first_line - 1))
        open_quote = False
        waiting = 0  # bytes of a record that the chunk before began
        while chunk := _lines(file):
            open_quote, waiting = _count(chunk, found, ord(delimiter), open_quote, waiting, width)
    if open_quote or not found.records or found.cells != found.records * width:
        raise Odd
    if found.breaks_inside and found.records > _MOST_NUMBERED:
        raise Odd
    return found


def _skipped(file: BinaryIO, lines: int) -> int:
    """Offset behind so many lines."""
    head = b"".join(file.readline() for _ in range(lines))
    _refuse_lone_returns(head)
    return len(head)


def _lines(file: BinaryIO) -> bytes:
    """The next stretch of the file, whole lines."""
    chunk = file.read(_CHUNK)
    return chunk + file.readline() if chunk and not chunk.endswith(b"\n") else chunk


def _refuse_lone_returns(chunk: bytes) -> None:
    if chunk.count(b"\r") != chunk.count(b"\r\n"):
        raise Odd


def _count(
    chunk: bytes, found: Structure, delimiter: int, open_quote: bool, waiting: int, width: int
) -> tuple[bool, int]:
    """Count a stretch; whether a cell is open at its end, and bytes since the last record's."""
    _refuse_lone_returns(chunk)
    if b"\0" in chunk:
        raise Odd
    whole = chunk if chunk.endswith(b"\n") else chunk + b"\n"
    text = np.frombuffer(whole, np.uint8)
    quotes = np.flatnonzero(text == _QUOTE)
    _refuse_stray(text, quotes, delimiter, open_quote)
    newlines = np.flatnonzero(text == _NEWLINE)
    outside = _outside(newlines, quotes, open_quote)
    ends = newlines[outside]
    lengths = np.diff(ends, prepend=-1 - waiting)
    # A record has a delimiter between each two cells and a line break; a shorter one is blank.
    if lengths.size and (lengths.min() < width or lengths.max() > LIMITS.field_chars):
        raise Odd
    marks = np.flatnonzero(text == delimiter)
    found.cells += int(_outside(marks, quotes, open_quote).sum()) + ends.size
    found.records += ends.size
    if outside.all():
        found.ends.append(range(found.lines + 1, found.lines + ends.size + 1))
    else:
        found.breaks_inside = True
        found.ends.append(found.lines + np.flatnonzero(outside) + 1)
    found.lines += newlines.size
    still_open = bool((quotes.size + open_quote) % 2)
    if not chunk.endswith(b"\n") and still_open:
        raise Odd
    left = len(whole) - 1 - int(ends[-1]) if ends.size else waiting + len(whole)
    return still_open, left


def _outside(places: Places, quotes: Places, open_quote: bool) -> NDArray[np.bool_]:
    """Which places lie outside quotation marks."""
    if not quotes.size:
        return np.full(places.size, not open_quote)
    outside: NDArray[np.bool_] = (np.searchsorted(quotes, places) + open_quote) % 2 == 0
    return outside


def _refuse_stray(
    text: NDArray[np.uint8], quotes: Places, delimiter: int, open_quote: bool
) -> None:
    """Every quotation mark opens a cell, closes one, or is one of two inside a cell."""
    if not quotes.size:
        return
    opening = quotes[int(open_quote) :: 2]
    closing = quotes[int(not open_quote) :: 2]
    # The first byte of a stretch comes after a line break.
    before = np.where(opening > 0, text[opening - 1], _NEWLINE)
    after = text[closing + 1]
    if not np.isin(before, (delimiter, _NEWLINE, _QUOTE)).all():
        raise Odd
    if not np.isin(after, (delimiter, _NEWLINE, _RETURN, _QUOTE)).all():
        raise Odd


def batches(
    path: Path, found: Structure, *, encoding: str, delimiter: str, first_line: int, width: int
) -> Iterator[pa.RecordBatch]:
    """The rows, a bounded number of bytes at a time.

    Raises
    ------
    Odd
        If what is cut is not what was counted; what was given by then does not count.
    """
    names = [f"c{at}" for at in range(width)]
    lines = _numbers(found, first_line)
    read = 0
    with path.open("rb") as file:
        file.seek(found.start)
        try:
            for batch in _reader(file, names, found, encoding, delimiter):
                if read + batch.num_rows > found.records:
                    raise Odd
                numbers = pa.array(lines[read : read + batch.num_rows], pa.int64())
                nothing = pa.nulls(batch.num_rows, pa.string())
                read += batch.num_rows
                yield pa.record_batch([numbers, nothing, nothing, *batch.columns], schema(width))
        except (pa.ArrowInvalid, UnicodeDecodeError) as error:
            raise Odd from error
    if read != found.records:
        raise Odd


def _reader(
    file: BinaryIO, names: list[str], found: Structure, encoding: str, delimiter: str
) -> Iterator[pa.RecordBatch]:
    # A byte order mark stands before the header, which is behind us.
    plain = encoding.removesuffix("-sig")
    return iter(
        pacsv.open_csv(
            file,
            pacsv.ReadOptions(
                use_threads=False, block_size=_BLOCK, column_names=names, encoding=plain
            ),
            pacsv.ParseOptions(
                delimiter=delimiter,
                quote_char='"',
                double_quote=True,
                escape_char=False,
                newlines_in_values=found.breaks_inside,
                ignore_empty_lines=False,
            ),
            pacsv.ConvertOptions(
                check_utf8=True,
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[],
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        )
    )


def _numbers(found: Structure, first_line: int) -> Sequence[int] | Places:
    """The line each record begins on."""
    if not found.breaks_inside:
        return range(first_line, first_line + found.records)
    ends = np.concatenate([np.asarray(stretch, np.int64) for stretch in found.ends])
    return first_line + np.concatenate(([0], ends[:-1]))
