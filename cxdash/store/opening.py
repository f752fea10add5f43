"""From a path to a connection: what lies there is made, migrated or refused; or swapped."""

import os
import shutil
from pathlib import Path

import duckdb

from cxdash.errors import StoreError
from cxdash.store import engine, schema
from cxdash.store.place import Place
from cxdash.store.seal import Seal

__all__ = ["opened", "swap"]


def opened(place: Place, memory_limit: str, seal: Seal) -> duckdb.DuckDBPyConnection:
    """The connection to a file of the newest schema.

    Raises
    ------
    StoreLocked, StoreForeign, StoreDamaged, StoreNewer, StoreFull
        The file is left as it was.
    """
    existed = _prepare(place)
    current = schema.found(place) if existed else 0
    if existed:
        seal.check()
    if 0 < current < schema.newest():
        schema.copy_before(place, current)
    connection = engine.connect(place, memory_limit)
    try:
        if not existed:
            place.file.chmod(0o600)
        if current < schema.newest():
            schema.migrate(connection, current)
    except BaseException as error:
        connection.close()
        if not existed:
            engine.remove(place.file)
        told = engine.told(error, place) if isinstance(error, duckdb.Error) else None
        if told is None:
            raise
        raise told from error
    if place.work.exists():
        shutil.rmtree(place.work)  # left by a sudden end; the lock is ours now
    return connection


def swap(place: Place, fresh: Path, memory_limit: str) -> None:
    """Put ``fresh`` in the place of the closed database file, if it can be opened.

    Raises
    ------
    StoreError
        The file in place is the old one.
    """
    if place.log.exists():
        raise StoreError(
            f"{place.file} could not be closed: its log is not written back.",
            state="The file was not changed.",
            do_next="Free some space and try again.",
        )
    old = place.work / "old.duckdb"
    os.link(place.file, old)
    fresh.replace(place.file)
    engine.settle(place.file.parent)
    try:
        engine.connect(place, memory_limit).close()
    except BaseException:
        old.replace(place.file)
        raise
    old.unlink()


def _prepare(place: Place) -> bool:
    """Whether a database is there already; makes room for a new one if not."""
    path = place.file
    if path.is_dir():
        raise StoreError(
            f"{path} is a folder, not a database file.",
            state="Nothing was changed.",
            do_next="Name a file with --db, for example company.duckdb in that folder.",
        )
    try:
        if path.exists() and path.stat().st_size > 0:
            engine.refuse_unless_engine_file(place)
            return True
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)  # an empty file, which the engine would refuse
    except OSError as error:
        raise StoreError(
            f"{path} cannot be made or read: {error.strerror}.",
            state="Nothing was changed.",
            do_next="Choose another place with --db, or ask for the right to use this one.",
        ) from error
    return False
