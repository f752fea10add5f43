"""Open the database a command speaks of. A command that only reads never creates one."""

from argparse import Namespace
from pathlib import Path

from cxdash.errors import StoreError
from cxdash.store import Database, default_path

__all__ = ["open_database", "open_existing"]


def open_database(options: Namespace) -> Database:
    """The database of ``--db``, made if it does not exist."""
    return Database(_path(options))


def open_existing(options: Namespace) -> Database:
    """The database of ``--db``; StoreError if there is none yet."""
    path = _path(options)
    if not path.exists():
        raise StoreError(
            f"There is no database at {path}.",
            state="Nothing was done.",
            do_next="Load files with `import`, or make the demo company with `demo --load`.",
        )
    return Database(path)


def _path(options: Namespace) -> Path:
    return options.db or default_path()
