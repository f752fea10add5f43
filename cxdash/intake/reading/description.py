"""What a file opened as a table is: its header, how it is read, what must be asked about it.

A description is all that comes back from the process that read a file, beside the rows: it can be
written as JSON and read again.
"""

from collections.abc import Mapping as Dictionary
from dataclasses import asdict, dataclass
from typing import Any, Literal

from cxdash.intake.mapping import FileSpec
from cxdash.intake.reading.gate import Scan

__all__ = ["Description", "Doubt"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something about the file itself a person must decide.

    ``options`` are values with what a person sees of them; the value answers the doubt.
    """

    subject: Literal["encoding", "header_row", "sheet", "no_header", "fixed_width"]
    text: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A file whose header is known.

    ``header`` holds the column names, ``labels`` the question texts below them (empty if none),
    ``last_header_line`` the line after which rows begin, ``tool`` the survey tool it was known by.
    ``doubts`` are still open; until they are settled the reading is provisional.
    """

    scan: Scan
    file: FileSpec
    header: tuple[str, ...]
    labels: tuple[str, ...] = ()
    last_header_line: int = 0
    sheets: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    tool: str = ""

    @property
    def pads_short_rows(self) -> bool:
        """Whether a short row only lacks empty cells at its end, as in workbooks."""
        return self.scan.form == "xlsx"

    def to_json(self) -> dict[str, Any]:
        """The description as plain data."""
        return {name: _plain(getattr(self, name)) for name in _NAMES}

    @staticmethod
    def parts(json: Dictionary[str, Any]) -> dict[str, Any]:
        """The fields of a description that was written with :meth:`to_json`."""
        file = json["file"]
        return {
            **{name: _fixed(json[name]) for name in _NAMES},
            "scan": Scan(**json["scan"]),
            "file": FileSpec(**{name: _fixed(value) for name, value in file.items()}),
            "doubts": tuple(
                Doubt(doubt["subject"], doubt["text"], _fixed(doubt["options"]))
                for doubt in json["doubts"]
            ),
        }


_NAMES = (
    "scan",
    "file",
    "header",
    "labels",
    "last_header_line",
    "sheets",
    "doubts",
    "tool",
)


def _plain(value: Any) -> Any:
    if isinstance(value, Scan | FileSpec):
        return asdict(value)
    if isinstance(value, tuple):
        return [asdict(part) if isinstance(part, Doubt) else _plain(part) for part in value]
    return value


def _fixed(value: Any) -> Any:
    return tuple(_fixed(part) for part in value) if isinstance(value, list) else value
