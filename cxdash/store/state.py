"""What a database holds, boiled down to what the ledger beside it knows: imports and a version."""

from dataclasses import dataclass

import duckdb

__all__ = ["Held", "State", "state_of"]


@dataclass(frozen=True, slots=True)
class Held:
    """One import as the database holds it."""

    import_id: int
    kind: str
    sha256: str
    rows: int
    at: str
    undone: bool

    @property
    def key(self) -> tuple[int, str, str]:
        """What it is, however its number was used before or since."""
        return self.import_id, self.sha256, self.at


@dataclass(frozen=True, slots=True)
class State:
    """What a database holds: whose it is, its data version, and every import, undone ones too."""

    store: str
    data_version: int
    imports: tuple[Held, ...]


def state_of(cur: duckdb.DuckDBPyConnection) -> State:
    """What a database holds now, or as the transaction of the cursor would leave it."""
    info = dict(cur.execute("SELECT name, value FROM store_info").fetchall())
    imports = cur.execute(
        "SELECT import_id, kind, sha256, rows_loaded, CAST(imported_at AS VARCHAR), "
        "undone_at IS NOT NULL FROM imports ORDER BY import_id"
    ).fetchall()
    return State(info["store_id"], int(info["data_version"]), tuple(Held(*row) for row in imports))
