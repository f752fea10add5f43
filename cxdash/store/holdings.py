"""What the database holds now: for each table the rows that count, their days and their files."""

from dataclasses import dataclass
from datetime import date

from cxdash.store.database import Database
from cxdash.store.tables import CANONICAL, DAY

__all__ = ["Holding", "holdings"]


@dataclass(frozen=True, slots=True)
class Holding:
    """One table. ``rows`` count, ``replaced`` are earlier versions that no longer do.

    ``first`` and ``last`` are the earliest and latest day, None where rows carry no day.
    ``sources`` are the imports the rows came from: number and file name.
    """

    table: str
    rows: int
    replaced: int
    first: date | None
    last: date | None
    sources: tuple[tuple[int, str], ...]


def holdings(db: Database) -> list[Holding]:
    """Every canonical table that holds rows, in the order of the schema."""
    found = [_holding(db, name) for name in CANONICAL]
    return [holding for holding in found if holding.rows or holding.replaced]


def _holding(db: Database, table: str) -> Holding:
    day = f'CAST("{DAY[table]}" AS DATE)' if table in DAY else "CAST(NULL AS DATE)"
    counted = db.rows(
        "SELECT count(*) FILTER (is_current) AS live, count(*) FILTER (NOT is_current) AS old, "
        f"min({day}) FILTER (is_current) AS first_day, max({day}) FILTER (is_current) AS last_day "
        f'FROM "{table}"'
    )[0]
    sources = db.rows(
        "SELECT import_id, file_name FROM imports WHERE import_id IN "
        f'(SELECT DISTINCT import_id FROM "{table}" WHERE is_current) ORDER BY import_id'
    )
    return Holding(
        table=table,
        rows=int(counted["live"]),
        replaced=int(counted["old"]),
        first=counted["first_day"],
        last=counted["last_day"],
        sources=tuple((int(row["import_id"]), str(row["file_name"])) for row in sources),
    )
