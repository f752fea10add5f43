"""What questions need of a database: cursors, small results, settings, the data version."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, TypeVar

import duckdb

from cxdash.store.memo import Memo

__all__ = ["Reader", "Snapshot"]

Made = TypeVar("Made")


class Reader(ABC):
    """A database, or one state of it, to read from."""

    _memo: Memo

    @abstractmethod
    def cursor(self) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
        """A cursor for one use; fetch everything before the block ends."""

    def rows(self, sql: str, parameters: list[Any] | None = None) -> list[dict[str, Any]]:
        """All rows of a small result as dictionaries."""
        with self.cursor() as cur:
            cur.execute(sql, parameters or [])
            names = [column[0] for column in cur.description or []]
            return [dict(zip(names, row, strict=True)) for row in cur.fetchall()]

    @property
    def data_version(self) -> int:
        """A number that grows with every committed write."""
        return int(self.info()["data_version"])

    @property
    def loaded_version(self) -> int:
        """The data version of the last write that was more than an entry of the register."""
        return int(self.info()["loaded_version"])

    def setting(self, name: str) -> str | None:
        """What a person set, for example ``reporting_currency``; None if nobody did."""
        found = self.rows("SELECT value FROM settings WHERE name = ?", [name])
        return str(found[0]["value"]) if found else None

    def kept(
        self,
        kind: str,
        key: Hashable,
        make: Callable[[], Made],
        *,
        room: int,
        entered: bool = False,
    ) -> Made:
        """What ``make`` gives on this state of the data, made once and kept while there is room.

        ``kind`` and ``key`` name the result; ``room`` is how many of that kind are kept. Whoever
        receives it must not change it. ``entered`` says that it rests on what people entered too:
        else it stays when only that changes.
        """
        version = (self.data_version,) if entered else (self.loaded_version, "loaded")
        return self._memo.get(kind, (version, key), make, room=room)

    def info(self) -> dict[str, str]:
        """What the file says of itself: application, schema version, data version, store id."""
        return {
            row["name"]: row["value"] for row in self.rows("SELECT name, value FROM store_info")
        }


class Snapshot(Reader):
    """One committed state of the data, unmoved by imports that finish meanwhile. For one thread."""

    def __init__(self, cur: duckdb.DuckDBPyConnection, memo: Memo) -> None:
        self._cur = cur
        self._memo = memo

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        yield self._cur
