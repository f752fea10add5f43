"""What people entered goes out as tables and comes in again by commands."""

import csv
import json

import pytest

from cxdash import register
from cxdash.access import audit
from cxdash.faces.cli import main
from cxdash.register.kinds.goals import Goal
from cxdash.store import Database


def goal(statement):
    empty = {name: spec.empty for name, spec in register.specs(Goal).items()}
    return Goal(**empty | {"statement": statement, "line": "revenue"})


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "x.duckdb"
    with Database(path) as db:
        register.put(db, goal("Keep them"), by="Ann")
    return path


def run(*words, path):
    return main([*map(str, words), "--db", str(path)])


def statements(path):
    with Database(path) as db:
        return [one.record.statement for one in register.current(db, Goal)]


def test_every_kind_is_written_and_comes_back_into_another_database(path, tmp_path, capsys):
    assert run("register", "export", "--out", tmp_path / "out", "--json", path=path) == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["kind"] for one in told["files"]] == [*register.KINDS]
    assert {one["kind"]: one["entries"] for one in told["files"]}["goal"] == 1
    other = tmp_path / "y.duckdb"
    files = sorted((tmp_path / "out").glob("*.csv"))
    assert run("register", "import", *files, path=other) == 0
    assert "1 new, 0 changed, 0 unchanged, 0 refused. All of it is saved." in (
        capsys.readouterr().out
    )
    assert statements(other) == ["Keep them"]


def test_one_kind_goes_to_standard_output_and_its_history_too(path, capsys):
    assert run("register", "export", "--kind", "goal", path=path) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [(row["id"], row["version"], row["changed_by"]) for row in rows] == [
        ("goal-1", "1", "Ann")
    ]
    assert run("register", "export", "--kind", "goal", "--history", path=path) == 0
    assert "changed_how" in capsys.readouterr().out


def test_an_export_without_a_place_to_go_is_wrong_use(path, capsys):
    assert run("register", "export", path=path) == 2
    assert "--out" in capsys.readouterr().err


def test_a_refused_row_is_told_with_its_line_and_nothing_is_saved(path, tmp_path, capsys):
    table = tmp_path / "goal.csv"
    table.write_text("statement,line\nGrow,revenue\nBad,weather\n")
    assert run("register", "import", table, "--json", path=path) == 1
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert (told["saved"], told["new"], told["refused"]) == (False, 1, 1)
    assert told["rows"][1]["line"] == 3
    assert "goal.csv, line 3: Line of the accounts: 'weather' is none of" in err
    assert statements(path) == ["Keep them"]


def test_a_file_that_is_no_table_of_entries_or_not_there_is_a_problem(path, tmp_path, capsys):
    table = tmp_path / "goal.csv"
    assert run("register", "import", table, path=path) == 1
    assert "cannot be read" in capsys.readouterr().err
    table.write_text("weather\nrain\n")
    assert run("register", "import", table, path=path) == 1
    assert "A goal has no weather" in capsys.readouterr().err


def test_what_was_brought_in_is_in_the_audit_log_without_a_word_of_it(path, tmp_path):
    table = tmp_path / "goal.csv"
    table.write_text("statement,line\nSecret plan,revenue\n")
    assert run("register", "import", table, path=path) == 0
    (newest,) = audit.entries(path, newest=1)
    assert newest.what == "register import: 1 new, 0 changed, 0 unchanged, 0 refused"
