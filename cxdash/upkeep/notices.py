"""What every page must say about the database itself; nothing when all is well."""

import threading
from typing import Final

from cxdash.errors import CxdashError
from cxdash.facts.format import counted
from cxdash.store import Database, Reader, copies, space
from cxdash.store.incident import record
from cxdash.store.loss import Loss
from cxdash.store.state import Held
from cxdash.upkeep.lasting import keep_erased
from cxdash.upkeep.retention import retain

__all__ = ["begin", "erasures", "notices", "still_holding", "told_loss"]

_NAMED: Final = 5


def notices(db: Database) -> tuple[str, ...]:
    """Sentences for people who look at numbers: above all that committed work is missing."""
    return told_loss(db.loss)


def told_loss(loss: Loss) -> tuple[str, ...]:
    """What is missing, in words; empty when nothing is."""
    if not loss:
        return ()
    said = []
    if loss.other_store:
        said.append("Another database file stands here than the one that was used before.")
    if loss.imports:
        rows = sum(held.rows for held in loss.imports)
        said.append(
            f"{counted(len(loss.imports), 'import', 'imports')} with {counted(rows, 'row', 'rows')}"
            f" that had been loaded {'is' if len(loss.imports) == 1 else 'are'} missing from the "
            f"database: {_named(loss.imports)}. Numbers on the pages lack them."
        )
    if loss.undoings:
        said.append(f"The undoing of {_named(loss.undoings)} is missing: those rows count again.")
    if loss.changes:
        said.append(
            f"{counted(loss.changes, 'later change', 'later changes')} of settings or decisions "
            f"{'is' if loss.changes == 1 else 'are'} missing from the database."
        )
    if loss.altered:
        said.append("The ledger beside the database was changed by hand, so it proves nothing.")
    said.append(
        "An older copy was put in place, or the end of the database was lost. Restore the newest "
        "backup and load the missing files again, or go on without it."
    )
    return tuple(said)


def begin(db: Database) -> threading.Thread:
    """What is due when the app starts, in a thread of its own: the reserve, erasures, the limits of
    keeping.

    Whatever goes wrong there is recorded and stops nobody.
    """
    thread = threading.Thread(target=_due, args=(db,), name="cxdash-upkeep", daemon=True)
    thread.start()
    return thread


def _due(db: Database) -> None:
    try:
        space.hold_reserve(db.place)
        keep_erased(db)
        retain(db)
    except (CxdashError, OSError) as error:
        record(error, db.place.logs)


def erasures(db: Reader) -> int:
    """How many customers were erased."""
    return int(db.rows("SELECT coalesce(max(erasure), 0) AS n FROM erased")[0]["n"])


def still_holding(db: Database) -> tuple[copies.Copy, ...]:
    """Copies of the database that hold a customer who was erased after they were made."""
    newest = erasures(db)
    return tuple(copy for copy in copies.listed(db.place) if copy.erasures < newest)


def _named(imports: tuple[Held, ...]) -> str:
    named = [
        f"import {held.import_id} ({held.kind}, {counted(held.rows, 'row', 'rows')}, "
        f"{held.at[:10]})"
        for held in imports[:_NAMED]
    ]
    more = len(imports) - _NAMED
    return ", ".join([*named, f"and {more} more"] if more > 0 else named)
