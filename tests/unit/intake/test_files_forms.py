"""Forms of text files: fixed width, no header, several header rows, rare delimiters, odd ends."""

from decimal import Decimal

import pytest

from cxdash.errors import FileRefused
from cxdash.intake import FileSpec
from cxdash.intake.reading.table import open_table

FIXED = """\
 00001 19970101  1   11.77
 00002 19970112  1   12.00
 00002 19970112  5   77.00
 00003 19970102  2   20.76
 00003 19970330  2 1020.76
 00003 19970402 12   19.54
"""


@pytest.fixture
def write(tmp_path):
    def made(text, name="a.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return made


def rows(table):
    return [cells for _, cells in table.rows()]


def doubts(table):
    return {doubt.subject: dict(doubt.options) for doubt in table.doubts}


def test_columns_of_fixed_width_are_proposed_on_a_sample(write):
    table = open_table(write(FIXED, "master.txt"))
    asked = doubts(table)
    assert asked["fixed_width"] == {
        "0,7,16,19": "00001 | 19970101 | 1 | 11.77 / 00002 | 19970112 | 1 | 12.00 / "
        "00002 | 19970112 | 5 | 77.00"
    }
    assert set(asked["no_header"]) == {"none", "first"}
    assert table.header == ("column 1", "column 2", "column 3", "column 4")
    assert (table.total, table.file.fixed_width) == (6, (0, 7, 16, 19))


def test_confirmed_cuts_are_asked_no_more(write):
    spec = FileSpec(fixed_width=(0, 7, 16, 19), header="none")
    table = open_table(write(FIXED, "master.txt"), spec=spec)
    assert table.doubts == ()
    assert sum(Decimal(cells[3]) for cells in rows(table)) == Decimal("1161.83")


def test_a_line_that_crosses_a_cut_is_set_aside_whole(write):
    spec = FileSpec(fixed_width=(0, 7, 16, 19), header="none")
    crossing = " 00004 199701021 2   20.76"
    table = open_table(write(f"{FIXED}{crossing}\n"), spec=spec)
    last = table.staged.to_pylist()[-1]
    assert (last["line_no"], last["c0"]) == (7, "")
    assert last["whole"] == crossing
    assert last["problem"] == "the row has 1 cell, the header has 4"


def test_fixed_width_with_a_header_and_two_ways_to_cut(write):
    head = "Customer    First bought  Amount\n"
    line = "C-{0}         2026-01-0{0}    {0}00.00\n"
    table = open_table(write(head + "".join(line.format(n) for n in range(1, 7)), "b.txt"))
    assert table.header == ("Customer", "First bought", "Amount")
    assert rows(table)[0] == ["C-1", "2026-01-01", "100.00"]
    assert list(doubts(table)) == ["fixed_width"]


def test_prose_is_no_table(write):
    prose = "Dear all\nplease find\nthe export attached\nto this mail\nand have\na good day\n"
    with pytest.raises(FileRefused, match="only one column"):
        open_table(write(prose))


def test_a_file_without_a_header_is_asked_about_and_read_whole(write):
    text = "R1,C1,2026-01-05,9\nR2,C2,2026-01-06,3\n"
    table = open_table(write(text))
    assert list(doubts(table)) == ["no_header"]
    assert (table.header[0], table.total) == ("column 1", 2)
    assert open_table(write(text), spec=FileSpec(header="none")).doubts == ()
    named = open_table(write(text), spec=FileSpec(header="first"))
    assert (named.header, named.total) == (("R1", "C1", "2026-01-05", "9"), 1)


def test_a_column_a_month_is_a_header(write):
    text = "customer,2026-01-01,2026-02-01,2026-03-01\nC1,10,11,12\n"
    table = open_table(write(text))
    assert (table.doubts, table.header[1]) == ((), "2026-01-01")


def test_questions_that_stand_twice_are_numbered_and_short_names_refused(write):
    question = "How likely are you to come back?"
    table = open_table(write(f"id,{question},{question}\nR1,9,8\n"))
    assert table.header == ("id", question, f"{question} (2)")
    with pytest.raises(FileRefused, match="unclear which one counts"):
        open_table(write("id,customer_id,customer_id\nR1,C1,C2\n"))


def test_the_second_row_of_surveymonkey_is_kept_as_labels(write):
    text = "Respondent ID,Which?,,Why?\n,Price,Service,Open-Ended Response\n1,Price,,cheap\n"
    table = open_table(write(text))
    assert table.header == ("Respondent ID", "Which? - Price", "Which? - Service", "Why?")
    assert table.labels == ("", "Price", "Service", "Open-Ended Response")
    assert rows(table) == [["1", "Price", "", "cheap"]]


QUALTRICS = (
    "StartDate{s}ResponseId{s}Q1\n"
    '"Startdatum"{s}"Antwort{b}ID"{s}"Wie wahrscheinlich?"\n'
    '"{{""ImportId"":""startDate""}}"{s}"{{""ImportId"":""_recordId""}}"{s}"{{""ImportId"":""QID1""}}"\n'
    "2026-01-05 10:00:00{s}R_1{s}9\n"
)


@pytest.mark.parametrize("delimiter", [",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-16-be"])
def test_three_header_rows_in_any_language(write, delimiter, encoding):
    text = QUALTRICS.format(s=delimiter, b="\n")
    table = open_table(write(text, encoding=encoding))
    assert (table.tool, table.header) == ("qualtrics", ("StartDate", "ResponseId", "Q1"))
    assert table.labels[1:] == ("Antwort ID", "Wie wahrscheinlich?")
    assert list(table.rows()) == [(5, ["2026-01-05 10:00:00", "R_1", "9"])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^", "~", ":", "\x01", "\x1f"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_delimiter_and_line_end(write, delimiter, end):
    lines = [["id", "customer", "note"], ["R1", "C1", "a b"], ["R2", "C2", ""]]
    text = end.join(delimiter.join(cells) for cells in lines) + end
    table = open_table(write(text))
    assert (table.header, rows(table)) == (tuple(lines[0]), lines[1:])


def test_other_signs_of_a_line_break_are_text(write):
    text = "id,note\n" + "".join(f"R{n},a\u2028b\x0bc\x85d\n" for n in range(3))
    assert rows(open_table(write(text)))[2] == ["R2", "a\u2028b\x0bc\x85d"]


def test_zero_bytes_in_workbooks_and_parquet_are_set_aside(tmp_path):
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"id": ["R1", "R2"], "note": ["a\0b", "c"]}), path)
    problems = open_table(path).staged["problem"].to_pylist()
    assert problems == ["a cell holds a zero byte, which is not text", None]
