"""A database in memory for looking at data that is not loaded; gone when the block ends."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import duckdb

__all__ = ["scratch"]


@contextmanager
def scratch(*, memory_limit: str = "700MB") -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty database beside the store, which spills to a folder of its own when it must."""
    with tempfile.TemporaryDirectory(prefix="cxdash-") as folder, duckdb.connect() as connection:
        connection.execute("SET memory_limit = ?", [memory_limit])
        connection.execute("SET temp_directory = ?", [folder])
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET python_enable_replacements = false")
        connection.execute("SET autoinstall_known_extensions = false")
        yield connection
