"""`import` on the command line: answers, several files, trials, mappings written down."""

import json
import signal
import zipfile

import pytest

from cxdash import intake
from cxdash.access import audit
from cxdash.faces.cli import loading, main
from cxdash.store import Database

CUSTOMERS = "customer_id,segment\n" + "".join(f"{n:03d},SMB\n" for n in range(1, 21))
SURVEY = "response_id,customer_id,submitted_at,nps\n" + "".join(
    f"R{n},{n:03d},0{n % 9 + 1}/0{(n + 3) % 9 + 1}/2026,{n % 11}\n" for n in range(1, 21)
)
INVOICES = "invoice_id,customer_id,invoice_date,amount,currency\n" + "".join(
    f"I{n},{n:03d},2026-03-{n:02d},{n}.50,USD\n" for n in range(1, 21)
)
DATES = "dates:submitted_at=dmy"


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder with three ordinary exports, where the commands run on a database of their own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CXDASH_DB", str(tmp_path / "company.duckdb"))
    files = {"survey.csv": SURVEY, "invoices.csv": INVOICES, "customers.csv": CUSTOMERS}
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def run(capsys, *words):
    """Exit code, standard output and standard error of one command."""
    capsys.readouterr()
    code = main(words)
    out, err = capsys.readouterr()
    return code, out, err


def kinds(place):
    with Database(place / "company.duckdb") as db:
        return [receipt.kind for receipt in reversed(intake.imports(db))]


def test_several_files_are_loaded_in_the_order_they_need_each_other(place, capsys):
    files = ["survey.csv", "invoices.csv", "customers.csv"]
    answers = ["--answer", DATES, "--answer", "revenue_kind=recurring"]
    code, out, err = run(capsys, "import", *files, *answers)
    assert (code, err) == (0, "")
    assert "3 files are loaded." in out
    assert kinds(place) == ["customers", "revenue", "responses"]


def test_a_file_that_asks_is_told_apart_from_those_that_are_loaded(place, capsys):
    code, out, err = run(capsys, "import", "survey.csv", "customers.csv")
    assert code == 1
    assert "20 rows read = 20 loaded" in out
    assert "survey.csv:\n1 thing is to decide before it can be loaded." in err
    assert "dates:submitted_at: " in err
    assert "dmy: 02/05/2026 -> 2 May 2026" in err
    assert "mdy: 02/05/2026 -> 5 February 2026" in err
    assert "This file was not loaded." in err
    assert "Nothing was loaded" not in err, "customers.csv was"
    assert "1 file is loaded, 1 asks something first." in err


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("dates:submited_at=dmy", "dates:submitted_at"),
        ("dates:submitted_at=dym", "mdy"),
        ("customers.csv:dates:submitted_at=dmy", "dates:submitted_at"),
        ("nothing.csv:dates:submitted_at=dmy", "dates:submitted_at"),
    ],
)
def test_a_mistyped_answer_loads_nothing_at_all_and_lists_what_is_allowed(
    place, capsys, answer, told
):
    code, out, err = run(capsys, "import", "customers.csv", "survey.csv", "--answer", answer)
    assert (code, out) == (2, "")
    assert told in err
    assert "Nothing was loaded." in err
    assert kinds(place) == []


def test_an_answer_may_be_for_one_file_of_several(place, capsys):
    (place / "other.csv").write_text(SURVEY.replace("R", "Q"), encoding="utf-8")
    words = ["--answer", f"survey.csv:{DATES}", "--answer", "other.csv:dates:submitted_at=mdy"]
    code, _, err = run(capsys, "import", "survey.csv", "other.csv", *words)
    assert (code, err.strip()) == (0, "")
    with Database(place / "company.duckdb") as db:
        found = db.rows("SELECT response_id AS id, month(answered_at) AS month FROM responses")
    months = {row["id"]: row["month"] for row in found}
    assert (months["R1"], months["Q1"]) == (5, 2), "02/05/2026 in one file, 5 February in the other"


def test_one_answer_goes_to_every_file_that_has_the_question(place, capsys):
    (place / "other.csv").write_text(SURVEY.replace("R", "Q"), encoding="utf-8")
    assert run(capsys, "import", "survey.csv", "other.csv", "--answer", DATES)[0] == 0
    assert kinds(place) == ["responses", "responses"]


def test_an_answer_that_names_no_file_leaves_files_alone_that_do_not_ask(place, capsys):
    # Four columns nobody can place, so that one file asks what it holds; the others are clear.
    (place / "odd.csv").write_text(
        "ref,who,moment,grp\n" + "".join(f"T{n},C{n},2026-05-{n:02},x\n" for n in range(1, 20)),
        encoding="utf-8",
    )
    files = ["customers.csv", "survey.csv", "odd.csv"]
    run(capsys, "import", *files, "--answer", DATES, "--answer", "kind=contacts")
    assert kinds(place) == ["customers", "responses"], "read as what they are, and loaded"


def test_what_several_clear_files_hold_is_not_changed_at_once(place, capsys):
    code, out, err = run(
        capsys, "import", "customers.csv", "survey.csv", "--answer", "kind=contacts"
    )
    assert (code, out) == (2, "")
    assert "No file asks about 'kind'" in err
    assert "FILE:ID=VALUE" in err
    assert kinds(place) == []
    words = ["--answer", "survey.csv:kind=contacts", "--dry-run"]
    _, out, err = run(capsys, "import", "customers.csv", "survey.csv", *words)
    assert "customer contacts or support tickets" in out


def test_the_same_command_does_the_same_with_the_export_of_the_next_month(place, capsys):
    """The layout is remembered and asks nothing; the answers on the line stay answers."""
    words = ["--answer", DATES, "--answer", "revenue_kind=recurring"]
    assert run(capsys, "import", "survey.csv", "invoices.csv", *words)[0] == 0
    for name in ("survey.csv", "invoices.csv"):
        lines = (place / name).read_text(encoding="utf-8").splitlines()
        (place / name).write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    code, out, err = run(capsys, "import", "survey.csv", "invoices.csv", *words)
    assert code == 0, err
    assert "2 files are loaded" in out
    code, out, err = run(capsys, "import", "survey.csv", "--answer", "dates:nothing=dmy")
    assert (code, out) == (2, "")


def test_a_column_with_an_equals_sign_can_be_answered_about(place, capsys):
    text = SURVEY.replace("submitted_at", "submitted=at")
    (place / "odd.csv").write_text(text, encoding="utf-8")
    words = ["--answer", "role:answered_at=submitted=at", "--answer", "dates:submitted=at=dmy"]
    code, out, err = run(capsys, "import", "odd.csv", "--kind", "responses", *words)
    assert code == 0, err
    assert "20 rows read = 20 loaded" in out


def test_every_choice_can_be_listed(place, capsys):
    code, out, err = run(capsys, "import", "invoices.csv", "--choices", "revenue_kind")
    assert (code, err) == (0, "")
    assert "recurring: " in out
    assert "one-off: " in out
    code, out, err = run(capsys, "import", "invoices.csv", "--choices", "revenue")
    assert (code, out) == (2, "")
    assert "revenue_kind" in err
    assert kinds(place) == []


def test_a_trial_shows_what_cells_become_and_loads_nothing(place, capsys):
    words = ["--answer", DATES, "--answer", "revenue_kind=recurring", "--dry-run"]
    files = ["survey.csv", "customers.csv", "invoices.csv"]
    code, out, err = run(capsys, "import", *files, *words)
    assert code == 0
    assert "02/05/2026 -> 2 May 2026" in out
    assert "customer known for 100% of the rows (20 of 20)" in out, "customers.csv comes before"
    assert "USD 220.00" in out
    assert "This was a trial: nothing was loaded." in err
    assert kinds(place) == []


def test_a_trial_as_json_has_the_same_and_one_document(place, capsys):
    code, out, _ = run(capsys, "import", "survey.csv", "--dry-run", "--json")
    document = json.loads(out)
    assert code == 1
    assert document["receipts"] == []
    assert document["problems"][0]["questions"]
    assert document["previews"][0]["rows"] == 20
    assert document["previews"][0]["matched"] is None


def test_a_mapping_is_written_said_so_and_nothing_is_loaded(place, capsys):
    code, out, err = run(capsys, "import", "survey.csv", "--write-map", "survey.toml")
    assert (code, err) == (0, "")
    assert "The mapping of survey.csv is written to survey.toml. Nothing was loaded." in out
    assert "1 decision is open" in out
    assert "python -m cxdash import survey.csv --map survey.toml" in out
    assert kinds(place) == []
    written = (place / "survey.toml").read_text(encoding="utf-8")
    assert written.startswith("open_questions")
    done = written.partition("]\n")[2].replace(
        'answered_at = "submitted_at"',
        'answered_at = { column = "submitted_at", dates = "dmy" }',
    )
    (place / "survey.toml").write_text(done, encoding="utf-8")
    code, out, err = run(capsys, "import", "survey.csv", "--map", "survey.toml")
    assert code == 0, err
    assert "20 rows read = 20 loaded" in out


def test_a_mapping_is_written_of_one_file_only(place, capsys):
    files = ["survey.csv", "customers.csv", "--write-map", "x.toml"]
    code, out, err = run(capsys, "import", *files)
    assert (code, out) == (2, "")
    assert "one file" in err
    assert not (place / "x.toml").exists()


def test_an_import_that_is_not_there_is_named_with_those_that_are(place, capsys):
    assert run(capsys, "imports")[0] == 1, "no database yet"
    assert run(capsys, "import", "customers.csv")[0] == 0
    assert run(capsys, "import", "survey.csv", "--answer", DATES)[0] == 0
    for words in (["undo", "3"], ["imports", "--rejected", "3"]):
        code, out, err = run(capsys, *words)
        assert (code, out) == (2, "")
        assert "There is no import 3." in err
        assert "Imports are 1 and 2." in err


def test_a_database_without_imports_says_so(place, capsys):
    Database(place / "company.duckdb").close()
    assert run(capsys, "imports")[:2] == (0, "No file has been loaded yet.\n")


def test_a_trial_asks_about_two_files_that_would_replace_each_others_rows(place, capsys):
    head, *rows = INVOICES.splitlines()
    lines = [f"{head},shop", *(f"{row},web".replace(".50", ".75") for row in rows)]
    (place / "shop.csv").write_text("\n".join(lines), encoding="utf-8")
    (place / "same.csv").write_text(INVOICES.replace("\nI", "\nX"), encoding="utf-8")
    words = ["import", "invoices.csv", "shop.csv", "same.csv", "--dry-run"]
    code, _, err = run(capsys, *words, "--answer", "revenue_kind=recurring")
    assert code == 1
    assert err.count("same_rows: ") == 1
    assert "shop.csv:\n1 thing is to decide" in err
    assert "Rows of invoices.csv (which is loaded before this one)" in " ".join(err.split())
    code, _, err = run(
        capsys,
        *words,
        *("--answer", "revenue_kind=recurring", "--answer", "shop.csv:same_rows=same"),
    )
    assert code == 0


README = "Dear all,\nhere are the exports, as agreed.\nBest\n"


def packed(place, **files):
    with zipfile.ZipFile(place / "may.zip", "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("_", "."), text)


def test_a_text_beside_the_tables_of_an_archive_is_named_and_stops_nothing(place, capsys):
    packed(place, readme_txt=README, customers_csv=CUSTOMERS, invoices_csv=INVOICES)
    words = ["import", "may.zip", "--answer", "revenue_kind=recurring"]
    code, out, err = run(capsys, *words)
    assert (code, err) == (0, "")
    assert "may.zip: readme.txt is left aside: it is text without columns." in out
    assert "2 files are loaded." in out
    code, out, _ = run(capsys, *words, "--again", "--json")
    assert code == 0
    why = "it is text without columns"
    assert json.loads(out)["left_aside"] == [{"file": "may.zip: readme.txt", "why": why}]


def test_a_table_of_an_archive_that_is_refused_is_still_a_problem(place, capsys):
    packed(place, readme_txt=README, customers_csv=CUSTOMERS, broken_csv=README)
    code, out, err = run(capsys, "import", "may.zip")
    assert code == 1
    assert "20 rows read = 20 loaded" in out
    assert "may.zip: broken.csv:" in err


def test_how_to_answer_is_said_once_for_all_files_and_questions(place, capsys):
    for name in ("may.csv", "june.csv"):
        (place / name).write_text(SURVEY, encoding="utf-8")
    code, _, err = run(capsys, "import", "may.csv", "june.csv", "invoices.csv")
    assert code == 1
    assert err.count("to decide before it can be loaded") == 3
    assert err.count("--answer ID=VALUE") == 1


def test_the_key_that_stops_says_what_is_loaded_and_what_is_not(place, capsys, monkeypatch):
    load = intake.load

    def slowly(db, path, *rest, **more):
        if path.name == "invoices.csv":
            # As the engine ends a query when the key is pressed.
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
            raise RuntimeError("Query interrupted")
        return load(db, path, *rest, **more)

    monkeypatch.setattr(intake, "load", slowly)
    words = ["import", "customers.csv", "survey.csv", "invoices.csv", "--answer", DATES]
    code, out, err = run(capsys, *words, "--answer", "revenue_kind=recurring")
    assert code == 1
    assert "20 rows read = 20 loaded" in out
    for name in ("invoices.csv", "survey.csv"):
        told = (
            f"{name}:\nIt was stopped with Ctrl-C before it was loaded.\nThis file was not loaded."
        )
        assert told in err
    assert "1 file is loaded, 2 were stopped by Ctrl-C." in err
    assert kinds(place) == ["customers"]


def test_a_file_that_was_just_loaded_when_the_key_came_is_told_as_loaded(
    place, capsys, monkeypatch
):
    load = intake.load

    def late(*rest, **more):
        load(*rest, **more)
        raise KeyboardInterrupt

    monkeypatch.setattr(intake, "load", late)
    code, out, err = run(capsys, "import", "customers.csv", "invoices.csv")
    assert code == 1
    assert "20 rows read = 20 loaded" in out
    assert "customers.csv:" not in err
    assert kinds(place) == ["customers"]


def test_a_file_is_told_as_loaded_and_noted_though_the_key_came_while_it_was_noted(
    place, capsys, monkeypatch
):
    write = loading.note

    def interrupted(*what):
        signal.raise_signal(signal.SIGINT)
        write(*what)

    monkeypatch.setattr(loading, "note", interrupted)
    words = ["import", "customers.csv", "invoices.csv", "--answer", "revenue_kind=recurring"]
    code, out, err = run(capsys, *words)
    assert code == 1
    assert "20 rows read = 20 loaded" in out
    assert "customers.csv:" not in err
    assert "1 file is loaded, 1 was stopped by Ctrl-C." in err
    with Database(place / "company.duckdb") as db:
        assert [one.what for one in audit.entries(db)] == ["import 1"]


def test_a_key_pressed_while_files_are_looked_at_leaves_nothing_loaded(place, capsys, monkeypatch):
    def stopped(*_args, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr(intake, "inspect", stopped)
    code, out, err = run(capsys, "import", "customers.csv")
    assert (code, out) == (1, "")
    assert "while the files were being looked at.\nNothing was loaded." in err


def test_a_file_beside_another_layout_is_tried_only_where_it_would_replace_rows(
    place, capsys, monkeypatch
):
    assert run(capsys, "import", "invoices.csv", "--answer", "revenue_kind=recurring")[0] == 0
    tried = []
    meet = intake.meet
    monkeypatch.setattr(intake, "meet", lambda *given: tried.append(1) or meet(*given))
    head, *rows = INVOICES.splitlines()
    other = "\n".join([f"{head},shop", *(f"{row},web" for row in rows)])
    (place / "shop.csv").write_text(other.replace("I", "S"), encoding="utf-8")
    code, _, err = run(capsys, "import", "shop.csv", "--answer", "layout=same")
    assert (code, err, tried) == (0, "", [])
    (place / "web.csv").write_text(other.replace(".50", ".75"), encoding="utf-8")
    code, _, err = run(capsys, "import", "web.csv")
    assert (code, tried) == (1, [1])
    assert "same_rows: " in err


def test_a_file_whose_customer_is_another_column_asks_before_it_is_loaded(place, capsys):
    lines = [f"I{n},cus_{n},{n:03d},2026-03-{n:02d},{n}.50,USD\n" for n in range(1, 21)]
    text = "invoice_id,customer_id,house number,invoice_date,amount,currency\n" + "".join(lines)
    (place / "invoices.csv").write_text(text, encoding="utf-8")
    words = ["import", "customers.csv", "invoices.csv", "--answer", "revenue_kind=recurring"]
    code, _, _ = run(capsys, *words, "--dry-run")
    assert code == 1
    code, _, err = run(capsys, *words)
    assert code == 1
    assert kinds(place) == ["customers"]
    assert "role:customer_id" in err
    assert "(20 of 20 known)" in " ".join(err.split())
    code, _, err = run(capsys, *words, "--answer", "invoices.csv:role:customer_id=house number")
    assert (code, err) == (0, "")
    assert kinds(place) == ["customers", "revenue"]
    with Database(place / "company.duckdb") as db:
        assert db.rows("SELECT count(*) AS n FROM revenue WHERE customer_id = '001'") == [{"n": 1}]
