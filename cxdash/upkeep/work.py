"""Upkeep in the background: one piece after the other, each to be polled."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from cxdash.store import Database
from cxdash.store.background import Job, Progress

__all__ = ["start", "under_way"]

Result = TypeVar("Result")
_KEEPER: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cxdash-keeper")
_LOCK: Final = threading.Lock()
_STARTED: Final[list[Job[object]]] = []


def start(db: Database, title: str, work: Callable[[Progress], Result]) -> Job[Result]:
    """Queue the work and return at once. ``title`` may not name a customer: everybody sees it."""
    job = Job[Result](title, db.place.logs, broken_off="What was committed stands.")
    with _LOCK:
        _STARTED[:] = [*(one for one in _STARTED if one.is_alive), job]  # type: ignore[list-item]
    _KEEPER.submit(job.run, lambda: work(job.tell))
    return job


def under_way() -> list[Job[object]]:
    """Work that has not ended, in the order it was queued."""
    with _LOCK:
        return [one for one in _STARTED if one.is_alive]
