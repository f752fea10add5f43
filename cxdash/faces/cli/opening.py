"""Open the database a command speaks of. A command that only reads never creates one."""

from argparse import Namespace
from pathlib import Path

from cxdash.errors import StoreError
from cxdash.store import Database, default_path

__all__ = ["open_database", "open_existing", "path_of"]


def open_database(options: Namespace) -> Database:
    """The database of ``--db``, made if it does not exist."""
    return Database(path_of(options))


def open_existing(options: Namespace) -> Database:
    """The database of ``--db``; StoreError if there is none yet."""
    path = path_of(options)
    if not path.exists():
        raise StoreError(
            f"There is no database at {path}.",
            state="Nothing was done.",
            do_next="Load files with `import`, or make the demo company with `demo --load`.",
        )
    return Database(path)


def path_of(options: Namespace) -> Path:
    """Where the database of ``--db`` lies, or would lie."""
    return options.db or default_path()
