"""A file opened as one table of text, with its rows at hand."""

import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from mmap import mmap
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

import pyarrow as pa

from cxdash.errors import FileRefused
from cxdash.intake.mapping import FileSpec
from cxdash.intake.reading.description import Description, Doubt
from cxdash.intake.reading.gate import clean_name, digest_of
from cxdash.intake.reading.reader import READER, let_go, mapped_rows
from cxdash.intake.reading.work import read_job

__all__ = ["Doubt", "Table", "open_table"]

Progress = Callable[[float, str], None]


@dataclass(frozen=True, eq=False)
class _Reading:
    """The rows of a file; kept for whoever opens it again while somebody still uses them."""

    about: Description
    rows: pa.Table
    mapped: mmap


_Key = tuple[str, str, FileSpec]
_LOCK: Final = threading.Lock()
_KEPT: Final[WeakValueDictionary[_Key, _Reading]] = WeakValueDictionary()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Description):
    """A file whose header is known and whose rows were read, as text.

    The columns of the rows are ``line_no``, ``problem``, ``whole``, ``c0``, ``c1``, ...; a row that
    cannot be lined up with the header has a problem and no cells.
    """

    path: Path
    reading: _Reading = field(repr=False, compare=False)

    @property
    def total(self) -> int:
        """Rows below the header, blank ones left out."""
        return int(self.reading.rows.num_rows)

    @property
    def staged(self) -> pa.Table:
        """The rows as Arrow columns."""
        return self.reading.rows

    def let_go(self) -> None:
        """Give back the memory of the rows until they are looked at again."""
        let_go(self.reading.mapped)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line number and cells of every row below the header."""
        for batch in self.reading.rows.to_batches():
            lines, _, _, *columns = (column.to_pylist() for column in batch.columns)
            for line, *cells in zip(lines, *columns, strict=True):
                yield line, cells


def open_table(
    path: Path,
    *,
    file_name: str | None = None,
    spec: FileSpec | None = None,
    progress: Progress | None = None,
) -> Table:
    """Have a file read as a table by the process apart.

    Parameters
    ----------
    progress
        Called with 0 and a sentence while rows are read.

    Raises
    ------
    FileRefused
        If it cannot be read safely, or is not a table with a header and at least one row.
    """
    name = clean_name(file_name or path.name)
    wanted = spec or FileSpec()
    try:
        reading = _read_before(path, name, wanted) or _read(path, name, wanted, progress)
    except OSError as error:
        raise FileRefused(f"{name} cannot be opened: {error.strerror}.", file=name) from error
    about = reading.about
    parts = {part: getattr(about, part) for part in Description.__dataclass_fields__}
    scan = replace(about.scan, name=name)
    return Table(**{**parts, "scan": scan}, path=path, reading=reading)


def _read(path: Path, name: str, wanted: FileSpec, progress: Progress | None) -> _Reading:
    def tell(rows: int) -> None:
        if progress is not None:
            progress(0.0, f"{rows:,} rows read")

    # The file lies in no folder, so nothing is left of it whatever happens to this process.
    with tempfile.TemporaryFile(prefix="cxdash-") as out:
        outcome = READER.do(read_job(path.resolve(), name, wanted), out, tell)
        about = Description(**Description.parts(outcome.answer["table"]))
        reading = _Reading(about, *mapped_rows(out))
    with _LOCK:
        for spec in (wanted, about.file if not about.doubts else wanted):
            _KEPT[_key(about.scan.sha256, name, spec)] = reading
    return reading


def _read_before(path: Path, name: str, wanted: FileSpec) -> _Reading | None:
    """What is still at hand of the same bytes, read in the same way."""
    with _LOCK:
        if not any(spec == wanted for _, _, spec in _KEPT):
            return None
    content = digest_of(path)
    with _LOCK:
        return _KEPT.get(_key(content, name, wanted))


def _key(digest: str, name: str, spec: FileSpec) -> _Key:
    """What makes a reading the same; the ending counts, because a false one is refused."""
    return digest, name.rsplit(".", 1)[-1].lower(), spec
