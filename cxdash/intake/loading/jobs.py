"""Imports in the background: one writer thread a process, job objects to poll.

A page that goes away, or a click that ends its script, does not touch an import under way. Asking
again for an import that has not ended gives the same job, whoever asks and from whichever copy of
the file: a file that four people upload at once is one import.
"""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Final

from cxdash.errors import DataError
from cxdash.intake.loading.load import load
from cxdash.intake.loading.receipt import Receipt
from cxdash.intake.loading.taking_back import undo
from cxdash.intake.mapping import Mapping
from cxdash.intake.reading.gate import digest_of
from cxdash.store import Database
from cxdash.store.background import Job

__all__ = ["WAITING", "ImportJob", "start_import", "start_undo", "under_way"]

WAITING: Final = 20  # imports one person may have under way
_WRITER: Final = ThreadPoolExecutor(max_workers=1, thread_name_prefix="cxdash-writer")
_JOBS: Final[list["ImportJob"]] = []
_LOCK: Final = threading.Lock()


class ImportJob(Job[Receipt]):
    """One import or undo in the background. When it has failed nothing was loaded.

    Attributes
    ----------
    content, owner
        What tells equal work apart from other work, and whose it is.
    left_over
        Files to remove once it is done.
    """

    def __init__(self, title: str, logs: Path, *, content: str = "", owner: str = "") -> None:
        super().__init__(title, logs, message="Waiting for the import before it")
        self.content = content
        self.owner = owner
        self.left_over: list[Path] = []

    @property
    def receipt(self) -> Receipt | None:
        """The receipt once it is done."""
        return self.result


def start_import(
    db: Database,
    path: Path | str,
    mapping: Mapping,
    *,
    file_name: str | None = None,
    is_demo: bool = False,
    today: date | None = None,
    remove_after: bool = False,
    owner: str = "",
    digest: str = "",
) -> ImportJob:
    """Queue an import and return at once; one of the same content that has not ended is returned.

    Parameters
    ----------
    remove_after
        Delete the file once it is loaded, for uploads kept aside; a file that could not be loaded
        stays, so that it can be tried again.
    owner
        Whose import it is; nobody may have more than :data:`WAITING` under way.
    digest
        The SHA-256 of the file's bytes, where it was just taken; else it is taken here.

    Raises
    ------
    DataError
        The owner has too many imports under way already. Nothing was queued.
    """
    path = Path(path)
    content = f"{db.path.resolve()}|{digest or _digest(path)}|{is_demo}|{mapping.to_toml()}"
    job = ImportJob(
        f"The import of {file_name or path.name}", _logs(db), content=content, owner=owner
    )

    def work() -> Receipt:
        receipt = load(
            db,
            path,
            mapping,
            file_name=file_name,
            is_demo=is_demo,
            progress=job.tell,
            today=today,
        )
        with _LOCK:
            # From here on the same content is another import; until here its file was added.
            job.content = ""
        for left in job.left_over:
            left.unlink(missing_ok=True)
        return receipt

    return _queue(job, work, path if remove_after else None)


def _digest(path: Path) -> str:
    """The hash of a file's bytes; of one that is not there, its place."""
    try:
        return digest_of(path)
    except OSError:
        return str(path)


def start_undo(db: Database, *import_ids: int) -> ImportJob:
    """Queue the undoing of imports, all or none, and return at once."""
    job = ImportJob(f"Undoing import {', '.join(map(str, import_ids))}", _logs(db))
    return _queue(job, lambda: undo(db, *import_ids))


def under_way() -> list[ImportJob]:
    """Jobs that have not ended, in the order they were queued."""
    with _LOCK:
        _JOBS[:] = [job for job in _JOBS if job.is_alive]
        return list(_JOBS)


def _logs(db: Database) -> Path:
    return db.path.parent / "logs"


def _queue(job: ImportJob, work: Callable[[], Receipt], left_over: Path | None = None) -> ImportJob:
    """Queue the work, unless the same is under way: then the job that does it."""
    with _LOCK:
        active = [one for one in _JOBS if one.is_alive]
        same = next((one for one in active if job.content and one.content == job.content), None)
        target = same or job
        if left_over is not None and left_over not in target.left_over:
            target.left_over.append(left_over)
        if same is not None:
            return same
        if job.owner and sum(one.owner == job.owner for one in active) >= WAITING:
            raise DataError(
                f"{WAITING} imports of yours are under way, and no more may wait.",
                state="This file was not queued; those that wait are not touched.",
                do_next="Load it once some of them are done.",
            )
        _JOBS[:] = [*active, job]
    _WRITER.submit(job.run, work)
    return job
