"""Parquet files: typed columns in, text columns out."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cxdash.errors import FileRefused
from cxdash.intake.gate import LIMITS, Scan

__all__ = ["names", "records"]


def names(path: Path, scan: Scan) -> tuple[str, ...]:
    """Column names, in the file's order."""
    with _open(path, scan) as file:
        found = tuple(file.schema_arrow.names)
    if len(found) > LIMITS.columns:
        raise FileRefused(
            f"{scan.name} has {len(found):,} columns; at most {LIMITS.columns:,} are read.",
            file=scan.name,
        )
    return found


def records(path: Path, scan: Scan) -> Iterator[tuple[int, list[str]]]:
    """Every row as text cells, numbered from 1."""
    number = 0
    with _open(path, scan) as file:
        try:
            for batch in file.iter_batches(batch_size=20_000):
                columns = [
                    _text(column, name, scan)
                    for name, column in zip(batch.schema.names, batch.columns, strict=True)
                ]
                for row in zip(*columns, strict=True):
                    number += 1
                    yield number, list(row)
        except (pa.ArrowInvalid, OSError) as error:
            raise _damaged(scan) from error


def _open(path: Path, scan: Scan) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise _damaged(scan) from error


def _text(column: pa.Array, name: str, scan: Scan) -> list[str]:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.dictionary_decode()
        kind = column.type
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise FileRefused(
            f"Column {name!r} of {scan.name} holds {kind}, which is not a single value.",
            file=scan.name,
            column=name,
            do_next="Leave that column out of the export, or write it as text.",
        )
    if pa.types.is_floating(kind):
        return ["" if value is None else _number(value) for value in column.to_pylist()]
    text = pc.fill_null(pc.cast(column, pa.string()), "")
    return [str(value) for value in text.to_pylist()]


def _number(value: float) -> str:
    return str(int(value)) if value == value // 1 and abs(value) < 10**15 else repr(value)


def _damaged(scan: Scan) -> FileRefused:
    return FileRefused(
        f"{scan.name} is a damaged Parquet file.", file=scan.name, do_next="Export it again."
    )
