"""A backup as one file: the database, and a manifest that proves what is in it.

The file is a ZIP archive without compression, so that a person without cxdash can still take the
database out of it. The manifest says what was counted when it was made; reading it back proves it.
"""

import json
import os
import shutil
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import duckdb

from cxdash import __version__
from cxdash.errors import StoreDamaged, StoreError, StoreForeign, StoreNewer
from cxdash.store import copies, engine, schema
from cxdash.store.content import Content, content, differing
from cxdash.store.place import Place
from cxdash.store.seal import digest

__all__ = ["SUFFIX", "Manifest", "pack", "read", "unpack", "unpack_access"]

SUFFIX: Final = ".cxbackup"
_DATABASE: Final = "cxdash.duckdb"
_MANIFEST: Final = "manifest.json"
_ACCESS: Final = "access.sqlite"
_FORM: Final = 1
_PRIVATE: Final = 0o600


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds.

    Parameters
    ----------
    made_at
        In UTC, as ISO 8601.
    store
        Whose database it is: a random number made with it.
    ledger_head
        Hash of the newest line of the ledger when the backup was made.
    sha256
        Of the database file inside.
    erasures
        How many customers had been erased by then.
    marks
        What others want to find again in it, such as the newest digest of the audit log.
    """

    made_at: str
    cxdash: str
    engine: str
    schema: int
    store: str
    data_version: int
    ledger_head: str
    erasures: int
    bytes: int
    sha256: str
    tables: dict[str, Content]
    marks: dict[str, str]

    @property
    def rows(self) -> int:
        return sum(table.rows for table in self.tables.values())


def described(connection: duckdb.DuckDBPyConnection, ledger_head: str) -> Manifest:
    """The manifest of a database file that nobody has open, through a connection to it."""
    info = dict(connection.execute("SELECT name, value FROM store_info").fetchall())
    version = int(info["schema_version"])
    erasures = connection.execute("SELECT coalesce(max(erasure), 0) FROM erased").fetchall()[0][0]
    return Manifest(
        made_at=copies.now(),
        cxdash=__version__,
        engine=duckdb.__version__,
        schema=version,
        store=info["store_id"],
        data_version=int(info["data_version"]),
        ledger_head=ledger_head,
        erasures=int(erasures),
        bytes=0,
        sha256="",
        tables=content(connection),
        marks={},
    )


def pack(file: Path, manifest: Manifest, target: Path, access: Path | None = None) -> None:
    """Write the backup under another name, wait for the disk, then give it its name.

    ``access`` is a copy of people, rights and audit log, taken along where there is one.

    Raises
    ------
    StoreError
        The backup could not be written; there is none of that name.
    """
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        with open(unfinished, "wb", opener=_private) as sink:
            with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
                archive.writestr(_MANIFEST, json.dumps(_document(manifest), indent=1))
                archive.write(file, _DATABASE)
                if access is not None:
                    archive.write(access, _ACCESS)
            sink.flush()
            os.fsync(sink.fileno())
        unfinished.replace(target)
        engine.settle(target.parent)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise StoreError(
            f"The backup cannot be written to {target}: {error.strerror}.",
            state="The database was not changed, and no backup was made.",
            do_next="Free some space there, or name another folder with --to.",
        ) from error


def read(file: Path) -> Manifest:
    """The manifest of a backup.

    Raises
    ------
    StoreForeign, StoreDamaged, StoreNewer
        It is none, it cannot be read, or a newer cxdash made it.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            document = json.loads(archive.read(_MANIFEST))
        if document.get("form") != _FORM:
            raise StoreNewer(
                f"{file} was made by a newer cxdash.",
                state="Nothing was changed.",
                do_next="Restore it with the cxdash that made it.",
            )
        tables = {name: Content(**table) for name, table in document["tables"].items()}
        parts = {name: document[name] for name in Manifest.__dataclass_fields__}
        return Manifest(**{**parts, "tables": tables})
    except (KeyError, TypeError, ValueError, OSError, zipfile.BadZipFile) as error:
        raise StoreForeign(
            f"{file} is not a backup of cxdash, or it is damaged.",
            state="Nothing was changed.",
            do_next="Name another file; `python -m cxdash backup --list` shows those known.",
        ) from error


def unpack(file: Path, target: Path) -> Manifest:
    """Take the database out of a backup and prove it whole: its bytes, then every table.

    Raises
    ------
    StoreDamaged, StoreForeign, StoreNewer
        The backup is not what its manifest says; ``target`` is gone again.
    """
    manifest = read(file)
    try:
        with (
            zipfile.ZipFile(file) as archive,
            archive.open(_DATABASE) as source,
            open(target, "wb", opener=_private) as sink,
        ):
            shutil.copyfileobj(source, sink, 1 << 20)
        _prove(target, manifest, file)
    except (KeyError, EOFError, zipfile.BadZipFile) as error:
        engine.remove(target)
        raise _not_whole(file) from error
    except OSError as error:
        engine.remove(target)
        raise StoreError(
            f"The backup cannot be unpacked to {target.parent}: {error.strerror}.",
            state="Nothing was changed.",
            do_next="Free some space there and do it again.",
        ) from error
    except BaseException:
        engine.remove(target)
        raise
    return manifest


def unpack_access(file: Path, target: Path) -> bool:
    """Take people, rights and audit log out of a backup; False if there are none in it.

    Raises
    ------
    StoreDamaged
        They are there and cannot be read.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            if _ACCESS not in archive.namelist():
                return False
            content = archive.read(_ACCESS)
    except (EOFError, zipfile.BadZipFile) as error:
        raise _not_whole(file) from error
    with open(target, "wb", opener=_private) as sink:
        sink.write(content)
    return True


def _prove(target: Path, manifest: Manifest, file: Path) -> None:
    if digest(target) != manifest.sha256:
        raise _not_whole(file)
    if manifest.schema > schema.newest():
        raise StoreNewer(
            f"{file} has schema {manifest.schema}; this cxdash knows schemas up to "
            f"{schema.newest()}.",
            state="Nothing was changed.",
            do_next="Restore it with the newer cxdash that made it.",
        )
    place = Place.of(target)
    connection = engine.look(place)
    try:
        if differing(content(connection), manifest.tables):
            raise _not_whole(file)
    except duckdb.Error as error:
        raise _not_whole(file) from error
    finally:
        connection.close()


def _not_whole(file: Path) -> StoreDamaged:
    return StoreDamaged(
        f"The backup {file} is damaged: it does not hold what it held when it was made.",
        state="Nothing was changed.",
        do_next="Name another backup; `python -m cxdash backup --list` shows those known.",
    )


def _document(manifest: Manifest) -> dict[str, object]:
    return {"form": _FORM, **asdict(manifest)}


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, _PRIVATE)
