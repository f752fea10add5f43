"""Any sequence of imports and undos leaves what loading the remaining files in order would."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_layouts import SURVEY
from thorough import THOROUGH

from cxdash import intake
from cxdash.errors import UsageError
from cxdash.intake import ColumnSpec, Mapping
from cxdash.store import Database

from .conftest import CUSTOMERS

TODAY = date(2026, 11, 21)
VERSIONS = {
    "responses": "response_id, customer_id, row_hash",
    "scores": "item, value",
    "comments": "item, body",
    "customers": "customer_id, segment, row_hash",
    "customer_keys": "alias, customer_id, row_hash",
    "repeats": "table_name, row_hash",
}

answers = st.dictionaries(st.sampled_from("ABC"), st.sampled_from("129"), min_size=1).map(
    lambda rows: ("survey", tuple(rows.items()))
)
accounts = st.dictionaries(st.sampled_from("PQ"), st.sampled_from("xyz"), min_size=1).map(
    lambda rows: ("crm", tuple(rows.items()))
)
steps = st.lists(
    st.one_of(answers, accounts, st.integers(0, 4).map(lambda nth: ("undo", nth))),
    min_size=2,
    max_size=7,
)


def write(folder, number, step):
    kind, rows = step
    path = folder / f"{number}.csv"
    if kind == "survey":
        body = [f"{key},C1,2026-01-05,{value},said {value}" for key, value in rows]
        path.write_text("\n".join(["id,customer,at,nps,comment", *body]))
        return path, Mapping.from_toml(SURVEY)
    body = [f"{key},{value},{value}@example.com" for key, value in rows]
    path.write_text("\n".join(["customer,segment,mail", *body]))
    return path, Mapping.from_toml(CUSTOMERS)


def state(db):
    """All versions of all rows, imports numbered by their order among those in force."""
    live = [
        row["import_id"]
        for row in db.rows(
            "SELECT import_id FROM imports WHERE undone_at IS NULL ORDER BY import_id"
        )
    ]
    order = {number: at for at, number in enumerate(live)}
    found = {}
    for table, columns in VERSIONS.items():
        current = "" if table == "repeats" else ", is_current"
        rows = db.rows(f"SELECT {columns}, row_key, import_id, line_no{current} FROM {table}")
        found[table] = sorted(repr({**row, "import_id": order[row["import_id"]]}) for row in rows)
    return found


@pytest.mark.promise("U09")
@settings(
    max_examples=40 if THOROUGH else 6,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps)
def test_undo_is_as_if_it_had_never_been(tmp_path_factory, script):
    folder = tmp_path_factory.mktemp("undo")
    live = {}
    with Database(folder / "one") as db:
        for number, step in enumerate(script):
            if step[0] != "undo":
                path, mapping = write(folder, number, step)
                receipt = intake.load(db, path, mapping, today=TODAY)
                live[receipt.import_id] = (path, mapping)
            elif live:
                chosen = list(live)[step[1] % len(live)]
                intake.undo(db, chosen)
                del live[chosen]
        after = state(db)
    with Database(folder / "two") as fresh:
        for path, mapping in live.values():
            intake.load(fresh, path, mapping, today=TODAY)
        assert state(fresh) == after


def test_several_imports_are_taken_back_together_or_not_at_all(tmp_path):
    columns = {"customer_id": ColumnSpec("customer"), "segment": ColumnSpec("segment")}
    mapping = Mapping(kind="customers", columns=columns)
    counting = "SELECT count(*) AS n FROM customers WHERE is_current"
    with Database(tmp_path / "together.duckdb") as db:
        for number in (1, 2):
            file = tmp_path / f"customers{number}.csv"
            file.write_text(f"customer,segment\nC{number},S\n", encoding="utf-8")
            intake.load(db, file, mapping)
        with pytest.raises(UsageError):
            intake.undo(db, 1, 99)
        assert db.rows(counting) == [{"n": 2}]
        intake.undo(db, 1, 2)
        assert db.rows(counting) == [{"n": 0}]
