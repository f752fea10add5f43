"""An import in the log of the program: that it began, and how it ended; never a cell of it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cxdash.intake.loading.receipt import Receipt
from cxdash.store.journal import ImportDone, ImportFailed, ImportStarted, Private, note

__all__ = ["noted"]


@contextmanager
def noted(path: Path, name: str, kind: str) -> Iterator[Callable[[Receipt], None]]:
    """Note the import inside the block; give the receipt to what it yields."""
    file, began = Private(name), time.monotonic()
    receipts: list[Receipt] = []
    note(ImportStarted(file=file, kind=kind, bytes=path.stat().st_size if path.exists() else 0))
    try:
        yield receipts.append
    except BaseException as error:
        seconds = time.monotonic() - began
        note(ImportFailed(file=file, problem=type(error).__name__, seconds=seconds))
        raise
    for receipt in receipts:
        note(
            ImportDone(
                file=file,
                import_id=receipt.import_id,
                kind=kind,
                rows_read=receipt.rows_read,
                rows_loaded=receipt.rows_loaded,
                rows_duplicate=receipt.rows_duplicate,
                rows_rejected=receipt.rows_rejected,
                seconds=time.monotonic() - began,
            )
        )
