"""Is the database well: every file, table and promise looked at, explained, with what to do."""

import stat
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from cxdash import __version__
from cxdash.errors import CxdashError, StoreDamaged
from cxdash.facts.format import counted
from cxdash.store import Database, Place, copies, rebuild, schema, space
from cxdash.store.content import content
from cxdash.store.ledger import Ledger
from cxdash.upkeep.finding import Finding, bad, fine, hint
from cxdash.upkeep.invariants import invariants
from cxdash.upkeep.notices import still_holding, told_loss

__all__ = ["Diagnosis", "accept", "doctor", "examined"]

_OLD_DAYS: Final = 7.0
_EMPTY_SHARE: Final = 0.5
_SMALL: Final = 8 << 20  # a file not worth making smaller


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All findings about one database."""

    path: Path
    findings: tuple[Finding, ...]

    @property
    def healthy(self) -> bool:
        return all(finding.severity != "bad" for finding in self.findings)

    @property
    def sentence(self) -> str:
        """The whole in words."""
        bads = sum(finding.severity == "bad" for finding in self.findings)
        hints = sum(finding.severity == "hint" for finding in self.findings)
        if bads:
            return f"{counted(bads, 'problem', 'problems')} found."
        if hints:
            return f"The database is well; {counted(hints, 'thing', 'things')} worth knowing."
        return "The database is well."

    def to_json(self) -> dict[str, Any]:
        return {
            "path": str(self.path),
            "healthy": self.healthy,
            "findings": [asdict(finding) for finding in self.findings],
        }


def doctor(path: Path | str) -> Diagnosis:
    """Examine a database nobody has open. A file that cannot be opened is a finding, no error."""
    try:
        with Database(path) as db:
            return examined(db)
    except CxdashError as error:
        told = " ".join(part for part in (error.what, error.state) if part)
        return Diagnosis(Path(path), (bad("file", told, _advice(error)),))


def _advice(error: CxdashError) -> str:
    return " ".join(part for part in (error.do_next, *error.commands) if part)


def accept(path: Path | str) -> None:
    """Go on with a database as it is, although work is missing or the file was changed.

    Raises
    ------
    StoreError
        It cannot be opened all the same.
    """
    place = Place.of(path)
    try:
        Database(place.file).close()
    except StoreDamaged:
        Ledger(place).trust()
    with Database(place.file) as db:
        db.accept_loss()


def examined(db: Database) -> Diagnosis:
    """Examine a database that is open in this process."""
    findings = [
        fine("file", f"The file opens, with schema {schema.newest()}."),
        fine(
            "versions",
            f"cxdash {__version__}, DuckDB {duckdb.__version__}, "
            f"Python {sys.version_info.major}.{sys.version_info.minor}.",
        ),
    ]
    try:
        with db.cursor() as cur:
            tables = content(cur)
            rows = sum(table.rows for table in tables.values())
            findings.append(fine("content", f"All {counted(rows, 'row', 'rows')} can be read."))
            findings += invariants(cur)
    except CxdashError as error:
        findings.append(bad("content", error.what, _advice(error)))
    findings.append(_ledger(db))
    findings += _surroundings(db)
    return Diagnosis(db.path, tuple(findings))


def _ledger(db: Database) -> Finding:
    told = told_loss(db.loss)
    if told:
        accepting = "To go on without it: python -m cxdash doctor --accept"
        return bad("ledger", " ".join(told[:-1]), f"{told[-1]} {accepting}")
    return fine("ledger", "The ledger of imports agrees with the database.")


def _surroundings(db: Database) -> Iterator[Finding]:
    yield _backups(db)
    holding = still_holding(db)
    if holding:
        yield hint(
            "erasures",
            f"{counted(len(holding), 'copy', 'copies')} of the database still "
            f"{'holds' if len(holding) == 1 else 'hold'} a customer who was erased: "
            f"{', '.join(copy.path for copy in holding)}.",
            "Erase the same customer once more with --backups, remove them when they are no longer "
            "needed, or set a limit with `python -m cxdash retention`.",
        )
    yield _room(db)
    yield _unused(db)
    yield _rights(db.place)


def _backups(db: Database) -> Finding:
    advice = "Make one with `python -m cxdash backup`, best on another disk with --to."
    known = [copy for copy in copies.listed(db.place) if copy.kind == "backup"]
    if not known:
        return hint("backups", "There is no backup.", advice)
    newest = known[-1]
    days = int(newest.days)
    age = f"{counted(days, 'day', 'days')} old" if days else "less than a day old"
    changed = newest.data_version != db.data_version
    if changed and newest.days > _OLD_DAYS:
        return hint("backups", f"The newest backup is {age}; data has changed since.", advice)
    return fine("backups", f"{counted(len(known), 'backup', 'backups')}; the newest is {age}.")


def _room(db: Database) -> Finding:
    left = space.free(db.place.file.parent)
    need = 2 * space.size(db.place) + space.MARGIN
    if left < need:
        return hint(
            "room",
            f"The disk has {left / 1e6:,.0f} MB left; rebuilding the database safely takes "
            f"{need / 1e6:,.0f} MB.",
            "Free some space.",
        )
    return fine("room", f"The disk has {left / 1e6:,.0f} MB left.")


def _unused(db: Database) -> Finding:
    whole, filled = space.size(db.place), rebuild.used(db)
    if whole > _SMALL and filled < (1 - _EMPTY_SHARE) * whole:
        return hint(
            "size",
            f"Of {whole / 1e6:,.0f} MB of the file only {filled / 1e6:,.0f} MB are in use.",
            "Make it small again with `python -m cxdash compact`.",
        )
    return fine("size", f"The file has {whole / 1e6:,.1f} MB.")


def _rights(place: Place) -> Finding:
    readable = [
        path
        for path in (place.file, *(copy.file for copy in copies.listed(place)))
        if path.exists() and path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH)
    ]
    exposed = [path for path in readable if path.parent.stat().st_mode & stat.S_IXOTH]
    if exposed:
        return hint(
            "rights",
            f"Everybody on this machine can read {', '.join(map(str, exposed))}.",
            f"Take that away: chmod 700 {exposed[0].parent}",
        )
    return fine("rights", "Only its owner can read the database.")
