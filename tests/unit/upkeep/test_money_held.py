"""An amount that changed by itself is found, whatever was undone, erased or replaced before."""

from datetime import UTC, date, datetime, timedelta

import duckdb
import pytest

from cxdash import intake, upkeep
from cxdash.store import Database
from cxdash.store.schema import migrations
from cxdash.upkeep.invariants import invariants

MONEY = """
kind = "revenue"
key = ["invoice"]
[columns]
customer_id = "customer"
dated = "at"
amount = "amount"
currency = "currency"
[constants]
revenue_kind = "recurring"
"""
CONTACTS = """
kind = "contacts"
[columns]
contact_id = "contact"
customer_id = "customer"
contacted_at = "at"
cost = "cost"
[constants]
currency = "EUR"
"""
ROWS = """invoice,customer,at,amount,currency
i1,c-1,2025-01-05,100.10,USD
i2,c-2,2025-02-05,200.20,USD
i3,c-1,2025-02-05,50.00,EUR
"""
CORRECTED = ROWS.replace("100.10", "99.90")
CALLS = "contact,customer,at,cost\nk1,c-1,2025-03-01,4.50\nk2,c-2,2025-03-02,6.25\n"


@pytest.fixture
def company(tmp_path):
    with Database(tmp_path / "company.duckdb") as db:
        for name, mapping, text in (
            ("money", MONEY, ROWS),
            ("calls", CONTACTS, CALLS),
            ("again", MONEY, CORRECTED),
            ("third", MONEY, CORRECTED),
        ):
            file = tmp_path / f"{name}.csv"
            file.write_text(text, encoding="utf-8")
            intake.load(db, file, intake.Mapping.from_toml(mapping), today=date(2026, 1, 1))
        yield db


def told(db):
    return next(one for one in upkeep.examined(db).findings if one.code == "money")


def replaced(_db):
    """The company as it stands: one invoice in two versions, the second of them repeated."""


def undone_beneath(db):
    intake.undo(db, 1)


def undone_newest(db):
    intake.undo(db, 3)


def erased(db):
    upkeep.erase(db, "c-1")


def erased_with_money(db):
    upkeep.erase(db, "c-1", forget_money=True)


def undone_and_erased(db):
    intake.undo(db, 3)
    upkeep.erase(db, "c-1", forget_money=True)
    intake.undo(db, 1)


def erased_and_undone(db):
    upkeep.erase(db, "c-1", forget_money=True)
    intake.undo(db, 1, 3)


def limited(db):
    with db.writing() as cur:
        cur.execute(
            "UPDATE imports SET imported_at = ?",
            [datetime.now(UTC).replace(tzinfo=None) - timedelta(days=40)],
        )
    assert upkeep.retain(db, upkeep.Policy(raw_days=30)).raw_rows


def compacted(db):
    intake.undo(db, 3)
    upkeep.compact(db)


STATES = (
    replaced,
    undone_beneath,
    undone_newest,
    erased,
    erased_with_money,
    undone_and_erased,
    erased_and_undone,
    limited,
    compacted,
)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__)
def test_a_cent_too_much_is_found_in_every_row_of_every_state(company, state):
    state(company)
    assert told(company).severity == "fine", told(company).sentence
    changed = 0
    for table, amount in (("revenue", "amount"), ("contacts", "cost")):
        for row in company.rows(f"SELECT rowid AS id FROM {table}"):
            with company.trying() as cur:
                cur.execute(
                    f"UPDATE {table} SET {amount} = {amount} + 0.01 WHERE rowid = {row['id']}"
                )
                found = next(one for one in invariants(cur) if one.code == "money")
            assert found.severity == "bad"
            assert found.sentence.startswith("Money differs from the receipt of import ")
            changed += 1
    assert changed >= 2


def test_a_row_of_money_that_vanished_or_appeared_is_found_after_an_erasure(company):
    erased_with_money(company)
    for change in (
        "DELETE FROM revenue WHERE currency = 'USD'",
        "INSERT INTO revenue SELECT * REPLACE ('CHF' AS currency) FROM revenue LIMIT 1",
        "UPDATE revenue SET currency = 'CHF'",
    ):
        with company.trying() as cur:
            cur.execute(change)
            found = [one for one in invariants(cur) if one.code == "money"]
            assert [one.severity for one in found] == ["bad"]


def test_what_was_undone_or_erased_is_said_beside_the_sums(company):
    assert told(company).sentence.endswith("to the last decimal.")
    erased_with_money(company)
    assert told(company).sentence.endswith("but for what was undone or erased since.")


def test_a_database_of_an_older_schema_is_held_as_it_stood_when_it_was_brought_up(company):
    erased_with_money(company)
    intake.undo(company, 1)
    path = company.path
    company.close()
    known = migrations()
    with duckdb.connect(str(path)) as older:
        older.execute("DROP TABLE sum_changes")
        older.execute("UPDATE store_info SET value = '7' WHERE name = 'schema_version'")
    upkeep.accept(path)
    with Database(path) as db:
        assert db.schema_version == known[-1][0]
        assert told(db).severity == "fine"
        with db.writing() as cur:
            cur.execute("UPDATE contacts SET cost = cost + 0.01")
        assert told(db).severity == "bad"
