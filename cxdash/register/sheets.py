"""Entries as a table that a spreadsheet opens, and the rows of such a table again.

A row knows its id, its version and when that version was made.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from cxdash.errors import FileRefused
from cxdash.register.fields import Spec, Value
from cxdash.register.kinds import KINDS
from cxdash.register.reading import current, every_version
from cxdash.register.records import Kept, Record, specs
from cxdash.register.texts import to_text
from cxdash.store import Reader
from cxdash.store.spreadsheet import restored, to_csv

__all__ = ["ABOUT", "PAST", "Line", "lines", "sheet"]

#: Columns about a row; the fields of its kind follow.
ABOUT: Final = ("id", "version", "changed_at", "changed_by")
#: More of them where the whole history is written.
PAST: Final = ("changed_how", "digest")
_FIGURES: Final = ("number", "amount", "whole")
_MOST_BYTES: Final = 20_000_000
_MOST_ROWS: Final = 10_000
_TYPED: Final = "Entries are typed by people; this is another kind of file."


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it was written: its file, the line it begins at, its cells by column name."""

    file: str
    line: int
    kind: type[Record]
    cells: Mapping[str, str]

    @property
    def entry(self) -> str:
        return self.cells.get("id", "")


def sheet(view: Reader, kind: type[Record], *, history: bool = False) -> str:
    """The entries of a kind as CSV; with ``history`` every version, removals too."""
    known = specs(kind)
    about = (*ABOUT, *PAST) if history else ABOUT
    found: Sequence[Kept[Record]] = every_version(view, kind) if history else current(view, kind)
    rows = [
        [
            *_about(kept, history=history),
            *(_cell(spec, getattr(kept.record, name)) for name, spec in known.items()),
        ]
        for kept in found
    ]
    return to_csv([*about, *known], rows)


def _about(kept: Kept[Record], *, history: bool) -> list[object]:
    told: list[object] = [kept.id, kept.version, kept.at.isoformat(), kept.by]
    return [*told, kept.what, kept.digest] if history else told


def _cell(spec: Spec, value: Value) -> object:
    """A cell; a figure stays one, so that a negative one is not taken for a formula."""
    text = to_text(spec, value)
    if spec.kind in _FIGURES and text and str(Decimal(text)) == text:
        return Decimal(text)
    return text


def lines(file: str, content: bytes) -> list[Line]:
    """The rows of a file, empty ones left out.

    Raises
    ------
    FileRefused
        It is no table of entries.
    """
    reader = csv.reader(
        io.StringIO(_text(file, content), newline=""), delimiter=_delimiter(content)
    )
    try:
        header = [restored(name.strip()) for name in next(reader, [])]
        _check(file, header)
        rows = [*islice(_rows(file, header, reader), _MOST_ROWS + 1)]
    except csv.Error:
        raise FileRefused(
            f"{file} is no CSV.", file=file, do_next="Export the entries again and change those."
        ) from None
    if len(rows) > _MOST_ROWS:
        raise FileRefused(f"{file} has more than {_MOST_ROWS:,} rows.", file=file, do_next=_TYPED)
    kind = _kind_of(file, header, {cells.get("id", "").rpartition("-")[0] for _, cells in rows})
    return [Line(file, at, kind, cells) for at, cells in rows]


def _check(file: str, header: Sequence[str]) -> None:
    """FileRefused where a column stands twice, or the table holds the past."""
    past = bool(set(PAST) & set(header))
    if past or len(set(header)) != len(header):
        raise FileRefused(
            f"{file} holds {'the past' if past else 'a column that stands twice'}.",
            file=file,
            do_next="Export the entries without their history, change those, and bring them in.",
        )


def _rows(file: str, header: Sequence[str], reader: Any) -> Iterator[tuple[int, dict[str, str]]]:
    """Where each row begins that is not empty, and its cells."""
    at = reader.line_num + 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            if len(cells) != len(header):
                raise FileRefused(
                    f"{file}, line {at}: {len(cells)} cells where the header has {len(header)}.",
                    file=file,
                    line=at,
                    do_next="Mend the row, or export the table anew.",
                )
            yield at, {name: restored(cell) for name, cell in zip(header, cells, strict=True)}
        at = reader.line_num + 1


def _text(file: str, content: bytes) -> str:
    if len(content) > _MOST_BYTES:
        raise FileRefused(
            f"{file} is larger than {_MOST_BYTES // 1_000_000} MB.",
            file=file,
            do_next=_TYPED,
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused(
            f"{file} is not written in UTF-8.",
            file=file,
            do_next="Save it as CSV UTF-8.",
        ) from None


def _delimiter(content: bytes) -> str:
    """Some spreadsheets write semicolons or tabs between the cells."""
    first = content.split(b"\n", 1)[0].decode("utf-8", errors="replace")
    return max(",;\t", key=first.count)


def _kind_of(file: str, header: Sequence[str], prefixes: set[str]) -> type[Record]:
    """The kind whose table this is: by the file's name, all its columns, or the ids in it."""
    fields = set(header) - set(ABOUT)
    fitting = [kind for kind in KINDS.values() if fields and fields <= set(specs(kind))]
    named = KINDS.get(file.rpartition("/")[2].partition(".")[0])
    if named in fitting:
        return named
    whole = [kind for kind in fitting if fields == set(specs(kind))]
    by_id = [kind for kind in fitting if kind.KIND in prefixes]
    for found in (whole, by_id, fitting):
        if len(found) == 1:
            return found[0]
    unknown = sorted(fields - set(specs(named))) if named else []
    told = f" A {named.NAMED} has no {', '.join(unknown)}." if named and unknown else ""
    raise FileRefused(
        f"{file} has the columns of no kind of entry, or of several.{told}",
        file=file,
        do_next="Export one to see the columns, and keep its name, such as goal.csv.",
    )
