"""What leaves as a file runs nothing, loses nothing and names nobody by accident."""

import csv
import io
import re
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as some

from cxdash import __version__, intake, questions
from cxdash.faces.cli.main import main
from cxdash.faces.exports import csv_of, file_stem, xlsx_of
from cxdash.facts import Answer, Fact, Interval, Method, Scope
from cxdash.store import Database
from cxdash.store.spreadsheet import ACTIVE, neutral, restored, to_csv

FILES = Path(__file__).parent / "files"
ROOT = Path(__file__).parents[2]
DAY = datetime(2026, 6, 30)  # noqa: DTZ001 - a workbook knows no time zones
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def payloads():
    text = (FILES / "inj_formula_comments.csv").read_bytes().decode("utf-8")
    return [row["comment"] for row in csv.DictReader(io.StringIO(text, newline=""))]


PAYLOADS = [*payloads(), "\r=1+1", "\n=1+1", "\x00=1", "''=1", "'tis", "http://127.0.0.1:8999/x"]


def answer(rows, **more):
    told = Fact(
        id="churn.rate",
        label="Share who left",
        value=0.1,
        unit="share",
        interval=Interval(0.05, 0.2),
        method=Method(description="Counted."),
        n=100,
        population="all",
        period="2026",
        definition="churn_rate",
    )
    return Answer(
        question="churn",
        title="Who leaves",
        as_of=date(2026, 6, 30),
        scope=Scope(where=(("segment", "=SMB"),)),
        headline="=1+1 customers left",
        facts=(told,),
        tables={"risks": rows},
        caveats=("@SUM(1) is not a formula",),
        **more,
    )


def parts(workbook):
    with zipfile.ZipFile(io.BytesIO(workbook)) as packed:
        return {name: packed.read(name).decode("utf-8") for name in packed.namelist()}


@pytest.mark.promise("X06")
def test_X06_no_cell_of_a_csv_begins_like_a_formula(tell):
    text = csv_of([{"customer_id": evil, evil: evil, "n": 1} for evil in PAYLOADS])
    cells = [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]
    assert not [cell for cell in cells if cell and cell[0] in ACTIVE]
    tell("formula texts tried", len(PAYLOADS))


@pytest.mark.promise("X06")
def test_X06_a_line_break_stays_inside_its_quotes():
    rows = [{"reasons": "one\r\ntwo"}, {"reasons": "a\rb"}, {"reasons": "c\nd"}]
    read = list(csv.DictReader(io.StringIO(csv_of(rows), newline="")))
    assert [row["reasons"] for row in read] == ["one\r\ntwo", "a\rb", "c\nd"]
    assert csv_of(rows).count("\r\n") == 1 + 1 + len(rows)


@pytest.mark.promise("X06")
def test_X06_negative_figures_stay_figures():
    assert csv_of([{"effect": -0.25, "n": -3}]).splitlines()[1] == "-0.25,-3"


@pytest.mark.promise("X06")
@given(some.text(some.sampled_from([*ACTIVE, "'", '"', ",", "a", "1", " "]), max_size=8))
def test_X06_any_text_comes_back_as_it_was(text):
    written = neutral(text)
    assert not written or written[0] not in ACTIVE
    assert restored(written) == text
    back = next(csv.reader(io.StringIO(to_csv(["first", text], []), newline="")))[1]
    assert restored(back) == text


@pytest.mark.promise("X06")
def test_X06_importing_our_own_export_gives_the_original_text(tmp_path, tell):
    texts = [text for text in PAYLOADS if "\x00" not in text]
    names = ["response_id", "customer_id", "submitted_at", "nps", "comment"]
    rows = [[f"R{n}", f"C{n}", "2026-01-02", n % 11, text] for n, text in enumerate(texts)]
    file = tmp_path / "export.csv"
    file.write_bytes(to_csv(names, rows).encode("utf-8"))
    with Database(tmp_path / "cx.duckdb") as db:
        proposal = intake.inspect(file)
        intake.load(db, file, proposal.require())
        found = db.rows(
            "SELECT r.response_id, c.body FROM comments AS c JOIN responses AS r USING (row_key)"
        )
    loaded = {row["response_id"]: row["body"] for row in found}
    assert loaded == {f"R{n}": text for n, text in enumerate(texts)}
    tell("texts brought back", len(texts))


@pytest.mark.promise("X07")
def test_X07_a_workbook_holds_no_formula_and_no_link(tell):
    book = xlsx_of(answer([{"customer_id": evil, evil: evil} for evil in PAYLOADS]), "risks")
    files = parts(book)
    everything = "".join(files.values())
    assert "<f>" not in everything
    assert "<f " not in everything
    assert "<hyperlink" not in everything
    assert not [name for name in files if "worksheets/_rels" in name or "external" in name.lower()]
    assert not re.search(r'Target(Mode)?="(?:External|https?:)', everything)
    tell("formula texts tried", len(PAYLOADS))
    sheet = openpyxl.load_workbook(io.BytesIO(book)).worksheets[1]
    told = [sheet.cell(line, 1).value for line in range(2, sheet.max_row + 1)]
    assert [text for text in told if text == "=1+1"]
    assert {sheet.cell(line, 1).data_type for line in range(2, sheet.max_row + 1)} == {"s"}


@pytest.mark.promise("X07")
def test_X07_figures_days_and_texts_keep_their_kind():
    rows = [
        {
            "customer_id": "010001",
            "risk": 0.25,
            "revenue": -12.5,
            "until": "2026-06-30",
            "lever": True,
        },
        {"customer_id": "1e5", "risk": None, "revenue": 1e6, "until": "2026-07-31", "lever": False},
    ]
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of(answer(rows), "risks")))
    sheet = book.worksheets[1]
    assert [cell.value for cell in sheet[2]] == [
        "010001",
        0.25,
        -12.5,
        DAY,
        "yes",
    ]
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "n", "d", "s"]
    assert sheet["A3"].value == "1e5"
    assert sheet["B3"].value is None
    assert sheet["B2"].number_format == "0.0%"
    assert sheet.freeze_panes == "B2"
    assert sheet.column_dimensions["A"].width > 8


@pytest.mark.promise("X07")
def test_X07_the_first_sheet_says_what_the_table_is_about():
    rows = [{"customer_id": "1", "grade": "D"}]
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of(answer(rows), "risks", now=NOW)))
    assert book.sheetnames[0] == "About"
    told = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert told["Question"] == "Who leaves, and what goes before it?"
    assert told["Customers"] == "segment: =SMB"
    assert told["Finding"] == "=1+1 customers left"
    assert told["Data up to"] == "30 June 2026"
    assert told["Exported"] == "2026-11-24 09:30 UTC"
    assert told["Made by"] == f"cxdash {__version__}"
    assert told["Evidence D"].startswith("Observed")
    assert told["Read with care"] == "@SUM(1) is not a formula"


@pytest.mark.promise("X07")
def test_X07_a_text_longer_than_a_cell_says_that_it_was_cut():
    book = xlsx_of(answer([{"reasons": "x" * 40_000}]), "risks")
    cell = openpyxl.load_workbook(io.BytesIO(book)).worksheets[1]["A2"].value
    assert len(cell) == 32_767
    assert cell.endswith("(cut here: a cell holds no more)")


@pytest.mark.promise("P02")
def test_P02_contact_details_are_masked_in_both_kinds_of_file():
    text = "call +49 170 1234567 or anna@example.com, card 4111 1111 1111 1111"
    written = csv_of([{"reasons": text}]) + "".join(
        parts(xlsx_of(answer([{"reasons": text}]), "risks")).values()
    )
    for secret in ("1234567", "anna@", "4111"):
        assert secret not in written
    assert written.count("[e-mail]") == 2


def test_the_name_of_a_file_holds_nothing_of_the_data():
    assert file_stem(answer([{"a": 1}]), "risks") == "cxdash-churn-risks-2026-06-30"


@pytest.mark.promise("X06", "X07")
def test_X06_X07_the_built_in_exports_are_off():
    text = (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
    assert re.search(r"^disableDataExport = true$", text, re.MULTILINE)


def test_the_command_line_writes_a_workbook(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("CXDASH_DB", str(tmp_path / "cx.duckdb"))
    with Database(tmp_path / "cx.duckdb"):
        pass
    monkeypatch.setattr(questions, "ask", lambda *_: answer([{"customer_id": "=1"}]))
    file = tmp_path / "risks.xlsx"
    assert main(["answer", "churn", "--table", "risks", "--xlsx", str(file)]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert str(file) in told.err
    assert openpyxl.load_workbook(file).sheetnames[0] == "About"
    assert main(["answer", "churn", "--table", "risks", "--xlsx", str(tmp_path)]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_workbook_without_a_table_is_wrong_use(tmp_path, capsys):
    assert main(["answer", "worth", "--xlsx", str(tmp_path / "x.xlsx")]) == 2
    assert "--table" in capsys.readouterr().err
