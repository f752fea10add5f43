"""How often does the same line stand in the log? A flood of refusals must not wash the rest out.

Anybody who reaches the server can make it refuse, and a library say the same, as often as they
like. Of lines that say the same within an hour the first is written, then the second, the fourth,
the eighth and so on, each with how many there were: a million refusals are twenty lines, and the
last tells their number to within a factor of two.
"""

import logging
import threading
import time
import traceback
from collections import Counter
from collections.abc import Hashable
from typing import Final

from cxdash.store.journal.events import Event
from cxdash.store.journal.lines import EVENT, TIMES

__all__ = ["Thinned"]

_ANEW_SECONDS: Final = 3600  # after which counting begins anew


class Thinned(logging.Filter):
    """Lets a record pass unless its like was told often enough within the hour."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._began = time.monotonic()
        self._seen: Counter[Hashable] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is told; it then bears how many of its like there were."""
        like = _like(record)
        if like is None:
            return True
        with self._lock:
            if time.monotonic() - self._began > _ANEW_SECONDS:
                self._seen.clear()
                self._began = time.monotonic()
            self._seen[like] += 1
            times = self._seen[like]
        setattr(record, TIMES, times)
        return times & (times - 1) == 0  # a power of two


def _like(record: logging.LogRecord) -> Hashable | None:
    """What two records have in common that say the same; None for what is told every time."""
    event = getattr(record, EVENT, None)
    if isinstance(event, Event):
        return event.like()
    error = record.exc_info[1] if record.exc_info else None
    passed = traceback.extract_tb(error.__traceback__)[-1:] if error else []
    places = tuple((at.filename, at.lineno) for at in passed)
    return (record.name, record.pathname, record.lineno, type(error).__name__, places)
