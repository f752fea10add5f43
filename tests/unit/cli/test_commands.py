"""The commands from the outside: what they print, the JSON they promise, how they end."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from cxdash import intake, questions
from cxdash.errors import StoreError
from cxdash.faces.cli import main
from cxdash.facts import definitions
from cxdash.store import Database

ROOT = Path(__file__).parents[3]
REVENUE = """invoice_id,customer_id,dated,amount,currency
I-1,010001,2026-01-31,100.10,USD
I-2,010002,2026-01-31,200.20,USD
I-3,010002,2026-02-30,1.00,USD
"""
REVENUE_MAP = """kind = "revenue"
key = ["invoice_id"]
[columns]
customer_id = "customer_id"
dated = { column = "dated", dates = "ymd" }
amount = { column = "amount", decimal = "." }
currency = "currency"
[constants]
revenue_kind = "recurring"
"""
UNCLEAR = "customer,day,amount\nA,01/02/2026,10.00\nB,03/04/2026,20.00\n"
CUSTOMERS = "customer_id,segment\n010001,SMB\n010002,Enterprise\n"
CUSTOMERS_MAP = 'kind = "customers"\n[columns]\ncustomer_id = "customer_id"\nsegment = "segment"\n'
FACT_KEYS = """id label value low high level unit grade n population period definition method
    caveats sources card"""
BAND_KEYS = """metric band customers n churn_rate churn_low churn_high revenue revenue_at_stake
    stake_low stake_high"""
ANSWER_KEYS = "question as_of scope status headline facts tables caveats missing"
ANSWERS = {
    "dates": "dmy",
    "currency": "USD",
    "revenue_kind": "recurring",
    "role:dated": "day",
    "role:customer_id": "customer",
}


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with files, where the commands run on a database of their own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CXDASH_DB", str(tmp_path / "company.duckdb"))
    (tmp_path / "revenue.csv").write_text(REVENUE, encoding="utf-8")
    (tmp_path / "revenue.toml").write_text(REVENUE_MAP, encoding="utf-8")
    (tmp_path / "customers.csv").write_text(CUSTOMERS, encoding="utf-8")
    (tmp_path / "customers.toml").write_text(CUSTOMERS_MAP, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The database of a small demo company, made by the command itself."""
    folder = tmp_path_factory.mktemp("demo")
    database = folder / "demo.duckdb"
    size = ["--customers", "150", "--months", "18", "--seed", "3"]
    assert (
        main(["demo", *size, "--out", str(folder / "files"), "--load", "--db", str(database)]) == 0
    )
    return database


def run(capsys, *words):
    """Exit code, standard output and standard error of one command."""
    capsys.readouterr()
    code = main(words)
    out, err = capsys.readouterr()
    return code, out, err


def loaded(capsys):
    assert run(capsys, "import", "revenue.csv", "--map", "revenue.toml")[0] == 0


def test_an_import_prints_its_receipt_as_an_equation(place, capsys):
    code, out, err = run(capsys, "import", "revenue.csv", "--map", "revenue.toml")
    assert code == 0
    assert "3 rows read = 2 loaded + 0 duplicate + 1 rejected" in out
    assert "USD 300.30 loaded" in out
    assert "line 4" in out
    assert err == ""


def test_json_of_an_import_is_one_document(place, capsys):
    code, out, _ = run(capsys, "import", "revenue.csv", "--map", "revenue.toml", "--json")
    document = json.loads(out)
    assert code == 0
    assert document["problems"] == []
    receipt = document["receipts"][0]
    assert receipt["rows_read"] == 3
    assert receipt["rows_read"] == (
        receipt["rows_loaded"] + receipt["rows_duplicate"] + receipt["rows_rejected"]
    )
    assert receipt["money"][0]["loaded"] == "300.3"


def test_the_same_file_again_counts_nothing_twice(place, capsys):
    loaded(capsys)
    again = ["import", "revenue.csv", "--map", "revenue.toml", "--json"]
    code, out, err = run(capsys, *again)
    told = json.loads(out)
    assert (code, told["receipts"], told["problems"]) == (0, [], [])
    assert told["loaded_before"] == [{"file": "revenue.csv", "import_id": 1}]
    assert "revenue.csv: these very bytes are loaded already, as import 1 on 20" in err
    with Database(place / "company.duckdb") as db:
        assert db.rows("SELECT count(*) AS n FROM imports") == [{"n": 1}]
    _, out, _ = run(capsys, *again, "--again")
    assert json.loads(out)["receipts"][0]["rows_loaded"] == 0
    with Database(place / "company.duckdb") as db:
        assert db.rows("SELECT count(*) AS n FROM revenue WHERE is_current") == [{"n": 2}]


def test_a_clear_file_needs_no_mapping_and_keys_stay_text(place, capsys):
    code, out, err = run(capsys, "import", "customers.csv", "--kind", "customers")
    assert (code, err) == (0, "")
    assert "2 rows read = 2 loaded" in out
    with Database(place / "company.duckdb") as db:
        found = db.rows("SELECT customer_id FROM customers ORDER BY 1")
    assert [row["customer_id"] for row in found] == ["010001", "010002"]


def test_a_layout_seen_before_is_remembered(place, capsys):
    loaded(capsys)
    later = REVENUE.replace("I-", "J-").replace("2026-02-30", "2026-02-28")
    (place / "later.csv").write_text(later, encoding="utf-8")
    code, out, err = run(capsys, "import", "later.csv")
    assert (code, err) == (0, "")
    assert "3 rows read = 3 loaded + 0 duplicate + 0 rejected" in out


def test_an_open_question_is_asked_and_nothing_is_loaded(place, capsys):
    unclear = "invoice,customer,day,amount\nI-1,C-1,03/04/2026,100\nI-2,C-2,05/06/2026,200\n"
    (place / "unclear.csv").write_text(unclear, encoding="utf-8")
    code, out, err = run(capsys, "import", "unclear.csv", "--kind", "revenue", "--json")
    assert code == 1
    problem = json.loads(out)["problems"][0]
    assert json.loads(out)["receipts"] == []
    assert len(problem["questions"]) >= 2
    assert problem["state"] == "Nothing was loaded."
    assert "--answer" in problem["next"]
    assert "Nothing was loaded." in err
    with Database(place / "company.duckdb") as db:
        assert intake.imports(db) == []


def test_an_unfinished_mapping_file_loads_nothing(place, capsys):
    (place / "unclear.csv").write_text(UNCLEAR, encoding="utf-8")
    assert run(capsys, "import", "unclear.csv", "--write-map", "out.toml")[0] == 0
    code, _, err = run(capsys, "import", "unclear.csv", "--map", "out.toml")
    assert code == 2
    assert "unfinished" in err
    with Database(place / "company.duckdb") as db:
        assert intake.imports(db) == []


def test_a_mapping_that_leaves_something_open_loads_nothing(place, capsys):
    (place / "unclear.csv").write_text(UNCLEAR, encoding="utf-8")
    (place / "thin.toml").write_text(
        'kind = "revenue"\n[columns]\ncustomer_id = "customer"\ndated = "day"\n'
        'amount = "amount"\n[constants]\ncurrency = "USD"\nrevenue_kind = "recurring"\n',
        encoding="utf-8",
    )
    code, _, err = run(capsys, "import", "unclear.csv", "--map", "thin.toml")
    assert code == 1
    assert "Nothing was loaded" in err
    with Database(place / "company.duckdb") as db:
        assert intake.imports(db) == []


def test_questions_can_be_answered_on_the_command_line(place, capsys):
    unclear = "invoice,customer,day,amount\nI-1,C-1,03/04/2026,100\nI-2,C-2,05/06/2026,200\n"
    (place / "unclear.csv").write_text(unclear, encoding="utf-8")
    words = ["import", "unclear.csv", "--kind", "revenue", "--json"]
    for _ in range(6):
        code, out, _ = run(capsys, *words)
        problems = json.loads(out)["problems"]
        if not problems:
            break
        for question in problems[0]["questions"]:
            name = question.split(": ")[0]
            words += ["--answer", f"{name}={ANSWERS.get(name) or ANSWERS[name.split(':')[0]]}"]
    assert code == 0
    with Database(place / "company.duckdb") as db:
        found = db.rows("SELECT CAST(dated AS VARCHAR) AS dated, currency FROM revenue ORDER BY 1")
    assert found == [
        {"dated": "2026-04-03", "currency": "USD"},
        {"dated": "2026-06-05", "currency": "USD"},
    ]


def test_one_bad_file_does_not_stop_the_others(place, capsys):
    (place / "empty.csv").touch()
    code, out, err = run(
        capsys, "import", "empty.csv", "missing.csv", "revenue.csv", "--map", "revenue.toml"
    )
    assert code == 1
    assert "3 rows read = 2 loaded" in out
    assert "empty.csv" in err
    assert "missing.csv" in err
    assert "Traceback" not in err


def test_customers_are_loaded_before_what_refers_to_them(place, capsys):
    loaded(capsys)
    assert run(capsys, "undo", "1")[0] == 0
    assert run(capsys, "import", "customers.csv", "--map", "customers.toml")[0] == 0
    assert run(capsys, "undo", "2")[0] == 0
    loaded(capsys)
    assert run(capsys, "import", "customers.csv", "--map", "customers.toml")[0] == 0
    more = REVENUE.replace("I-", "K-")
    (place / "more.csv").write_text(more, encoding="utf-8")
    again = CUSTOMERS.replace("01000", "02000")
    (place / "again.csv").write_text(again, encoding="utf-8")
    code, out, _ = run(capsys, "import", "more.csv", "again.csv", "--json")
    assert code == 0
    assert [receipt["kind"] for receipt in json.loads(out)["receipts"]] == ["customers", "revenue"]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (["import", "revenue.csv", "--map", "nowhere.toml"], 2, "nowhere.toml"),
        (["import", "revenue.csv", "--map", "revenue.csv"], 2, "TOML"),
        (["import", "revenue.csv", "--map", "revenue.toml", "--kind", "contacts"], 2, "contacts"),
        (["import", "revenue.csv", "--kind", "poems"], 2, "poems"),
        (["import", "."], 1, "Nothing was loaded."),
        (["answer", "worth"], 1, "no database"),
        (["imports"], 1, "no database"),
        (["undo", "1"], 1, "no database"),
        (["answer", "everything"], 2, "worth"),
        (["answer", "worth", "--horizon", "5"], 2, "horizon"),
        ([], 2, "COMMAND"),
    ],
)
def test_a_problem_is_told_in_sentences_with_its_exit_code(place, capsys, words, code, told):
    found, out, err = run(capsys, *words)
    assert (found, out.strip()) == (code, "")
    assert told in err
    assert "Traceback" not in err


def test_a_command_that_reads_makes_no_database(place, capsys):
    run(capsys, "answer", "worth")
    run(capsys, "imports")
    assert not (place / "company.duckdb").exists()


def test_undo_takes_an_import_back_and_says_so(place, capsys):
    loaded(capsys)
    code, out, _ = run(capsys, "undo", "1")
    assert code == 0
    assert "Import 1 (revenue.csv) is taken back." in out
    with Database(place / "company.duckdb") as db:
        assert db.rows("SELECT * FROM revenue") == []
    code, _, err = run(capsys, "undo", "1")
    assert code != 0
    assert err


def test_undoing_what_never_was_is_wrong_use(place, capsys):
    loaded(capsys)
    code, _, err = run(capsys, "undo", "99")
    assert code == 2
    assert "99" in err


def test_imports_lists_receipts_and_gives_the_rejected_rows_as_csv(place, capsys):
    loaded(capsys)
    _, out, _ = run(capsys, "imports", "--json")
    assert [receipt["import_id"] for receipt in json.loads(out)] == [1]
    _, out, _ = run(capsys, "imports", "--rejected", "1")
    header, row = csv.reader(io.StringIO(out))
    assert header[:2] == ["line", "reason"]
    assert row[0] == "4"
    assert "I-3" in row


def test_the_demo_company_is_loaded_as_demo_data(demo):
    with Database(demo) as db:
        receipts = intake.imports(db)
    assert receipts
    assert all(receipt.is_demo for receipt in receipts)
    assert all(receipt.rows_loaded > 0 for receipt in receipts)


@pytest.mark.parametrize("question", sorted(questions.QUESTIONS))
def test_the_json_of_an_answer_is_the_contract(demo, capsys, question):
    code, out, err = run(capsys, "answer", question, "--db", str(demo), "--json")
    document = json.loads(out)
    assert (code, err) == (0, "")
    assert list(document) == ANSWER_KEYS.split()
    assert document["question"] == question
    assert document["headline"]
    # With so few customers a claim may have nothing to stand on: then it says what would help.
    assert document["facts"] or (document["status"] == "cannot_tell" and document["missing"])
    for fact in document["facts"]:
        assert list(fact) == FACT_KEYS.split()
        assert (fact["low"] is None) == (fact["high"] is None) == (fact["level"] is None)


def test_worth_and_brief_have_the_tables_of_the_contract(demo, capsys):
    _, out, _ = run(capsys, "answer", "worth", "--db", str(demo), "--metric", "nps", "--json")
    bands = json.loads(out)["tables"]["bands"]
    assert len(bands) >= 3
    assert all(set(BAND_KEYS.split()) <= set(band) for band in bands)
    _, out, _ = run(capsys, "answer", "brief", "--db", str(demo), "--json")
    document = json.loads(out)
    claims = document["tables"]["claims"]
    assert [claim["order"] for claim in claims] == sorted(claim["order"] for claim in claims)
    known = {fact["id"] for fact in document["facts"]}
    for claim in claims:
        assert claim["kind"] in ("good_news", "at_stake", "ask")
        assert claim["fact_id"] in known
        assert claim["sentence"]
        assert claim["grade"] in "ABCDEF"


def test_an_answer_for_a_person_holds_the_headline(demo, capsys):
    _, out, _ = run(capsys, "answer", "worth", "--db", str(demo), "--json")
    headline = json.loads(out)["headline"]
    code, out, _ = run(capsys, "answer", "worth", "--db", str(demo))
    assert code == 0
    assert headline.split(".")[0][:60] in out.replace("\n", " ")


def test_a_filter_narrows_the_answer_and_an_unknown_one_is_wrong_use(demo, capsys):
    with Database(demo) as db:
        column, values = next(iter(questions.segments(db).items()))
    narrowed = f"{column}={values[0]}"
    _, out, _ = run(capsys, "answer", "worth", "--db", str(demo), "--where", narrowed, "--json")
    assert json.loads(out)["scope"]["where"] == {column: values[0]}
    evil = "segment; DROP TABLE revenue"
    code, out, err = run(capsys, "answer", "worth", "--db", str(demo), "--where", f"{evil}=x")
    assert (code, out) == (2, "")
    assert column in err


def test_one_table_of_an_answer_is_printed_as_csv_with_the_names_of_the_contract(demo, capsys):
    asked = ["answer", "worth", "--db", str(demo)]
    _, out, _ = run(capsys, *asked, "--json")
    bands = json.loads(out)["tables"]["bands"]
    code, out, _ = run(capsys, *asked, "--table", "bands")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert list(rows[0]) == list(bands[0])
    assert [row["band"] for row in rows] == [row["band"] for row in bands]


def test_a_table_that_is_not_there_and_two_forms_at_once_are_wrong_use(demo, capsys):
    asked = ["answer", "worth", "--db", str(demo), "--table"]
    code, out, err = run(capsys, *asked, "wishes")
    assert (code, out) == (2, "")
    assert "bands" in err
    code, out, err = run(capsys, *asked, "bands", "--json")
    assert (code, out) == (2, "")
    assert "only one" in err


def test_questions_and_definitions_are_listed(capsys):
    _, out, _ = run(capsys, "questions", "--json")
    assert {row["name"] for row in json.loads(out)} == set(questions.QUESTIONS)
    assert {"worth", "brief"} <= set(questions.QUESTIONS)
    _, out, _ = run(capsys, "definitions", "--json")
    assert [row["variant"] for row in json.loads(out)] == list(definitions())
    for words in (["questions"], ["definitions"]):
        code, out, _ = run(capsys, *words)
        assert code == 0
        assert len(out.splitlines()) > 3


def test_an_unexpected_exception_leaves_a_reference_and_no_data(place, capsys, monkeypatch):
    def stumble(*_args, **_kwargs):
        raise ValueError("could not convert 'Jane Doe, 4111 1111'")

    monkeypatch.setattr(intake, "load", stumble)
    code, out, err = run(capsys, "import", "revenue.csv", "--map", "revenue.toml")
    assert (code, out) == (1, "")
    assert "Traceback" not in err
    log = next((place / "logs").iterdir())
    assert log.name.split("-")[-1].removesuffix(".log") in err
    written = log.read_text(encoding="utf-8")
    assert "ValueError" in written
    assert "test_commands.py" in written
    assert "Jane" not in written + err


def test_a_locked_database_is_told_in_sentences(place, capsys, monkeypatch):
    def refuse(*_args, **_kwargs):
        raise StoreError("It is in use.", state="Nothing was changed.", do_next="Stop the other.")

    monkeypatch.setattr("cxdash.faces.cli.opening.Database", refuse)
    code, _, err = run(capsys, "import", "revenue.csv", "--map", "revenue.toml")
    assert code == 1
    assert err == "It is in use.\nNothing was changed.\nStop the other.\n"


def test_the_module_runs_and_a_reader_that_leaves_early_is_no_fault():
    command = f"{sys.executable} -m cxdash definitions | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1


def test_rows_of_another_layout_are_replaced_only_when_somebody_says_so(place, capsys):
    loaded(capsys)
    text = (place / "revenue.csv").read_text(encoding="utf-8")
    head, first, *_ = text.splitlines()
    (place / "other.csv").write_text(f"{head},more\n{first},x\n", encoding="utf-8")
    changed = re.sub(r"\d+\.\d\d", "77.77", (place / "other.csv").read_text(encoding="utf-8"))
    (place / "other.csv").write_text(changed, encoding="utf-8")
    words = ["import", "other.csv", "--map", "revenue.toml"]
    code, _, err = run(capsys, *words)
    assert code == 1
    assert "same_rows: Rows of import 1 (revenue.csv, loaded on " in " ".join(err.split())
    assert "other: Another system's: keep both apart" in " ".join(err.split())
    code, _, err = run(capsys, *words, "--dry-run")
    assert (code, "same_rows: " in err) == (1, True)
    code, _, err = run(capsys, *words, "--answer", "same_rows=other")
    assert (code, "source: What is the system called" in err) == (1, True)
    apart = ["--answer", "same_rows=other", "--answer", "source=shop"]
    assert run(capsys, *words, *apart)[0] == 0
    assert run(capsys, "undo", "2")[0] == 0
    code, out, _ = run(capsys, *words, "--answer", "same_rows=same", "--json")
    assert (code, json.loads(out)["receipts"][0]["rows_superseding"]) == (0, 1)
