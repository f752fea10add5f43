"""Entries as they count now, and every version they ever had."""

from datetime import UTC
from typing import Final, TypeVar

from cxdash.register.records import Kept, Record, restored
from cxdash.store import Reader

__all__ = ["CURRENT", "current", "every_frozen", "every_version", "find", "frozen", "history"]

R = TypeVar("R", bound=Record)

_VERSIONS: Final = """
    SELECT entry_id, version, what, entered_at, entered_by, fields, digest, redacted,
      coalesce(first_value(CASE WHEN what = 'frozen' THEN digest END IGNORE NULLS) OVER (
        PARTITION BY entry_id ORDER BY version
        ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW), '') AS frozen_as,
      max(version) OVER (PARTITION BY entry_id) AS newest
    FROM register_versions WHERE entry_kind = ?
"""
# Ids count up: goal-2 stands before goal-10.
_IN_ORDER: Final = "ORDER BY length(entry_id), entry_id, version"
#: The entries of a kind, its one parameter, that count now; the newest version of each.
CURRENT: Final = (
    f"SELECT * FROM ({_VERSIONS}) WHERE version = newest AND what <> 'removed' {_IN_ORDER}"
)


def current(view: Reader, kind: type[R]) -> tuple[Kept[R], ...]:
    """The entries of a kind as they count now, in the order they were first entered."""
    return _read(view, CURRENT, [kind.KIND], kind)


def find(view: Reader, kind: type[R], entry: str) -> Kept[R] | None:
    """The entry of that id as it counts now; None if there is none, or it was removed."""
    sql = (
        f"SELECT * FROM ({_VERSIONS}) WHERE version = newest AND what <> 'removed' AND entry_id = ?"
    )
    return next(iter(_read(view, sql, [kind.KIND, entry], kind)), None)


def history(view: Reader, kind: type[R], entry: str) -> tuple[Kept[R], ...]:
    """Every version of an entry, the oldest first, its removal too."""
    sql = f"SELECT * FROM ({_VERSIONS}) WHERE entry_id = ? ORDER BY version"
    return _read(view, sql, [kind.KIND, entry], kind)


def frozen(view: Reader, kind: type[R], entry: str) -> Kept[R] | None:
    """The version at which the entry was first frozen, whatever was changed since."""
    return next((one for one in history(view, kind, entry) if one.what == "frozen"), None)


def every_frozen(view: Reader, kind: type[R]) -> tuple[Kept[R], ...]:
    """The version at which each entry of a kind was first frozen, those removed since included."""
    sql = (
        f"SELECT * FROM ({_VERSIONS}) WHERE what = 'frozen' "
        f"QUALIFY row_number() OVER (PARTITION BY entry_id ORDER BY version) = 1 {_IN_ORDER}"
    )
    return _read(view, sql, [kind.KIND], kind)


def every_version(view: Reader, kind: type[R]) -> tuple[Kept[R], ...]:
    """Every version of every entry of a kind, entry by entry, the oldest first."""
    return _read(view, f"{_VERSIONS} {_IN_ORDER}", [kind.KIND], kind)


def _read(view: Reader, sql: str, values: list[str], kind: type[R]) -> tuple[Kept[R], ...]:
    return tuple(
        Kept(
            id=row["entry_id"],
            version=row["version"],
            what=row["what"],
            at=row["entered_at"].replace(tzinfo=UTC),
            by=row["entered_by"],
            record=restored(kind, row["fields"]),
            digest=row["digest"],
            frozen_as=row["frozen_as"],
            redacted=row["redacted"],
        )
        for row in view.rows(sql, values)
    )
