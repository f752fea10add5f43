"""Entries of made-up people on days of the past, and the way to take all of them out again.

Everybody in this company is named as invented. So their entries can be told from those of a person,
who may have changed one of them or hung one of their own onto it: those stay.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Final

import duckdb

from cxdash.register import KINDS, Record, specs
from cxdash.register.entries import save, seal, withdraw
from cxdash.register.reading import CURRENT
from cxdash.register.records import restored
from cxdash.store import Database, Reader

__all__ = ["INVENTED", "Diary", "stands", "take_out"]

INVENTED: Final = " (invented)"
_HOUR: Final = time(9, tzinfo=UTC)  # everybody writes in the morning


class Diary:
    """Writes entries inside one transaction, each on its day and by its author."""

    def __init__(self, cur: duckdb.DuckDBPyConnection) -> None:
        self._cur = cur

    def enter(self, on: date, by: str, record: Record) -> str:
        """A new entry; its id."""
        return save(self._cur, record, by=f"{by}{INVENTED}", at=_moment(on))

    def change(self, on: date, by: str, entry: str, record: Record) -> None:
        """The next version of an entry."""
        save(self._cur, record, by=f"{by}{INVENTED}", entry=entry, at=_moment(on))

    def freeze(self, on: date, by: str, entry: str, kind: type[Record]) -> None:
        """The entry as it is, frozen."""
        seal(self._cur, kind, entry, by=f"{by}{INVENTED}", at=_moment(on))


def _moment(on: date) -> datetime:
    return datetime.combine(on, _HOUR)


def stands(view: Reader) -> bool:
    """Whether an entry of the made-up people is in the register."""
    found = view.rows(
        "SELECT count(*) AS n FROM register_versions WHERE ends_with(entered_by, ?)", [INVENTED]
    )
    return bool(found[0]["n"])


def take_out(db: Database) -> int:
    """Take every entry out that only made-up people have touched; how many there were.

    An entry that a person's entry refers to, directly or through others, stays with it.
    """
    with db.writing(entering=True) as cur:
        rows = cur.execute(
            "SELECT entry_id FROM register_versions GROUP BY entry_id "
            "HAVING bool_and(ends_with(entered_by, ?))",
            [INVENTED],
        ).fetchall()
        invented = {str(row[0]) for row in rows}
        held = _referred(cur, invented)
        withdraw(cur, sorted(invented - held))
    return len(invented - held)


def _referred(cur: duckdb.DuckDBPyConnection, invented: set[str]) -> set[str]:
    """Which of them entries that stay lead to."""
    leads = {entry: set(named) for entry, named in _references(cur)}
    held: set[str] = set()
    reached = {entry for entry in leads if entry not in invented}
    while reached:
        named = set().union(*(leads.get(entry, set()) for entry in reached)) & invented
        reached = named - held
        held |= reached
    return held


def _references(cur: duckdb.DuckDBPyConnection) -> Iterable[tuple[str, list[str]]]:
    """Every entry that counts, with the ids it refers to."""
    for kind in KINDS.values():
        fields = [name for name, spec in specs(kind).items() if spec.refers]
        for entry, text in cur.execute(
            f"SELECT entry_id, fields FROM ({CURRENT})", [kind.KIND]
        ).fetchall():
            record = restored(kind, text)
            values = [getattr(record, name) for name in fields]
            parts = [value if isinstance(value, tuple) else (value,) for value in values]
            yield entry, [one for part in parts for one in part if one]
