"""`people` and `audit` on the command line: they change access while the app runs, and tell."""

import json
from datetime import UTC, datetime

import pytest

from cxdash.access import Action, Book, Role, audit, note, operator
from cxdash.access.book import place
from cxdash.access.people import arrive, people
from cxdash.access.sessions import begin, live
from cxdash.access.settings import Settings
from cxdash.faces.cli.main import main
from cxdash.store import Database

NOW = datetime.now(UTC)


@pytest.fixture
def database(tmp_path):
    """A database in use, as by the app, with an admin and a viewer."""
    path = tmp_path / "cx.duckdb"
    with Database(path), Book.of(path) as book:
        for subject, role in (("ada", "admin"), ("vera", "viewer")):
            arrive(book, {"iss": "i", "sub": subject, "roles": [role]}, Settings(), NOW)
        yield path


def run(database, *words):
    return main([words[0], "--db", str(database), *words[1:]])


def test_everyone_is_listed_and_a_role_is_given_while_the_app_holds_the_database(database, capsys):
    assert run(database, "people", "--give", "vera=analyst") == 0
    assert "analyst" in capsys.readouterr().out
    with Book.of(database) as book:
        assert {one.subject: one.role for one in people(book)} == {
            "ada": Role.ADMIN,
            "vera": Role.ANALYST,
        }


def test_a_person_is_shut_out_let_in_and_signed_out_everywhere(database, capsys):
    with Book.of(database) as book:
        begin(book, "key", 2, NOW)
    assert run(database, "people", "--shut-out", "vera", "--end-sign-ins", "2", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [one["disabled"] for one in told] == [False, True]
    with Book.of(database) as book:
        assert live(book, Settings(), NOW) == []
    assert run(database, "people", "--let-in", "vera") == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--give", "vera=boss"], "no role 'boss'"),
        (["--give", "zoe=viewer"], "Nobody is known as zoe"),
        (["--give", "ada=none"], "the only admin"),
        (["--give", "vera"], "not PERSON=ROLE"),
    ],
)
def test_a_wrong_change_is_refused_with_a_sentence(database, capsys, words, said):
    assert run(database, "people", *words) == 2
    assert said in capsys.readouterr().err


def test_the_log_is_listed_and_its_wholeness_is_the_exit_code(database, capsys):
    run(database, "people", "--give", "vera=analyst")
    capsys.readouterr()
    assert run(database, "audit", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["whole"]
    assert told["newest"][0]["what"] == "vera has the role analyst"
    assert told["newest"][0]["actor"].endswith("(command line)")
    assert run(database, "audit", "--noted", "f" * 12) == 1
    assert "was replaced" in capsys.readouterr().err


def test_the_whole_log_goes_out_as_csv_without_a_formula(database, capsys):
    note(database, operator(), Action.EXPORT, "=1+1")
    assert run(database, "audit", "--csv") == 0
    assert '"\'=1+1"' in capsys.readouterr().out


def test_without_a_database_nothing_is_made(tmp_path, capsys):
    path = tmp_path / "none.duckdb"
    assert run(path, "people") == 1
    assert "There is no database" in capsys.readouterr().err
    assert not place(path).exists()


def test_what_is_taken_out_on_the_command_line_stands_in_the_log(tmp_path, capsys):
    path, file = tmp_path / "cx.duckdb", tmp_path / "customers.csv"
    rows = "".join(f"{10_000 + n:06d},Company {n},SMB,North\n" for n in range(40))
    file.write_text(f"customer_id,name,segment,region\n{rows},Nobody,SMB,North\n", encoding="utf-8")
    assert run(path, "import", str(file)) == 0
    assert run(path, "imports", "--rejected", "1") == 0
    assert run(path, "undo", "1") == 0
    written = [(one.action, one.what) for one in audit.entries(path)][::-1]
    assert written == [
        ("IMPORT", "import 1"),
        ("EXPORT", "rejected rows of import 1"),
        ("UNDO", "import 1"),
    ]
