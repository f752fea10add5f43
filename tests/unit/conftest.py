"""A hand-made company small enough to check every cell by eye."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from cxdash.store import CANONICAL, Database


class Company:
    """Puts canonical rows straight into a database, as an import would leave them.

    Rows are kept back and written together whenever ``db`` is asked for.
    """

    def __init__(self, db: Database) -> None:
        self._db = db
        self._line = 0
        self._waiting: dict[str, list[dict[str, Any]]] = {}

    @property
    def db(self) -> Database:
        waiting, self._waiting = self._waiting, {}
        if waiting:
            with self._db.writing() as cur:
                for table, rows in waiting.items():
                    _insert(cur, table, rows)
        return self._db

    def add(self, table: str, **values: Any) -> None:
        self._line += 1
        lineage = {"import_id": 1, "line_no": self._line, "is_current": True}
        lineage["row_key"] = values.pop("row_key", f"{table}-{self._line}")
        if table not in ("scores", "comments", "traits"):
            lineage["row_hash"] = "x"
        assert set(values) <= set(CANONICAL[table].types), values
        self._waiting.setdefault(table, []).append(values | lineage)

    def contract(
        self,
        customer: str,
        start: str,
        end: str | None = None,
        *,
        notice: str | None = None,
        amount: float | None = 100,
        currency: str = "USD",
    ) -> None:
        self.add(
            "subscriptions",
            subscription_id=f"{customer}-{start}",
            customer_id=customer,
            started_on=start,
            ended_on=end,
            cancelled_on=notice,
            monthly_amount=amount,
            currency=currency,
        )

    def pays(self, customer: str | None, day: str | None, amount: float, **more: Any) -> None:
        self.add(
            "revenue",
            customer_id=customer,
            dated=day,
            amount=amount,
            **{"currency": "USD", "revenue_kind": "recurring"} | more,
        )

    def answers(
        self,
        customer: str | None,
        day: str,
        value: float,
        item: str = "nps",
        variant: str = "nps.0-10",
        scale: tuple[float, float] = (0, 10),
        **more: Any,
    ) -> None:
        key = f"r{self._line}"
        self.add(
            "responses",
            response_id=key,
            customer_id=customer,
            answered_at=f"{day} 12:00",
            row_key=key,
            **more,
        )
        self.add(
            "scores",
            item=item,
            variant=variant,
            value=value,
            scale_low=scale[0],
            scale_high=scale[1],
            high_is_good=True,
            row_key=key,
        )


def _insert(cur: Any, table: str, rows: list[dict[str, Any]]) -> None:
    """All rows as text through one Arrow table, cast by the engine."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    texts = {
        name: [None if row.get(name) is None else str(row[name]) for row in rows] for name in names
    }
    types = CANONICAL[table].types | {
        "import_id": "INTEGER",
        "line_no": "BIGINT",
        "is_current": "BOOLEAN",
    }
    cells = ", ".join(
        f'CAST("{name}" AS {types.get(name, "VARCHAR")}) AS "{name}"' for name in names
    )
    cur.register("waiting", pa.table({name: pa.array(texts[name], pa.string()) for name in names}))
    cur.execute(f"INSERT INTO {table} BY NAME SELECT {cells} FROM waiting")
    cur.unregister("waiting")


@pytest.fixture(scope="module")
def another_company(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[], Company]]:
    """Makes as many companies as a module shares among its tests."""
    with ExitStack() as open_files:

        def made() -> Company:
            path = tmp_path_factory.mktemp("another") / "company.duckdb"
            return Company(open_files.enter_context(Database(path)))

        yield made


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    with Database(tmp_path / "company.duckdb") as db:
        yield Company(db)


@pytest.fixture(scope="module")
def shared_company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """A company that the tests of a module share: one fills it, all others only read."""
    with Database(tmp_path_factory.mktemp("shared") / "company.duckdb") as db:
        yield Company(db)
