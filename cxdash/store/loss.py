"""Committed work that a database no longer holds: what is known of it against what it holds."""

from dataclasses import dataclass

from cxdash.store.state import Held, State

__all__ = ["Loss", "is_still_missing", "missing"]


@dataclass(frozen=True, slots=True)
class Loss:
    """Committed work the database no longer holds.

    Parameters
    ----------
    imports
        Imports that are gone.
    undoings
        Imports that had been undone and count again.
    changes
        Other commits that are gone: settings, decisions, erasures.
    other_store
        Whether the ledger belongs to another database than this one.
    altered
        Whether lines of the ledger itself were changed or taken out.
    """

    imports: tuple[Held, ...] = ()
    undoings: tuple[Held, ...] = ()
    changes: int = 0
    other_store: bool = False
    altered: bool = False

    def __bool__(self) -> bool:
        return bool(self.imports or self.undoings or self.changes or self.altered)


def missing(known: State, pending: Loss, now: State) -> Loss:
    """What is known and the database lacks now, beside what was missing before."""
    here = {held.key: held for held in now.imports}
    gone = tuple(held for held in known.imports if held.key not in here and not held.undone)
    back = tuple(
        held
        for held in known.imports
        if held.undone and held.key in here and not here[held.key].undone
    )
    behind = known.data_version - now.data_version
    other = known.store != now.store
    changes = 0 if other else max(behind - len(gone) - len(back), 0)
    fresh = Loss(gone, back, changes, other)
    if not fresh:
        return fresh
    return Loss(
        pending.imports + fresh.imports,
        pending.undoings + fresh.undoings,
        pending.changes + changes,
        pending.other_store or other,
        pending.altered,
    )


def is_still_missing(pending: Loss, now: State) -> bool:
    """Whether anything of what was missing is not there again."""
    here = {held.key: held for held in now.imports}
    return (
        pending.altered
        or bool(pending.changes)
        or any(held.key not in here for held in pending.imports)
        or any(held.key in here and not here[held.key].undone for held in pending.undoings)
    )
