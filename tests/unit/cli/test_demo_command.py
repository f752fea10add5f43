"""The demo company can be taken out by a command, and a clash with it says so."""

import pytest

from cxdash.faces.cli.main import main
from cxdash.store import Database


@pytest.fixture
def place(tmp_path):
    database = tmp_path / "db.duckdb"
    size = ["--customers", "60", "--months", "12", "--out", str(tmp_path / "files")]
    assert main(["demo", *size, "--load", "--db", str(database)]) == 0
    return database


def run(capsys, *words):
    capsys.readouterr()
    code = main([str(word) for word in words])
    out, err = capsys.readouterr()
    return code, out, " ".join(err.split())


def test_rows_that_clash_with_the_demo_company_say_so_and_how_to_go_on(place, tmp_path, capsys):
    head, *rows = (tmp_path / "files" / "tickets.csv").read_text(encoding="utf-8").splitlines()
    changed = "\n".join(f"{row},x" for row in rows[:30]).replace(",Yes,", ",No,")
    (tmp_path / "own.csv").write_text(f"{head},more\n{changed}\n", encoding="utf-8")
    map_ = ["--map", tmp_path / "files" / "mappings" / "tickets.toml", "--db", place]
    words = ["import", tmp_path / "own.csv", *map_]
    code, _, err = run(capsys, *words)
    assert code == 1
    assert "(tickets.csv, loaded on " in err
    assert "That is the made-up demo company." in err
    assert "python -m cxdash demo --clear" in err
    code, out, _ = run(capsys, "demo", "--clear", "--db", place)
    assert code == 0
    assert "The demo company is taken out: 13 imports undone" in out
    assert "0 imports of your own stay." in out
    assert run(capsys, *words)[0] == 0
    code, out, _ = run(capsys, "demo", "--clear", "--db", place)
    assert (code, "so nothing was changed; 1 import of your own stays." in out) == (0, True)
    with Database(place) as db:
        assert db.rows("SELECT count(*) AS n FROM contacts WHERE is_current")[0]["n"] == 30


def test_taking_out_makes_no_database_and_writes_no_files(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, _, err = run(capsys, "demo", "--clear", "--db", tmp_path / "none.duckdb")
    assert (code, "There is no database" in err) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_loading_and_taking_out_at_once_is_wrong_use(capsys):
    assert run(capsys, "demo", "--load", "--clear")[0] == 2
