"""Which schema a file has, and how an older one becomes the newest: whole, or not at all."""

import re
import secrets
import shutil
from importlib import resources
from pathlib import Path
from typing import Final

import duckdb

from cxdash.errors import StoreError, StoreForeign, StoreNewer
from cxdash.store import copies, engine, space
from cxdash.store.place import Place

__all__ = ["APPLICATION", "copy_before", "found", "migrate", "migrations", "newest"]

APPLICATION: Final = "cxdash"
_MIGRATION: Final = re.compile(r"(\d{4})_\w+\.sql")


def migrations() -> list[tuple[int, str]]:
    """Number and SQL of every schema step, in order."""
    folder = resources.files("cxdash.store") / "migrations"
    steps = []
    for entry in folder.iterdir():
        named = _MIGRATION.fullmatch(entry.name)
        if named:
            steps.append((int(named[1]), entry.read_text(encoding="utf-8")))
    return sorted(steps)


def newest() -> int:
    """The schema this cxdash works with."""
    return migrations()[-1][0]


def found(place: Place) -> int:
    """The schema of the file, 0 if it holds nothing at all; looked up without changing a byte.

    Raises
    ------
    StoreForeign, StoreNewer, StoreDamaged, StoreLocked
        The file is not ours to open.
    """
    connection = engine.look(place)
    try:
        version = _version(connection, place)
    except duckdb.Error as error:
        raise engine.told(error, place) or engine.damaged(place) from error
    finally:
        connection.close()
    if version > newest():
        raise StoreNewer(
            f"{place.file} has schema {version}; this cxdash knows schemas up to {newest()}.",
            state="The file was not changed.",
            do_next="Open it with the newer cxdash that wrote it, or choose another file.",
        )
    return version


def migrate(connection: duckdb.DuckDBPyConnection, current: int) -> None:
    """Take the file from schema ``current`` to the newest in one transaction."""
    steps = [(number, sql) for number, sql in migrations() if number > current]
    cur = connection.cursor()
    try:
        cur.execute("BEGIN TRANSACTION")
        for _, sql in steps:
            cur.execute(sql)
        _stamp(cur, first=current == 0)
        cur.execute("COMMIT")
    finally:
        cur.close()


def copy_before(place: Place, current: int) -> Path:
    """A copy of the file as it is, byte for byte, before its schema is changed.

    Nobody of this process may have the file open.

    Raises
    ------
    StoreError
        The copy could not be made; the file is as it was.
    """
    space.require(place.file.parent, 2 * space.size(place), "Taking the database to a new schema")
    name = f"{place.file.stem}-schema-{current}-{copies.stamp()}.duckdb"
    target = place.backups / name
    try:
        place.backups.mkdir(mode=0o700, exist_ok=True)
        for source, to in ((place.file, target), (place.log, Path(f"{target}.wal"))):
            if source.exists():
                shutil.copyfile(source, to)
                to.chmod(0o600)
                engine.settle(to)
    except OSError as error:
        engine.remove(target)
        raise StoreError(
            f"The database could not be copied to {target} before its schema is changed: "
            f"{error.strerror}.",
            state="The database was not changed.",
            do_next="Make that folder writable, or go on with the cxdash that wrote the file.",
        ) from error
    made = copies.Copy(
        path=str(target),
        kind="before a new schema",
        made_at=copies.now(),
        bytes=target.stat().st_size,
        rows=None,
        data_version=None,
        erasures=0,
    )
    copies.add(place, made)
    return target


def _version(connection: duckdb.DuckDBPyConnection, place: Place) -> int:
    tables = {
        row[0]
        for row in connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'main'"
        ).fetchall()
    }
    if not tables and _is_bare(connection):
        return 0
    info: dict[str, str] = {}
    if "store_info" in tables:
        info = dict(connection.execute("SELECT name, value FROM store_info").fetchall())
    if info.get("application") != APPLICATION:
        raise StoreForeign(
            f"{place.file} is a DuckDB file, but cxdash did not make it.",
            state="The file was not changed.",
            do_next="Choose another file with --db, or let cxdash create a new one.",
        )
    version = info.get("schema_version", "")
    if not version.isdecimal():
        raise StoreForeign(
            f"{place.file} does not say which schema it has; somebody changed it by hand.",
            state="The file was not changed.",
            do_next=copies.way_back(place).sentence,
            commands=(copies.way_back(place).command,),
        )
    return int(version)


def _is_bare(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the file holds nothing at all, as after an end between opening and the first step."""
    return not connection.execute(
        "SELECT 1 FROM duckdb_tables() UNION ALL "
        "SELECT 1 FROM duckdb_sequences() UNION ALL "
        "SELECT 1 FROM duckdb_views() WHERE NOT internal UNION ALL "
        "SELECT 1 FROM duckdb_functions() WHERE NOT internal UNION ALL "
        "SELECT 1 FROM duckdb_types() WHERE NOT internal UNION ALL "
        "SELECT 1 FROM duckdb_schemas() WHERE NOT internal AND schema_name <> 'main' LIMIT 1"
    ).fetchall()


def _stamp(cur: duckdb.DuckDBPyConnection, *, first: bool) -> None:
    """Say in the file which schema it has now, whose it is, and its salt for erased customers."""
    if first:
        cur.executemany(
            "INSERT INTO store_info VALUES (?, ?)",
            [("application", APPLICATION), ("data_version", "1"), ("schema_version", "0")],
        )
    known = {row[0] for row in cur.execute("SELECT name FROM store_info").fetchall()}
    for name in ("store_id", "erasure_salt"):
        if name not in known:
            cur.execute("INSERT INTO store_info VALUES (?, ?)", [name, secrets.token_hex(16)])
    if "loaded_version" not in known:
        cur.execute(
            "INSERT INTO store_info SELECT 'loaded_version', value FROM store_info "
            "WHERE name = 'data_version'"
        )
    cur.execute("UPDATE store_info SET value = ? WHERE name = 'schema_version'", [str(newest())])
