"""Put a backup in place of the database: verified before anything is touched, proved afterwards."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cxdash.errors import StoreDamaged, StoreError, StoreLocked
from cxdash.store import Database, Place, copies, engine, owner, rebuild, space
from cxdash.store.content import content, differing
from cxdash.store.ledger import Ledger
from cxdash.store.state import state_of
from cxdash.upkeep import archive
from cxdash.upkeep.archive import Manifest
from cxdash.upkeep.lasting import keep_erased

__all__ = ["Restored", "restore"]


@dataclass(frozen=True, slots=True)
class Restored:
    """What stands in place now.

    Parameters
    ----------
    set_aside
        Where the file that stood there before was put.
    forgotten
        Customers of the backup that were taken out of it, because they had been erased since.
    access
        Whether people, rights and audit log were restored too, as none were there.
    """

    manifest: Manifest
    set_aside: Path | None
    forgotten: int
    access: bool


def restore(file: Path, path: Path | str) -> Restored:
    """Restore the backup ``file`` to the database ``path``, which nobody may have open.

    Raises
    ------
    StoreError
        The backup is not whole, or the database is in use; what stands at ``path`` is as it was.
    """
    place = Place.of(path)
    manifest = archive.read(file)
    place.file.parent.mkdir(parents=True, exist_ok=True)
    space.require(place.file.parent, 2 * manifest.bytes, "Restoring")
    with _nobody_else(place), rebuild.workspace(place) as work:
        fresh = work / "restored.duckdb"
        archive.unpack(file, fresh)
        aside = _set_aside(place)
        try:
            fresh.replace(place.file)
            engine.settle(place.file.parent)
        except OSError:
            _put_back(place, aside)
            raise
    try:
        _begin_anew(place)
        _prove(place, manifest, file)
    except BaseException:
        _put_back(place, aside)
        raise
    # An older list of people must not give rights back, nor shorten the audit log.
    access = not place.access.exists() and archive.unpack_access(file, place.access)
    with Database(place.file) as db:
        forgotten = keep_erased(db)
    return Restored(manifest, aside, forgotten, access)


@contextmanager
def _nobody_else(place: Place) -> Iterator[None]:
    """Hold the engine's own kind of lock on the file, so that nobody opens it meanwhile."""
    if not place.file.exists():
        yield
        return
    owner.take(place)
    try:
        with _locked(place):
            yield
    finally:
        owner.give_up(place)


@contextmanager
def _locked(place: Place) -> Iterator[None]:
    with place.file.open("r+b") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise StoreLocked(
                f"{place.file} is in use by another cxdash.",
                state="Nothing was changed.",
                do_next="Stop it, restore, and start it again.",
            ) from error
        yield


def _set_aside(place: Place) -> Path | None:
    """Give the present file and its log a second name; they stay until somebody removes them.

    The file keeps its first name too until the other takes it over at once, so that a sudden end
    leaves one of the two in place.
    """
    if not place.file.exists():
        return None
    aside = place.backups / f"{place.file.stem}-set-aside-{copies.stamp()}.duckdb"
    try:
        place.backups.mkdir(mode=0o700, exist_ok=True)
        for source, target in ((place.file, aside), (place.log, _log_of(aside))):
            if source.exists():
                _name_twice(source, target)
        copies.add(place, _described(aside))
        place.log.unlink(missing_ok=True)
    except OSError as error:
        engine.remove(aside)
        raise StoreError(
            f"{place.file} cannot be set aside in {place.backups}: {error.strerror}.",
            state="Nothing was changed.",
            do_next="Free some space there, or ask for the right to write to it.",
        ) from error
    except StoreError:
        engine.remove(aside)
        raise
    return aside


def _name_twice(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another disk, or one without second names
        shutil.copyfile(source, target)
        engine.settle(target)
    target.chmod(0o600)


def _described(aside: Path) -> copies.Copy:
    return copies.Copy(
        path=str(aside),
        kind="set aside",
        made_at=copies.now(),
        bytes=aside.stat().st_size,
        rows=None,
        data_version=None,
        erasures=0,
    )


def _begin_anew(place: Place) -> None:
    """Tell the ledger first that the database was replaced on purpose."""
    connection = engine.look(place)
    try:
        state = state_of(connection)
    finally:
        connection.close()
    try:
        Ledger(place).restored(state)
    except OSError as error:
        raise StoreError(
            f"The ledger {place.ledger} cannot be written: {error.strerror}.",
            state="The file that stood there before is put back.",
            do_next="Free some space, or ask for the right to write it.",
        ) from error


def _prove(place: Place, manifest: Manifest, file: Path) -> None:
    """The database opens as any other does, and holds what the backup held."""
    with Database(place.file) as db, db.cursor() as cur:
        now = {name: table for name, table in content(cur).items() if name in manifest.tables}
        older = db.schema_version != manifest.schema
        unequal = differing(now, manifest.tables)
    if unequal and not older:
        raise StoreDamaged(
            f"After restoring {file}, {', '.join(unequal)} differ from the backup.",
            state="The file that stood there before is put back.",
            do_next="Look at the disk with `python -m cxdash doctor`, then restore again.",
        )


def _put_back(place: Place, aside: Path | None) -> None:
    place.log.unlink(missing_ok=True)
    if aside is None:
        place.file.unlink(missing_ok=True)
        return
    shutil.move(aside, place.file)
    log = _log_of(aside)
    if log.exists():
        shutil.move(log, place.log)


def _log_of(aside: Path) -> Path:
    return aside.with_name(f"{aside.name}.wal")
