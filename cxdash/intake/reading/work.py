"""What the process that reads files can be asked to do: read one, or unpack one.

A job and its answer are plain data, so that they can cross from one process to another.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyarrow as pa

from cxdash.errors import FileRefused
from cxdash.intake.mapping import FileSpec
from cxdash.intake.reading import archive, papers, straight
from cxdash.intake.reading.batches import batches, schema
from cxdash.intake.reading.description import Description
from cxdash.intake.reading.limits import LIMITS
from cxdash.intake.reading.opening import Opening, opened
from cxdash.intake.reading.straight import Odd

__all__ = ["DONE_BY", "read_job", "refusal", "told", "unpack_job", "write"]

Job = dict[str, Any]
Answer = dict[str, Any]
Tell = Callable[[int], None]
_NAMED: Final = 5  # files of an archive that holds no table


def read_job(path: Path, name: str, spec: FileSpec) -> Job:
    """The job of reading a file as a table."""
    return {
        "work": "read",
        "path": str(path),
        "name": name,
        "spec": {part: value for part, value in asdict(spec).items() if value},
        "bytes": path.stat().st_size,
    }


def unpack_job(path: Path, name: str, into: Path) -> Job:
    """The job of unpacking a file into a folder."""
    return {
        "work": "unpack",
        "path": str(path),
        "name": name,
        "into": str(into),
        "bytes": path.stat().st_size,
    }


def told(error: FileRefused) -> Answer:
    """A refusal as plain data."""
    return {
        "what": error.what,
        "file": error.file,
        "line": error.line,
        "column": error.column,
        "do_next": error.do_next,
    }


def refusal(answer: Answer) -> FileRefused:
    """The refusal that was told."""
    return FileRefused(**answer)


def write(path: Path, name: str, spec: FileSpec, sink: BinaryIO, tell: Tell) -> Answer:
    """Read a file, write its rows as an Arrow file, and describe it.

    Raises
    ------
    FileRefused
        If it cannot be read safely.
    """
    file = opened(path, file_name=name, spec=spec)
    about = file.description
    try:
        found = _straight(file)
        _write_all(about, found, sink, tell)
    except Odd:
        sink.seek(0)
        sink.truncate()
        _write_all(about, batches(about, file.rows()), sink, tell)
    sink.flush()
    return {"table": about.to_json()}


def _straight(file: Opening) -> Iterator[pa.RecordBatch]:
    """The rows of a clean delimited file; Odd if it is not one, at once or on the way."""
    about = file.description
    if about.scan.form != "text" or about.file.fixed_width or file.escaped:
        raise Odd
    how: straight.Way = {
        "encoding": about.file.encoding,
        "delimiter": about.file.delimiter,
        "first_line": file.first_row,
        "width": len(about.header),
    }
    return straight.batches(file.path, straight.structure(file.path, **how), **how)


def _write_all(
    about: Description, found: Iterable[pa.RecordBatch], sink: BinaryIO, tell: Tell
) -> None:
    rows = 0
    with pa.ipc.new_file(sink, schema(len(about.header))) as writer:
        for batch in found:
            try:
                writer.write(batch)
            except OSError as error:
                raise FileRefused(
                    f"The disk has no room for the rows of {about.scan.name} while it is read.",
                    file=about.scan.name,
                    do_next="Free some space and import the file again.",
                ) from error
            rows += batch.num_rows
            if rows > LIMITS.rows:
                raise FileRefused(
                    f"{about.scan.name} has more than {LIMITS.rows:,} rows.",
                    file=about.scan.name,
                    do_next="Split the export by month or year and import the parts.",
                )
            tell(rows)


def _read(job: Job, out: int, tell: Tell) -> Answer:
    spec: dict[str, Any] = {
        part: tuple(value) if isinstance(value, list) else value
        for part, value in job["spec"].items()
    }
    with open(out, "wb", closefd=False) as sink:
        return write(Path(job["path"]), job["name"], FileSpec(**spec), sink, tell)


def _unpack(job: Job, _out: int, _tell: Tell) -> Answer:
    """Where each file inside lies, its name, and why it is left aside if it is; a lone one never.

    Raises
    ------
    FileRefused
        If it cannot be unpacked safely, or nothing in it may be a table.
    """
    found = archive.unpack(Path(job["path"]), job["name"], Path(job["into"]))
    if len(found) == 1:
        return {"inside": [(*found[0], "")]}
    inside = [(lies, name, papers.why_aside(Path(lies), name)) for lies, name in found]
    if all(why for _, _, why in inside):
        raise FileRefused(
            f"{job['name']} holds no table: {', '.join(name for _, name in found[:_NAMED])}.",
            file=job["name"],
            do_next="Pack the exports themselves, as CSV, XLSX or Parquet.",
        )
    return {"inside": inside}


DONE_BY: Final[dict[str, Callable[[Job, int, Tell], Answer]]] = {"read": _read, "unpack": _unpack}
