"""Is there room on the disk, and what is kept back for the day on which there is none.

A transaction that runs out of disk is rolled back, but it leaves the database file as big as the
disk. So room is asked for before the work begins, and a reserve file can be given up afterwards.
"""

import os
import shutil
from pathlib import Path
from typing import Final

from cxdash.errors import StoreFull
from cxdash.store.place import Place

__all__ = ["MARGIN", "free", "hold_reserve", "release_reserve", "require", "size"]

MARGIN: Final = 200 << 20  # bytes left over after any work, for the engine and everybody else
_ADVICE: Final = (
    "Free some space, then do it again. `python -m cxdash compact` makes the database smaller if "
    "much of it is unused."
)
_LEAST: Final = 8 << 20
_MOST: Final = 64 << 20


def free(folder: Path) -> int:
    """Bytes free for this user on the disk that holds ``folder``, or would hold it."""
    at = folder.absolute()
    while not at.exists():
        at = at.parent
    return shutil.disk_usage(at).free


def size(place: Place) -> int:
    """Bytes of the database and its log."""
    return sum(path.stat().st_size for path in (place.file, place.log) if path.exists())


def require(
    folder: Path, need: int, work: str, *, margin: int | None = None, do_next: str = _ADVICE
) -> None:
    """Refuse work that would fill the disk.

    Parameters
    ----------
    need
        Bytes the work may write at most.
    work
        What is to be done, as in "Importing survey.csv".
    margin
        Bytes that must be left over; ``MARGIN`` unless given.

    Raises
    ------
    StoreFull
        Nothing was begun.
    """
    left, need = free(folder), need + (MARGIN if margin is None else margin)
    if left < need:
        raise StoreFull(
            f"{work} safely takes {_mb(need)}; the disk of {folder} has {_mb(left)} left.",
            state="Nothing was changed.",
            do_next=do_next,
        )


def hold_reserve(place: Place) -> None:
    """Keep disk space back, as much as closing the database may take; less than that, none."""
    wanted = min(max(size(place) // 4, _LEAST), _MOST)
    held = place.reserve.stat().st_size if place.reserve.exists() else 0
    if held >= wanted // 2 or free(place.file.parent) < wanted + MARGIN:
        return
    with place.reserve.open("wb") as file:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(file.fileno(), 0, wanted)
        else:  # not on every system
            file.write(bytes(wanted))


def release_reserve(place: Place) -> int:
    """Give the reserve up; returns the bytes freed."""
    if not place.reserve.exists():
        return 0
    freed = place.reserve.stat().st_size
    place.reserve.unlink()
    return freed


def _mb(count: int) -> str:
    return f"{count / 1e6:,.0f} MB"
