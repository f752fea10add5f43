"""Undoing an import leaves exactly what was there before it, to the last hash of every table."""

import pytest
from filled_store import held
from test_store_erase import FILES, MONEY, MONEY_ROWS, put

from cxdash import intake, upkeep
from cxdash.store import Database

TOLD = ("imports", "store_info")  # they say that something was imported and undone


def counting(db):
    return {name: table for name, table in held(db).items() if name not in TOLD}


@pytest.mark.promise("U09")
def test_U09_undoing_any_import_gives_the_exact_state_before_it(tmp_path, tell):
    """New rows, corrected ones, repeats and rejects; the newest first, then one beneath others."""
    corrected = MONEY_ROWS.replace("100.10", "99.90").replace("50.00", "51.00")
    with Database(tmp_path / "company.duckdb") as db:
        states = [counting(db)]
        for name, content in [*FILES.items(), ("money.csv", (MONEY, corrected))]:
            put(db, tmp_path, {name: content})
            states.append(counting(db))
        undone = 0
        for number in range(len(states) - 1, 0, -1):
            intake.undo(db, number)
            assert counting(db) == states[number - 1], f"import {number}"
            undone += 1
        assert upkeep.examined(db).healthy
    with Database(tmp_path / "company.duckdb") as db:
        assert counting(db) == states[0]
        assert not db.loss
    tell("imports undone and compared table by table", undone)


@pytest.mark.promise("U09")
def test_U09_undoing_beneath_a_later_import_leaves_what_the_later_one_holds(tmp_path):
    corrected = MONEY_ROWS.replace("100.10", "99.90")
    with Database(tmp_path / "one.duckdb") as db:
        put(db, tmp_path)
        put(db, tmp_path, {"money.csv": (MONEY, corrected)})
        intake.undo(db, 4)
        with_undo = db.rows("SELECT * EXCLUDE (import_id) FROM revenue ORDER BY row_key")
        assert upkeep.examined(db).healthy
    with Database(tmp_path / "two.duckdb") as db:
        put(db, tmp_path, {name: FILES[name] for name in FILES if name != "money.csv"})
        put(db, tmp_path, {"money.csv": (MONEY, corrected)})
        assert db.rows("SELECT * EXCLUDE (import_id) FROM revenue ORDER BY row_key") == with_undo
