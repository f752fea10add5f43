"""Parquet files: typed columns in, text columns out, a bounded number of rows at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cxdash.errors import FileRefused
from cxdash.intake.reading.budget import Budget
from cxdash.intake.reading.gate import Scan
from cxdash.intake.reading.limits import LIMITS

__all__ = ["names", "records"]

_CELLS_A_BATCH: Final = 200_000
_FEWEST_ROWS: Final = 64
# Each value repeats the beginning of the one before it, so few bytes can stand for long texts.
_UNFOLDING: Final = "DELTA_BYTE_ARRAY"


def names(path: Path, scan: Scan) -> tuple[str, ...]:
    """Column names, in the file's order.

    Raises
    ------
    FileRefused
        If the file is damaged, says of itself that it is beyond a limit, or has a column whose
        cells are not single values.
    """
    with _opened(path, scan) as file:
        _refuse_too_much(file.metadata, scan)
        for column in file.schema_arrow:
            _refuse_unless_single(column, scan)
        return tuple(file.schema_arrow.names)


def records(path: Path, scan: Scan) -> Iterator[tuple[int, list[str]]]:
    """Every row as text cells, numbered from 1."""
    budget = Budget(scan)
    number = 0
    with _opened(path, scan) as file:
        for batch in file.iter_batches(batch_size=_batch_size(file.metadata)):
            columns = [
                _text(column, name, scan)
                for name, column in zip(batch.schema.names, batch.columns, strict=True)
            ]
            for row in zip(*columns, strict=True):
                number += 1
                cells = list(row)
                budget.spend(number, cells)
                yield number, cells


@contextmanager
def _opened(path: Path, scan: Scan) -> Iterator[pq.ParquetFile]:
    """The file; text columns stay dictionaries, so that a text is held once however often used."""
    try:
        with pq.ParquetFile(path) as file:
            texts = _text_columns(file)
        with pq.ParquetFile(path, read_dictionary=texts) as file:
            yield file
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        raise FileRefused(
            f"{scan.name} is a damaged Parquet file.", file=scan.name, do_next="Export it again."
        ) from error


def _text_columns(file: pq.ParquetFile) -> list[str]:
    unfolding = _unfolding(file.metadata)
    return [
        field.name
        for field in file.schema_arrow
        if (pa.types.is_string(field.type) or pa.types.is_large_string(field.type))
        and field.name not in unfolding
    ]


def _unfolding(metadata: pq.FileMetaData) -> set[str]:
    chunks = (
        metadata.row_group(group).column(at)
        for group in range(metadata.num_row_groups)
        for at in range(metadata.num_columns)
    )
    return {chunk.path_in_schema for chunk in chunks if _UNFOLDING in chunk.encodings}


def _batch_size(metadata: pq.FileMetaData) -> int:
    if _unfolding(metadata):
        return _FEWEST_ROWS
    return max(_FEWEST_ROWS, _CELLS_A_BATCH // max(1, int(metadata.num_columns)))


def _refuse_too_much(metadata: pq.FileMetaData, scan: Scan) -> None:
    """Judge the file by its own table of contents, before any of it is unpacked."""
    if metadata.num_columns > LIMITS.columns:
        raise FileRefused(
            f"{scan.name} has {metadata.num_columns:,} columns; at most {LIMITS.columns:,} "
            "are read.",
            file=scan.name,
            do_next="Export only the columns that matter.",
        )
    if metadata.num_rows > LIMITS.rows:
        raise FileRefused(
            f"{scan.name} has {metadata.num_rows:,} rows; at most {LIMITS.rows:,} are read.",
            file=scan.name,
            do_next="Split the export by month or year and import the parts.",
        )
    groups = [metadata.row_group(at) for at in range(metadata.num_row_groups)]
    unpacked = sum(group.total_byte_size for group in groups)
    if not LIMITS.unpacks_honestly(scan.bytes, unpacked):
        raise FileRefused(
            f"{scan.name} would unpack to {unpacked / 1e6:,.0f} MB, which no honest export does.",
            file=scan.name,
            do_next="Export fewer columns or a shorter time, or export as CSV.",
        )


def _refuse_unless_single(column: pa.Field, scan: Scan) -> None:
    kind = column.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if isinstance(kind, pa.BaseExtensionType):
        kind = kind.storage_type
    if (
        pa.types.is_nested(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_fixed_size_binary(kind)
        or pa.types.is_duration(kind)
        or pa.types.is_interval(kind)
    ):
        raise FileRefused(
            f"Column {column.name!r} of {scan.name} holds {kind}, which is not a single value.",
            file=scan.name,
            column=column.name,
            do_next="Leave that column out of the export, or write it as text or a number.",
        )


def _text(column: pa.Array, name: str, scan: Scan) -> list[str]:
    try:
        if pa.types.is_dictionary(column.type):
            return _looked_up(column)
        return _plain(column)
    except UnicodeDecodeError as error:
        raise FileRefused(
            f"Column {name!r} of {scan.name} holds bytes that are not text.",
            file=scan.name,
            column=name,
            do_next="Leave that column out of the export, or write it as UTF-8 text.",
        ) from error


def _looked_up(column: pa.DictionaryArray) -> list[str]:
    """Texts of the batch's own entries only: a dictionary can be as long as the file."""
    used = pc.drop_null(pc.unique(column.indices))
    texts = dict(zip(used.to_pylist(), _plain(column.dictionary.take(used)), strict=True))
    texts[None] = ""
    return [texts[at] for at in column.indices.to_pylist()]


def _plain(column: pa.Array) -> list[str]:
    if pa.types.is_floating(column.type):
        return ["" if value is None else _number(value) for value in column.to_pylist()]
    text = pc.fill_null(pc.cast(column, pa.string()), "")
    return [str(value) for value in text.to_pylist()]


def _number(value: float) -> str:
    return str(int(value)) if value == value // 1 and abs(value) < 10**15 else repr(value)
