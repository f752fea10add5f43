"""An amount that changed by itself is found, whatever was undone, erased or replaced before."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import duckdb
import pytest
from plain_layouts import REVENUE

from cxdash import intake, upkeep
from cxdash.store import Database
from cxdash.store.schema import migrations
from cxdash.upkeep.invariants import invariants

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
CONTRACTS = """
kind = "subscriptions"
[columns]
subscription_id = "contract"
customer_id = "customer"
started_on = "from"
monthly_amount = "fee"
[constants]
currency = "USD"
"""
DAY = """
kind = "snapshots"
[columns]
customer_id = "customer"
has_left = {column = "left", values = {yes = "true", no = "false"}}
monthly_amount = "fee"
[constants]
currency = "USD"
taken_on = "2025-12-31"
"""
TOTALS = """
kind = "control_totals"
[columns]
period = "month"
measure = "what"
amount = "much"
currency = "currency"
"""
CHATS = CONTACTS.replace('cost = "cost"\n', "").replace("[constants]", '[constants]\ncost = "3.10"')
ROWS = """invoice,customer,at,amount,currency
i1,c-1,2025-01-05,100.10,USD
i2,c-2,2025-02-05,200.20,USD
i3,c-1,2025-02-05,50.00,EUR
"""
CORRECTED = ROWS.replace("100.10", "99.90")
CALLS = "contact,customer,at,cost\nk1,c-1,2025-03-01,4.50\nk2,c-2,2025-03-02,6.25\n"
SIGNED = "contract,customer,from,fee\ns1,c-1,2024-01-01,80.00\ns2,c-2,2024-02-01,95.50\n"
LISTED = "customer,left,fee\nc-1,no,80.00\nc-2,yes,95.50\n"
BOOKED = "month,what,much,currency\n2025-01-01,revenue,300.30,USD\n2025-01-01,customers,2,\n"
CHATTED = "contact,customer,at\nm1,c-1,2025-03-01\nm2,c-2,2025-03-02\n"
#: Where amounts lie; a control total without a currency is a count.
AMOUNTS = {
    "revenue": "amount",
    "contacts": "cost",
    "subscriptions": "monthly_amount",
    "snapshots": "monthly_amount",
    "control_totals WHERE currency IS NOT NULL": "amount",
}


@pytest.fixture
def company(tmp_path):
    with Database(tmp_path / "company.duckdb") as db:
        for name, mapping, text in (
            ("money", REVENUE, ROWS),
            ("calls", CONTACTS, CALLS),
            ("again", REVENUE, CORRECTED),
            ("third", REVENUE, CORRECTED),
            ("contracts", CONTRACTS, SIGNED),
            ("day", DAY, LISTED),
            ("totals", TOTALS, BOOKED),
            ("chats", CHATS, CHATTED),
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
    for rows, amount in AMOUNTS.items():
        for row in company.rows(f"SELECT rowid AS id FROM {rows}"):
            table = rows.split()[0]
            with company.trying() as cur:
                cur.execute(
                    f"UPDATE {table} SET {amount} = {amount} + 0.01 WHERE rowid = {row['id']}"
                )
                found = next(one for one in invariants(cur) if one.code == "money")
            assert found.severity == "bad"
            assert found.sentence.startswith("Money differs from the receipt of import ")
            changed += 1
    assert changed >= 5


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


# What takes a schema step back; a step that only filled what was there needs nothing.
BACK = {
    8: "DROP TABLE sum_changes",
    10: "DROP TABLE register_versions",
    11: "ALTER TABLE contacts DROP COLUMN unit",
}


def take_back_to(schema, older):
    for number in (one for one in BACK if one > schema):
        older.execute(BACK[number])
    older.execute(f"UPDATE store_info SET value = '{schema}' WHERE name = 'schema_version'")


def test_a_database_of_an_older_schema_is_held_as_it_stood_when_it_was_brought_up(company):
    erased_with_money(company)
    intake.undo(company, 1)
    path = company.path
    company.close()
    known = migrations()
    with duckdb.connect(str(path)) as older:
        take_back_to(7, older)
    upkeep.accept(path)
    with Database(path) as db:
        assert db.schema_version == known[-1][0]
        assert told(db).severity == "fine"
        with db.writing() as cur:
            cur.execute("UPDATE contacts SET cost = cost + 0.01")
        assert told(db).severity == "bad"


def test_an_amount_that_is_the_same_in_every_row_stands_on_the_receipt(company):
    (receipt,) = company.rows("SELECT receipt FROM imports WHERE file_name = 'chats.csv'")
    assert [
        (one["currency"], Decimal(one["loaded"])) for one in json.loads(receipt["receipt"])["money"]
    ] == [("EUR", Decimal("6.20"))]


def test_what_an_older_receipt_did_not_tell_is_taken_as_it_stands(company):
    path = company.path
    with company.writing() as cur:
        cur.execute(
            "UPDATE imports SET receipt = json_merge_patch(receipt, '{\"money\": []}') "
            "WHERE file_name = 'chats.csv'"
        )
    company.close()
    with duckdb.connect(str(path)) as older:
        take_back_to(8, older)
    upkeep.accept(path)
    with Database(path) as db:
        assert told(db).severity == "fine", told(db).sentence
        with db.writing() as cur:
            cur.execute("UPDATE contacts SET cost = cost + 0.01 WHERE contact_id = 'm1'")
        assert told(db).severity == "bad"
