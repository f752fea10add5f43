"""Make a backup of the open database while people read and write, and prove it by reading it."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from cxdash.errors import StoreError
from cxdash.store import Database, Place, copies, engine, rebuild, space
from cxdash.store.background import Progress, unheard
from cxdash.store.content import differing
from cxdash.store.seal import digest
from cxdash.upkeep import archive
from cxdash.upkeep.archive import Manifest

__all__ = ["Backup", "backup", "backups"]


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup file and what it was proved to hold."""

    file: Path
    manifest: Manifest


def backup(
    db: Database,
    folder: Path | None = None,
    *,
    marks: Mapping[str, str] | None = None,
    tell: Progress = unheard,
) -> Backup:
    """One committed state of the database as a single file, verified by reading it back.

    Readers and imports go on meanwhile.

    Parameters
    ----------
    folder
        Where to put it; ``backups`` beside the database unless given.
    marks
        What to write into its manifest beside, such as the newest digest of the audit log.
    tell
        Hears how far it is.

    Raises
    ------
    StoreError
        No backup was made; the database is as it was.
    """
    folder = (folder or db.place.backups).absolute()
    _prepare(folder)
    space.require(folder, 2 * rebuild.used(db), "A backup")
    with rebuild.workspace(db.place) as work:
        tell(0.05, "Copying every row and comparing the copy")
        made = rebuild.fresh(db, "A backup")
        manifest = replace(described(made.file, db.ledger_head), marks=dict(marks or {}))
        if differing(made.tables, manifest.tables):
            raise engine.damaged(db.place)
        target = folder / f"{db.place.file.stem}-{copies.stamp()}{archive.SUFFIX}"
        tell(0.6, "Writing the backup")
        archive.pack(made.file, manifest, target, _access(db.place, work))
        tell(0.75, "Reading it back")
        proved = archive.unpack(target, work / "proof.duckdb")
    copies.add(db.place, _listed(target, proved))
    return Backup(target, proved)


def backups(place: Place) -> list[copies.Copy]:
    """The backups known that are still there, the newest first."""
    return [copy for copy in reversed(copies.listed(place)) if copy.kind == "backup"]


def described(file: Path, ledger_head: str, *, made_at: str = "") -> Manifest:
    """The manifest of a database file that nobody has open; made now unless said otherwise."""
    connection = engine.look(Place.of(file))
    try:
        manifest = archive.described(connection, ledger_head)
    finally:
        connection.close()
    when = made_at or manifest.made_at
    return replace(manifest, made_at=when, bytes=file.stat().st_size, sha256=digest(file))


def _access(place: Place, work: Path) -> Path | None:
    """A copy of people, rights and audit log as they stand, whoever writes to them meanwhile."""
    if not place.access.exists():
        return None
    copy = work / "access.sqlite"
    with (
        closing(sqlite3.connect(f"{place.access.as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target)
    return copy


def _listed(file: Path, manifest: Manifest) -> copies.Copy:
    return copies.Copy(
        path=str(file),
        kind="backup",
        made_at=manifest.made_at,
        bytes=file.stat().st_size,
        rows=manifest.rows,
        data_version=manifest.data_version,
        erasures=manifest.erasures,
    )


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{folder} cannot be used for backups: {error.strerror}.",
            state="The database was not changed, and no backup was made.",
            do_next="Name another folder with --to.",
        ) from error
