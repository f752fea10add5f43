"""In which form the file itself is read: as a person said, and as it is kept with the mapping."""

import re
from collections.abc import Mapping as Dictionary
from dataclasses import replace
from typing import Final

from cxdash.intake.mapping import FileSpec
from cxdash.intake.reading.table import Table

__all__ = ["FILE_SUBJECTS", "settled", "told"]

# Questions whose answer means that the file is read again.
FILE_SUBJECTS: Final = ("encoding", "header_row", "sheet", "fixed_width", "no_header")


def told(spec: FileSpec, answers: Dictionary[str, str]) -> FileSpec:
    """The form with what a person said about the file itself."""
    sheet = answers.get("sheet") or spec.sheet
    header_row = _line(answers.get("header_row", "")) or spec.header_row
    header_rows = spec.header_rows
    if sheet != spec.sheet and not answers.get("header_row"):
        # Another sheet has its header elsewhere.
        header_row = header_rows = 0
    places = answers.get("fixed_width", "")
    return replace(
        spec,
        encoding=answers.get("encoding") or spec.encoding,
        sheet=sheet,
        header_row=header_row,
        header_rows=header_rows,
        header=answers.get("no_header") or spec.header,
        fixed_width=_places(places) if places else spec.fixed_width,
    )


def _line(text: str) -> int:
    """The line a person gave; 0 for a text that is no number."""
    return int(text) if text.isdecimal() else 0


def _places(text: str) -> tuple[int, ...]:
    return (
        tuple(int(place) for place in text.split(",")) if re.fullmatch(r"\d+(,\d+)*", text) else ()
    )


def settled(table: Table) -> FileSpec:
    """The form that is certain; what was only tried out, because it is asked about, is not kept."""
    file = table.file
    open_subjects = {doubt.subject for doubt in table.doubts}
    return FileSpec(
        encoding="" if "encoding" in open_subjects else file.encoding,
        delimiter=file.delimiter,
        header_row=0 if "header_row" in open_subjects else file.header_row,
        header_rows=file.header_rows,
        sheet="" if "sheet" in open_subjects else file.sheet,
        header="" if "no_header" in open_subjects else file.header,
        fixed_width=() if "fixed_width" in open_subjects else file.fixed_width,
    )
