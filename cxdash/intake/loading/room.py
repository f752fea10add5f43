"""Does the disk hold an import before it begins? One that runs out of disk leaves the file swollen.

Counted are the rows as text, which reading puts aside (a packed file unfolds there), what of them
does not fit in memory while they are compared, and what the database has grown by so far for each
byte it was given.
"""

from pathlib import Path
from typing import Final

from cxdash.store import Database, space

__all__ = ["require_room"]

_READ: Final = 1.5  # bytes put aside for a byte of a text file: the rows as text, with line numbers
_UNFOLDED: Final = 8  # the same for a file that is packed: workbooks, Parquet
_PACKED: Final = (b"PK\x03\x04", b"PAR1")
_SPILLED: Final = 1.0  # a copy that may have to go to disk while rows are compared
_GROWTH: Final = (1.0, 4.0)  # bytes of database for a byte of file: at least, and at most believed


def require_room(db: Database, path: Path, name: str) -> None:
    """Refuse an import the disk may not hold.

    Raises
    ------
    StoreFull
        Nothing was begun. The message says how much is needed, how much is left, and what to do.
    """
    if not path.is_file():
        return  # whoever opens it says so
    size = path.stat().st_size
    with path.open("rb") as file:
        unfolded = _UNFOLDED if file.read(4) in _PACKED else _READ
    need = size * (unfolded + _SPILLED * unfolded + _growth(db) * max(1.0, unfolded / _READ))
    space.require(db.place.file.parent, int(need), f"Importing {name}")


def _growth(db: Database) -> float:
    """Bytes by which the database grew for each byte it was given, as far as it was."""
    given = db.rows("SELECT coalesce(sum(bytes), 0) AS n FROM imports WHERE undone_at IS NULL")
    least, most = _GROWTH
    if not given[0]["n"]:
        return 2 * least
    return min(max(space.size(db.place) / int(given[0]["n"]), least), most)
