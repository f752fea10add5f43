"""The engine's connection: opened, limited and locked; and what the engine says, in our words.

The engine is told which folder it may write to, then that it may touch nothing else, then that no
statement can change any of this. Whatever text reaches a statement, it can read no other file.
"""

import os
import re
import shlex
from pathlib import Path
from typing import Any, Final

import duckdb

from cxdash.errors import StoreDamaged, StoreError, StoreForeign, StoreFull, StoreLocked, StoreNewer
from cxdash.store import copies, space
from cxdash.store.place import Place

__all__ = [
    "altered",
    "connect",
    "damaged",
    "look",
    "refuse_unless_engine_file",
    "remove",
    "settle",
    "told",
]

_MOST_THREADS: Final = 4
_MOST_SPILLED: Final = 20 << 30
_FULL: Final = re.compile(
    "No space left on device|File too large|Disk quota exceeded|max_temp_directory_size"
)
_DAMAGED: Final = re.compile(
    "[Cc]orrupt|checksum|Could not read enough bytes|replaying WAL|[Ss]erializ"
)
_INVALID: Final = "has been invalidated"


def connect(place: Place, memory_limit: str) -> duckdb.DuckDBPyConnection:
    """A connection for the life of the process, locked.

    Raises
    ------
    StoreError
        One of its kinds; the file is as it was.
    """
    connection = _opened(place, read_only=False)
    try:
        for name, value in _settings(place, memory_limit).items():
            connection.execute(f"SET {name} = ?", [value])
    except duckdb.Error as error:
        connection.close()
        raise StoreError(
            f"{place.file}: the database engine refused its settings ({type(error).__name__}).",
            state="Nothing was changed.",
            do_next="Prepare the environment again with `make run`.",
        ) from error
    return connection


def look(place: Place) -> duckdb.DuckDBPyConnection:
    """A connection that cannot change a byte of the file, to see what it is before it is opened."""
    return _opened(place, read_only=True)


def told(error: duckdb.Error, place: Place) -> StoreError | None:
    """What the engine stumbled over while it was read or written; None for any other error."""
    text = str(error)
    if _FULL.search(text):
        space.release_reserve(place)
        return StoreFull(
            f"The disk of {place.file} is full.",
            state="What was being written is not kept; everything before it is.",
            do_next="Free some space and do it again. `python -m cxdash compact` gives back what "
            "the database no longer uses.",
        )
    if _DAMAGED.search(text):
        return damaged(place)
    if _INVALID in text or isinstance(error, duckdb.FatalException):
        return StoreError(
            f"The database engine had to stop working on {place.file}.",
            state="What was being written is not kept; everything before it is.",
            do_next="Do it again: the file is opened anew. `python -m cxdash doctor` checks it.",
        )
    return None


def altered(place: Place) -> StoreDamaged:
    """The file opens, but is not the one that was closed."""
    back = copies.way_back(place)
    return StoreDamaged(
        f"{place.file} is not as cxdash left it: it is damaged, or another program changed it.",
        state="The file was not changed, and no number is shown from it.",
        do_next=f"{back.sentence} If you changed the file yourself, go on with it as it is by the "
        "second command.",
        commands=(
            back.command,
            f"python -m cxdash doctor --accept --db {shlex.quote(str(place.file))}",
        ),
    )


def damaged(place: Place) -> StoreDamaged:
    back = copies.way_back(place)
    return StoreDamaged(
        f"{place.file} is damaged: parts of it cannot be read any more.",
        state="The file was not changed, and no number is shown from it.",
        do_next=back.sentence,
        commands=(back.command,),
    )


def _settings(place: Place, memory_limit: str) -> dict[str, Any]:
    """In this order: the last two shut the door behind the others."""
    spilled = min(_MOST_SPILLED, max(space.free(place.file.parent) // 2, 100 << 20))
    return {
        "memory_limit": memory_limit,
        "threads": min(os.cpu_count() or 1, _MOST_THREADS),
        "TimeZone": "UTC",
        "python_enable_replacements": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "temp_directory": str(place.spill),
        "max_temp_directory_size": f"{spilled >> 20}MB",
        "allowed_directories": [f"{place.work}/"],
        "enable_external_access": False,
        "lock_configuration": True,
    }


def _opened(place: Place, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(place.file), read_only=read_only)
    except duckdb.Error as error:
        raise _refusal(str(error), place) from error


def _refusal(text: str, place: Place) -> StoreError:
    path = place.file
    if "Could not set lock" in text:
        owner = re.search(r"PID (\d+)", text)
        by = f" (process {owner[1]})" if owner else ""
        return StoreLocked(
            f"{path} is in use by another cxdash{by}.",
            state="Nothing was changed.",
            do_next="Use that one, or stop it first; for a second panel choose another --db.",
        )
    if "version number" in text:
        return StoreNewer(
            f"{path} was written by a newer database engine than this one.",
            state="The file was not changed.",
            do_next="Open it with the newer cxdash that wrote it.",
        )
    if "Permission denied" in text or "Read-only" in text:
        return StoreError(
            f"{path} may not be written by this user.",
            state="Nothing was changed.",
            do_next="Ask for the right to write it, or choose another file with --db.",
        )
    if _FULL.search(text):
        return StoreFull(
            f"The disk of {path} is full, so the database cannot be opened.",
            state="The file was not changed.",
            do_next="Free some space and start again.",
        )
    return damaged(place)


def refuse_unless_engine_file(place: Place) -> None:
    """StoreForeign for a file that no version of the engine can have written."""
    with place.file.open("rb") as file:
        head = file.read(16)
    if head[8:12] != b"DUCK":
        back = copies.way_back(place)
        raise StoreForeign(
            f"{place.file} is not a database file.",
            state="The file was not changed.",
            do_next="Choose another file with --db, or let cxdash create a new one. If the "
            f"database was here: {back.sentence}",
            commands=(back.command,),
        )


def settle(path: Path) -> None:
    """Wait until a file, or the entries of a folder, have reached the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove(path: Path) -> None:
    """A database file and its log."""
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)
