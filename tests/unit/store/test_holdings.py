"""What the database says it holds: rows that count, rows replaced, days and files."""

from datetime import date

import pytest

from cxdash.store import CANONICAL, Database
from cxdash.store.holdings import Holding, holdings
from cxdash.store.tables import DAY

RESPONSE = (
    "INSERT INTO responses BY NAME SELECT {key!r} AS response_id, TIMESTAMP '{day} 23:30' "
    "AS answered_at, {key!r} AS row_key, 'h' AS row_hash, {file} AS import_id, 2 AS line_no, "
    "{counts} AS is_current"
)
CUSTOMER = (
    "INSERT INTO customers BY NAME SELECT 'C1' AS customer_id, 'C1' AS row_key, 'h' AS row_hash, "
    "1 AS import_id, 2 AS line_no, true AS is_current"
)
IMPORT = (
    "INSERT INTO imports BY NAME SELECT {file} AS import_id, 'responses' AS kind, '{name}' AS "
    "file_name, '' AS sha256, 0 AS bytes, '' AS layout, '' AS mapping, [] AS columns, 'unknown' AS "
    "completeness, false AS is_demo, 0 AS rows_read, 0 AS rows_loaded, 0 AS rows_superseding, "
    "0 AS rows_duplicate, 0 AS rows_rejected, '{{}}' AS receipt, now()::TIMESTAMP AS imported_at"
)


@pytest.fixture
def db(tmp_path):
    with Database(tmp_path / "db.duckdb") as database:
        yield database


def fill(db, *statements):
    with db.writing() as cur:
        for statement in statements:
            cur.execute(statement)


def test_an_empty_database_holds_nothing(db):
    assert holdings(db) == []


def test_rows_days_and_files_are_counted(db):
    fill(
        db,
        IMPORT.format(file=1, name="crm.csv"),
        IMPORT.format(file=2, name="survey.csv"),
        IMPORT.format(file=3, name="again.csv"),
        CUSTOMER,
        RESPONSE.format(key="a", day="2026-01-31", file=2, counts="true"),
        RESPONSE.format(key="b", day="2025-12-01", file=3, counts="true"),
        RESPONSE.format(key="b", day="2020-01-01", file=1, counts="false"),
    )
    assert holdings(db) == [
        Holding("customers", 1, 0, None, None, ((1, "crm.csv"),)),
        Holding(
            "responses",
            2,
            1,
            date(2025, 12, 1),
            date(2026, 1, 31),
            ((2, "survey.csv"), (3, "again.csv")),
        ),
    ]


def test_a_table_of_replaced_rows_only_is_still_named(db):
    fill(db, RESPONSE.format(key="a", day="2026-01-31", file=2, counts="false"))
    assert holdings(db) == [Holding("responses", 0, 1, None, None, ())]


def test_the_day_of_every_table_is_one_of_its_date_columns():
    for table, column in DAY.items():
        assert CANONICAL[table].types[column] in ("DATE", "TIMESTAMP")
    without = set(CANONICAL) - set(DAY)
    assert without == {"customer_keys", "scores", "comments", "choices", "traits"}
