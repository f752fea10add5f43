"""An erased customer stands in no byte of any file, and no old copy brings the customer back."""

import json
import subprocess
import sys
from datetime import date

import pytest
from filled_store import filled, held, load
from plain_layouts import SURVEY

from cxdash import intake, upkeep
from cxdash.errors import UsageError
from cxdash.store import Database, Place, erasure
from cxdash.store.incident import record

CUSTOMERS = """
kind = "customers"
aliases = ["mail"]
[columns]
customer_id = "customer"
name = "name"
segment = "segment"
"""
MONEY = """
kind = "revenue"
key = ["invoice"]
[columns]
customer_id = "customer"
order_id = "order"
dated = "at"
amount = "amount"
currency = "currency"
[constants]
revenue_kind = "recurring"
[[reject]]
column = "customer"
values = ["zz-7741-test", "nobody"]
reason = "a test account"
"""
ORDERS = """
kind = "orders"
[columns]
order_id = "order"
customer_id = "customer"
ordered_at = "at"
"""
CUSTOMER_ROWS = """customer,mail,name,segment
zz-7741,ottoline.m@post.example,Ottoline Morrell,SMB
zz-0002,second@post.example,Second Person,SMB
"""
ORDER_ROWS = """order,customer,at
ord-551900,zz-7741,2025-01-02
ord-551901,zz-0002,2025-01-03
"""
ANSWER_ROWS = """id,customer,at,nps,comment
r1,zz-7741,2025-02-01,9,I am Ottoline and I like it
r2,ottoline.m@post.example,2025-03-01,3,This went badly wrong
r3,zz-0002,2025-02-01,7,ask zz-7741 what happened
r4,zz-7741,someday,5,The date of this row is no date
r1,zz-7741,2025-02-01,9,I am Ottoline and I like it
"""
MONEY_ROWS = """invoice,customer,order,at,amount,currency
i1,zz-7741,ord-551900,2025-01-05,100.10,USD
i2,,ord-551900,2025-02-05,200.20,USD
i3,zz-0002,ord-551901,2025-01-05,50.00,USD
i4,zz-7741-test,,2025-01-05,1.00,USD
"""
TWINS = """customer,mail,name,segment
zz-3,shared@post.example,T,SMB
zz-4,shared@post.example,U,SMB
"""
FILES = {
    "customers.csv": (CUSTOMERS, CUSTOMER_ROWS),
    "orders.csv": (ORDERS, ORDER_ROWS),
    "answers.csv": (SURVEY, ANSWER_ROWS),
    "money.csv": (MONEY, MONEY_ROWS),
}
SEEDS = ("zz-7741", "ottoline", "Morrell", "This went badly", "no date", "ord-551900")
STAYS = ("ask zz-7741", "zz-7741-test")  # said by, or about, somebody else


@pytest.fixture
def path(tmp_path):
    """A company with one customer in every kind of row: loaded, repeated, rejected, replaced."""
    place = tmp_path / "company.duckdb"
    with Database(place) as db:
        put(db, tmp_path)
        changed = MONEY_ROWS.replace("100.10", "100.25")
        put(db, tmp_path, {"money.csv": (MONEY, changed)})
        put(db, tmp_path, {"money.csv": (MONEY, changed)})
    return place


def put(db, folder, files=None):
    receipts = []
    for name, (mapping, text) in (files or FILES).items():
        file = folder / "exports" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        receipts.append(
            intake.load(db, file, intake.Mapping.from_toml(mapping), today=date(2026, 1, 1))
        )
        file.unlink()
    return receipts


def found(folder, seeds=SEEDS):
    """Files that hold one of the seeds in plain bytes, after everything that may stay is masked."""
    hits = []
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            content = file.read_bytes().lower()
            for stays in STAYS:
                content = content.replace(stays.lower().encode(), b"")
            hits += [(file.name, seed) for seed in seeds if seed.lower().encode() in content]
    return hits


def money(db):
    return db.rows(
        "SELECT currency, sum(amount) AS total, count(*) AS n FROM revenue WHERE is_current "
        "GROUP BY currency"
    )


@pytest.mark.promise("P04")
def test_P04_no_byte_of_an_erased_customer_is_left_in_any_file(path, tmp_path, tell):
    assert {seed for _, seed in found(tmp_path)} == set(SEEDS)
    waiting = Place.of(path).staging / "visitor" / "1.upload"
    waiting.parent.mkdir(parents=True)
    waiting.write_text("customer\nzz-7741\n", encoding="utf-8")
    with Database(path) as db:
        upkeep.backup(db)
        before = money(db)
        record(ValueError("zz-7741"), db.place.logs)
        done = upkeep.erase(db, "zz-7741", backups=True)
        assert money(db) == before
        assert upkeep.examined(db).healthy
    assert found(tmp_path) == []
    assert done.done
    assert done.rewritten == 1
    assert done.holding == ()
    assert done.files == (waiting,)
    assert done.forgotten.mentions == 1
    tell("texts of the customer searched for", len(SEEDS))
    tell("files searched byte by byte", sum(file.is_file() for file in tmp_path.rglob("*")))


@pytest.mark.promise("P04")
def test_P04_a_customer_is_found_by_another_name_too(path, tmp_path):
    with Database(path) as db:
        upkeep.erase(db, "ottoline.m@post.example")
    assert found(tmp_path) == []


@pytest.mark.promise("P04")
def test_P04_a_dry_run_says_the_same_and_changes_nothing(path):
    with Database(path) as db:
        before = held(db)
        foreseen = upkeep.erase(db, "zz-7741", dry_run=True)
        assert held(db) == before
        assert not foreseen.done
        done = upkeep.erase(db, "zz-7741")
    assert done.forgotten == foreseen.forgotten
    assert done.number == foreseen.number == 1
    assert "zz-7741" not in repr(done)


@pytest.mark.promise("P04")
def test_P04_the_same_files_loaded_again_bring_nobody_back(path, tmp_path, tell):
    with Database(path) as db:
        upkeep.erase(db, "zz-7741", forget_money=True)
        before = {name: table for name, table in held(db).items() if name != "imports"}
        receipts = put(db, tmp_path)
        told = {reject.reason for receipt in receipts for reject in receipt.rejects}
        assert erasure.REASON in told
        assert sum(receipt.rows_rejected for receipt in receipts) >= 8
        after = held(db)
        for name in ("customers", "orders", "responses", "scores", "comments", "revenue"):
            assert after[name] == before[name], name
    assert found(tmp_path) == []
    tell("rows of an erased customer refused", sum(r.rows_rejected for r in receipts))


@pytest.mark.promise("P04")
def test_P04_money_is_deleted_when_that_is_asked_for(path):
    with Database(path) as db:
        done = upkeep.erase(db, "zz-7741", forget_money=True)
        assert done.forgotten.anonymised == {}
        assert [str(row["total"]) for row in money(db)] == ["50.0000"]
        assert db.rows("SELECT count(*) AS n FROM orders") == [{"n": 1}]


@pytest.mark.promise("P04")
def test_P04_what_is_kept_of_the_money_leads_to_nobody(path):
    with Database(path) as db:
        upkeep.erase(db, "zz-7741")
        rows = db.rows("SELECT * FROM revenue WHERE starts_with(customer_id, 'erased-')")
        assert len({row["customer_id"] for row in rows}) == 1
        assert {str(row["amount"]) for row in rows if row["is_current"]} == {"100.2500", "200.2000"}
        assert all(row["row_key"].startswith("erased-") for row in rows)
        orders = {row["order_id"] for row in rows}
        assert orders == {
            row["order_id"]
            for row in db.rows("SELECT order_id FROM orders WHERE starts_with(order_id, 'erased-')")
        }


@pytest.mark.promise("P04")
def test_P04_undoing_an_import_after_an_erasure_keeps_the_versions_right(path):
    """The corrected invoice goes, the amount before it counts again, still without a name."""
    with Database(path) as db:
        upkeep.erase(db, "zz-7741")
        intake.undo(db, 5, 6)
        assert [str(row["total"]) for row in money(db)] == ["350.3000"]
        assert upkeep.examined(db).healthy


@pytest.mark.promise("P04")
def test_P04_a_backup_from_before_does_not_bring_the_customer_back(path, tmp_path):
    with Database(path) as db:
        made = upkeep.backup(db)
        done = upkeep.erase(db, "zz-7741")
        assert [copy.file for copy in done.holding] == [made.file]
        assert any(f.code == "erasures" for f in upkeep.examined(db).findings)
    restored = upkeep.restore(made.file, path)
    assert restored.forgotten == 1
    made.file.unlink()
    assert found(tmp_path) == []
    with Database(path) as db:
        assert not db.loss
        assert upkeep.examined(db).healthy
        assert db.rows(f"SELECT {erasure.erased('$1')} AS e", ["zz-7741"]) == [{"e": True}]


def test_who_is_not_there_or_meant_twice_is_not_erased(path, tmp_path):
    with Database(path) as db:
        put(db, tmp_path, {"twins.csv": (CUSTOMERS, TWINS)})
        before = held(db)
        with pytest.raises(UsageError, match="No row names that customer"):
            upkeep.erase(db, "zz-9999")
        with pytest.raises(UsageError, match="2 customers go by that name"):
            upkeep.erase(db, "shared@post.example")
        assert held(db) == before
        assert upkeep.erase(db, "zz-3").shared == 1
        assert db.rows("SELECT alias FROM customer_keys WHERE customer_id = 'zz-4'")
        with pytest.raises(UsageError, match="was erased before"):
            upkeep.erase(db, "zz-3")


def test_two_erasures_are_both_taken_out_of_an_old_backup(tmp_path):
    with filled(tmp_path / "company.duckdb", rows=300) as db:
        made = upkeep.backup(db)
        upkeep.erase(db, "C-7")
        last = upkeep.erase(db, "C-8", backups=True)
        assert last.rewritten == 1
    upkeep.restore(made.file, tmp_path / "other" / "company.duckdb")
    with Database(tmp_path / "other" / "company.duckdb") as db:
        left = db.rows("SELECT count(*) AS n FROM responses WHERE customer_id IN ('C-7', 'C-8')")
        assert left == [{"n": 0}]
        assert db.rows("SELECT count(*) AS n FROM responses") != [{"n": 0}]
        assert json.loads(json.dumps(upkeep.examined(db).to_json()))["healthy"]


def test_short_numbers_do_not_take_other_cells_with_them(tmp_path):
    """Customer 5 is not the rating 5."""
    with Database(tmp_path / "company.duckdb") as db:
        rows = "".join(f"r{n},{n % 7},2025-02-01,5,fine\n" for n in range(70))
        put(db, tmp_path, {"a.csv": (SURVEY, f"id,customer,at,nps,comment\n{rows}")})
        done = upkeep.erase(db, "5")
        assert done.forgotten.deleted["responses"] == done.forgotten.raw_rows == 10
        assert db.rows("SELECT count(*) AS n FROM raw_rows WHERE len(cells) > 0") == [{"n": 60}]


def test_the_list_of_copies_and_hashes_lies_beside_the_database(tmp_path):
    with filled(tmp_path / "company.duckdb", rows=20) as db:
        load(db, "customers", 1)
        upkeep.erase(db, "C-7")
        kept = erasure.kept(Place.of(db.path))
    assert [(entry.what, entry.erasure, entry.money) for entry in kept] == [("customer", 1, False)]
    assert "C-7" not in Place.of(tmp_path / "company.duckdb").erased.read_text()


def test_an_erasure_asked_for_again_ends_what_the_first_left(tmp_path):
    with filled(tmp_path / "company.duckdb", rows=60) as db:
        upkeep.backup(db)
        first = upkeep.erase(db, "C-7")
        assert len(first.holding) == 1
        upkeep.erase(db, "C-8")
        again = upkeep.erase(db, "C-7", dry_run=True)
        assert (again.number, len(again.holding), again.forgotten.rows) == (first.number, 1, 0)
        assert upkeep.erase(db, "C-7", backups=True).rewritten == 1
        with pytest.raises(UsageError, match="was erased before"):
            upkeep.erase(db, "C-7", backups=True)


def test_older_backups_are_cleaned_later_although_the_list_beside_the_database_is_lost(
    path, tmp_path
):
    with Database(path) as db:
        upkeep.backup(db)
        upkeep.erase(db, "zz-7741")
        db.place.erased.unlink()
        again = upkeep.erase(db, "ottoline.m@post.example", backups=True)
    assert (again.rewritten, again.holding) == (1, ())
    assert found(tmp_path) == []


def test_files_of_somebody_with_a_longer_number_stay_and_the_log_goes_on(tmp_path):
    path = tmp_path / "company.duckdb"
    staging, logs = Place.of(path).staging / "somebody", tmp_path / "logs"
    staging.mkdir(parents=True)
    theirs, others = staging / "1.upload", staging / "2.upload"
    theirs.write_text("who;said\nC-17;fine\n", encoding="utf-8")
    others.write_text("who;said\nC-170;fine\nXC-17;fine\nC-17é;fine\n", encoding="utf-8")
    logs.mkdir()
    with (
        (logs / "cxdash.log").open("a", encoding="utf-8") as log,
        filled(path, rows=60) as db,
    ):
        log.write("C-17 was quoted\n")
        log.flush()
        done = upkeep.erase(db, "C-17")
        log.write("later\n")
    assert set(done.files) == {theirs, logs / "cxdash.log"}
    assert not theirs.exists()
    assert others.exists()
    assert (logs / "cxdash.log").read_text(encoding="utf-8") == "later\n"


KILLED = """
import os
from cxdash import upkeep
from cxdash.store import Database, erasure
db = Database({path!r})
write = erasure.keep
erasure.keep = lambda *what: (write(*what), os._exit(9))
upkeep.erase(db, "C-7")
"""


def test_an_erasure_killed_before_it_was_whole_is_ended_when_the_app_starts(tmp_path):
    path = tmp_path / "company.duckdb"
    filled(path, rows=60).close()
    ended = subprocess.run([sys.executable, "-c", KILLED.format(path=str(path))], check=False)
    assert ended.returncode == 9
    theirs = "SELECT count(*) AS n FROM responses WHERE customer_id = 'C-7'"
    with Database(path) as db:
        assert db.rows(theirs) != [{"n": 0}]
        upkeep.begin(db).join()
        assert db.rows(theirs) == [{"n": 0}]
        assert upkeep.examined(db).healthy
