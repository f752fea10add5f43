"""Which files does this process have open? The engine's own lock keeps only other processes out.

Whoever opens a file by its name and closes it again gives away every lock this process has on it:
a second opening would let another process write into the same file.
"""

import threading
from pathlib import Path
from typing import Final

from cxdash.errors import StoreLocked
from cxdash.store.place import Place

__all__ = ["give_up", "take"]

_TAKEN: Final[set[Path]] = set()
_LOCK: Final = threading.Lock()


def take(place: Place) -> None:
    """Be the one of this process that has the file.

    Raises
    ------
    StoreLocked
        Another has it; the file was not touched.
    """
    with _LOCK:
        if place.file in _TAKEN:
            raise StoreLocked(
                f"{place.file} is open in this process already, or work on it has not ended.",
                state="Nothing was changed.",
                do_next="Try again in a moment.",
            )
        _TAKEN.add(place.file)


def give_up(place: Place) -> None:
    """Let another have it; nothing is open any more."""
    with _LOCK:
        _TAKEN.discard(place.file)
