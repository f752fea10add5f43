"""The list of every copy of the database that was made: backups, and files set aside.

It lies beside the database, so that it outlives a restore, and is what erasing a customer and the
limits of keeping go by: a copy nobody knows of cannot be cleaned.
"""

import json
import os
import shlex
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal

from cxdash.errors import StoreError
from cxdash.store.place import Place

__all__ = [
    "Copy",
    "Kind",
    "WayBack",
    "add",
    "cleaned",
    "listed",
    "now",
    "replace_list",
    "stamp",
    "way_back",
]

Kind = Literal["backup", "before a new schema", "set aside"]
_PRIVATE: Final = 0o600


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy.

    Parameters
    ----------
    made_at
        In UTC, as ISO 8601.
    rows
        Rows in all tables; None where nobody counted.
    erasures
        How many customers had been erased when it was made; who was erased later is still in it.
    """

    path: str
    kind: Kind
    made_at: str
    bytes: int
    rows: int | None
    data_version: int | None
    erasures: int

    @property
    def file(self) -> Path:
        return Path(self.path)

    @property
    def days(self) -> float:
        """Its age in days."""
        return (datetime.now(UTC) - datetime.fromisoformat(self.made_at)).total_seconds() / 86_400


def listed(place: Place) -> tuple[Copy, ...]:
    """Every copy that is still where it was put, the oldest first.

    Raises
    ------
    StoreError
        The list cannot be read.
    """
    if not place.copies.exists():
        return ()
    try:
        rows = json.loads(place.copies.read_text(encoding="utf-8"))
        known = [Copy(**row) for row in rows]
    except (ValueError, TypeError, OSError) as error:
        raise StoreError(
            f"The list of backups {place.copies} cannot be read.",
            state="The database and the backups were not changed.",
            do_next="Move that file away; backups made from then on are listed again.",
        ) from error
    return tuple(
        sorted((copy for copy in known if copy.file.exists()), key=lambda copy: copy.made_at)
    )


def add(place: Place, copy: Copy) -> None:
    """Put a copy on the list, in place of one at the same path."""
    replace_list(place, [*(old for old in listed(place) if old.path != copy.path), copy])


def replace_list(place: Place, copies: Iterable[Copy]) -> None:
    text = json.dumps([asdict(copy) for copy in copies], indent=1)
    fresh = place.copies.with_name(f"{place.copies.name}.new")
    with open(fresh, "w", encoding="utf-8", opener=_private) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(place.copies)


def cleaned(copy: Copy, erasures: int) -> Copy:
    """The copy after the customers erased up to now have been taken out of it."""
    return replace(copy, erasures=erasures, bytes=copy.file.stat().st_size)


def now() -> str:
    """Now, in UTC, as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def stamp() -> str:
    """Now, as it stands in the name of a file."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H%M%SZ")


@dataclass(frozen=True, slots=True)
class WayBack:
    """What a person can do whose database cannot be used: a sentence, and the command to type."""

    sentence: str
    command: str


def way_back(place: Place) -> WayBack:
    """Restore the newest backup, or start anew where none is known."""
    try:
        backups = [copy for copy in listed(place) if copy.kind == "backup"]
    except StoreError:
        backups = []
    if not backups:
        return WayBack(
            "No backup of it is known. If you have one, stop cxdash and restore it; if not, move "
            "the file away and load your exports again.",
            _restoring("FILE", place),
        )
    newest = backups[-1]
    day = newest.made_at[:16].replace("T", " ")
    return WayBack(
        f"Stop cxdash and restore the newest backup, of {day} UTC.", _restoring(newest.path, place)
    )


def _restoring(backup: str, place: Place) -> str:
    return f"python -m cxdash restore {shlex.quote(backup)} --db {shlex.quote(str(place.file))}"


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, _PRIVATE)
