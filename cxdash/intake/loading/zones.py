"""Times with and without an offset in one column: nobody can tell which zone the bare ones mean."""

import duckdb

from cxdash.errors import MappingIncomplete
from cxdash.intake import cells, moments
from cxdash.intake.kinds import KINDS
from cxdash.intake.mapping import Mapping
from cxdash.intake.reading.staging import STAGED, column
from cxdash.intake.reading.table import Table

__all__ = ["refuse_mixed_zones"]


def refuse_mixed_zones(cur: duckdb.DuckDBPyConnection, table: Table, mapping: Mapping) -> None:
    """Raise MappingIncomplete if a time column mixes both forms and no time zone is given."""
    if mapping.time_zone:
        _refuse_unknown_zone(cur, mapping.time_zone)
        return
    pattern = moments.ZONED.replace("'", "''")
    for role, spec in mapping.columns.items():
        if KINDS[mapping.kind].roles[role] != "TIMESTAMP":
            continue
        place = cells.text(column(table, spec.column))
        bare, zoned = cur.execute(
            f"SELECT count(*) FILTER (NOT regexp_matches({place}, '{pattern}') "
            f"AND contains({place}, ':')), "
            f"count(*) FILTER (regexp_matches({place}, '{pattern}')) FROM {STAGED}"
        ).fetchall()[0]
        if bare and zoned:
            raise MappingIncomplete(
                f"Column {spec.column!r} of {table.scan.name} mixes {zoned:,} times with an offset "
                f"from UTC and {bare:,} without.",
                questions=["In which time zone were the times without an offset written?"],
                do_next='Set time_zone in the mapping, for example "Europe/Berlin" or "UTC".',
            )


def _refuse_unknown_zone(cur: duckdb.DuckDBPyConnection, zone: str) -> None:
    known = cur.execute(
        "SELECT count(*) FROM pg_timezone_names() WHERE name = $zone", {"zone": zone}
    ).fetchall()[0][0]
    if not known:
        raise MappingIncomplete(
            f"There is no time zone called {zone!r}.",
            questions=["Which time zone are the times written in?"],
            do_next='Use a name such as "Europe/Berlin", "America/New_York" or "UTC".',
        )
