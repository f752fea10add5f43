"""Which entries refer to which: nothing may refer to an entry that does not exist."""

from collections.abc import Iterator, Sequence

import duckdb

from cxdash.register.kinds import KINDS
from cxdash.register.reading import CURRENT
from cxdash.register.records import Record, restored, specs

__all__ = ["referring", "unknown_references"]


def unknown_references(cur: duckdb.DuckDBPyConnection, record: Record) -> tuple[str, ...]:
    """A sentence for each entry the record refers to that does not exist."""
    return tuple(
        f"{label}: there is no {one}."
        for label, one in _references(record)
        if not _stands(cur, one)
    )


def _references(record: Record) -> Iterator[tuple[str, str]]:
    """Label of the field and id of every entry the record refers to."""
    for name, spec in specs(type(record)).items():
        value = getattr(record, name)
        ids = value if isinstance(value, tuple) else (value,)
        yield from ((spec.label, one) for one in ids if spec.refers and one)


def _stands(cur: duckdb.DuckDBPyConnection, entry: str) -> bool:
    """Whether an entry exists and was not removed; ids are unique over all kinds."""
    row = cur.execute(
        "SELECT max_by(what, version) FROM register_versions WHERE entry_id = ?", [entry]
    ).fetchall()
    return row[0][0] not in (None, "removed")


def referring(cur: duckdb.DuckDBPyConnection, kind: str, entry: str) -> Sequence[str]:
    """Ids of the entries that refer to this one and count now."""
    holders = []
    for other in KINDS.values():
        if not any(spec.refers == kind for spec in specs(other).values()):
            continue
        rows = cur.execute(f"SELECT entry_id, fields FROM ({CURRENT})", [other.KIND]).fetchall()
        holders += [
            holder
            for holder, fields in rows
            if entry in [one for _, one in _references(restored(other, fields))]
        ]
    return holders
