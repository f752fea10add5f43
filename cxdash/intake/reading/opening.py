"""A file opened as one table of text: how it is written, where its header is, its rows.

Says what must be asked (encoding, header row, sheet, cuts) instead of choosing silently. This is
the work of the process that reads a file apart from the others; nothing here touches the store.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

from cxdash.errors import FileRefused
from cxdash.intake.mapping import FileSpec
from cxdash.intake.reading import columnar, delimited, fixed, workbook
from cxdash.intake.reading.description import Description, Doubt
from cxdash.intake.reading.gate import ENCODINGS, Scan, scan
from cxdash.intake.reading.header import find_header, refuse_bad_names

__all__ = ["Opening", "opened"]

_LOOKED_AT: Final = 200


@dataclass(frozen=True, slots=True)
class Opening:
    """A file with what is known of it, ready to be read.

    ``first_row`` is the line of its first row, ``escaped`` whether a quotation mark inside a cell
    comes after a backslash.
    """

    path: Path
    description: Description
    first_row: int = 1
    escaped: bool = False

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line number and cells of every row below the header.

        Raises
        ------
        FileRefused
            On a row after which nothing can be trusted, or a limit; with the line.
        """
        about = self.description
        for line, cells in _records(self.path, about.scan, about.file, escaped=self.escaped):
            if line > about.last_header_line:
                yield line, cells


def opened(path: Path, *, file_name: str | None = None, spec: FileSpec | None = None) -> Opening:
    """Open a file as a table.

    Raises
    ------
    FileRefused
        If it cannot be read safely, or is not a table with a header and at least one row.
    """
    wanted = spec or FileSpec()
    scanned = scan(path, file_name=file_name, encoding=wanted.encoding)
    if scanned.form == "parquet":
        return Opening(path, _parquet(path, scanned))
    doubts: list[Doubt] = []
    sheets: tuple[str, ...] = ()
    escaped = False
    if scanned.form == "text":
        wanted = _settle_text(path, scanned, wanted, doubts)
        escaped = bool(wanted.delimiter) and delimited.escapes_by_backslash(
            path, wanted.encoding, wanted.delimiter
        )
    else:
        sheets, wanted = _settle_sheet(path, scanned, wanted, doubts)
    first = list(islice(_records(path, scanned, wanted, escaped=escaped), _LOOKED_AT))
    if first and first[0][1][0].lower().startswith("sep=") and not any(first[0][1][1:]):
        first.pop(0)
    if not first:
        raise FileRefused(
            f"{scanned.name} holds nothing but blank lines.",
            file=scanned.name,
            do_next="Export it again; the download may have failed.",
        )
    header = find_header(first, wanted, scanned)
    return Opening(
        path,
        Description(
            scan=scanned,
            file=header.file,
            header=header.names,
            labels=header.labels,
            last_header_line=header.last_line,
            sheets=sheets,
            doubts=(*doubts, *header.doubts),
            tool=header.tool,
        ),
        header.first_row,
        escaped,
    )


def _records(
    path: Path, scanned: Scan, file: FileSpec, *, escaped: bool
) -> Iterator[tuple[int, list[str]]]:
    if scanned.form == "xlsx":
        return workbook.records(path, scanned, file.sheet)
    if scanned.form == "parquet":
        return columnar.records(path, scanned)
    if file.fixed_width:
        return fixed.records(path, scanned, file.encoding, file.fixed_width)
    return delimited.records(path, scanned, file.encoding, file.delimiter, escaped=escaped)


def _settle_text(path: Path, scanned: Scan, wanted: FileSpec, doubts: list[Doubt]) -> FileSpec:
    encoding = scanned.encoding
    if not encoding:
        encoding = "cp1252" if _decodes(path, "cp1252") else "iso-8859-15"
        doubts.append(_encoding_doubt(path, scanned))
    wanted = replace(wanted, encoding=encoding)
    if wanted.delimiter or wanted.fixed_width:
        return wanted
    delimiter = delimited.sep_hint(path, encoding) or delimited.find_delimiter(
        path, scanned, encoding
    )
    # A colon between cells is rarer than one within a time of day.
    if delimiter in ("", ":"):
        cuts = fixed.find_cuts(path, encoding)
        if cuts:
            doubts.append(fixed.doubt(path, scanned, encoding, cuts))
            return replace(wanted, fixed_width=cuts[0])
    if not delimiter:
        raise FileRefused(
            f"{scanned.name} has only one column, so it cannot say who, when and what.",
            file=scanned.name,
            do_next="Check that the export holds all columns, apart by commas, semicolons or tabs.",
        )
    return replace(wanted, delimiter=delimiter)


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


def _parquet(path: Path, scanned: Scan) -> Description:
    names = columnar.names(path, scanned)
    refuse_bad_names(scanned, names, 0)
    if next(columnar.records(path, scanned), None) is None:
        raise FileRefused(
            f"{scanned.name} has a header but no rows.",
            file=scanned.name,
            do_next="Check the filter of the export. What was loaded before is unchanged.",
        )
    return Description(scan=scanned, file=FileSpec(), header=names)
