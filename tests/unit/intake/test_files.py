"""Files of every form and size: read exactly, asked about, or refused in a sentence."""

from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from plain_layouts import REVENUE

from cxdash import intake
from cxdash.errors import FileRefused
from cxdash.intake import FileSpec, Mapping
from cxdash.intake.reading.table import open_table

from .conftest import TODAY

HEAD = ["invoice", "customer", "at", "amount", "currency"]


def workbook(path, *sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def test_workbook_cells_become_the_text_a_person_would_type(tmp_path):
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["id", "day", "time", "whole", "part", "text", "flag", "none"])
    moment = datetime.fromisoformat("2026-03-05T09:30:00")
    sheet.append(["x", date(2026, 3, 5), moment, 12.0, 0.1 + 0.2, "007", True])
    sheet["A2"] = 123
    sheet["A2"].number_format = "000000"
    book.save(path)
    rows = [cells for _, cells in open_table(path).rows()]
    assert rows == [["000123", "2026-03-05", "2026-03-05 09:30:00", "12", "0.3", "007", "TRUE", ""]]


def test_sheet_is_asked_for_and_chosen(db, tmp_path):
    path = workbook(
        tmp_path / "b.xlsx",
        ("Notes", [["read me", "please"], ["a", "b"]]),
        ("Empty", []),
        ("Data", [HEAD, ["I1", "C1", date(2026, 1, 1), 10.5, "EUR"]]),
    )
    proposal = intake.inspect(path)
    assert proposal.sheets == ("Notes", "Data")
    assert "sheet" in [question.id for question in proposal.questions]
    mapping = Mapping.from_toml(REVENUE + '[file]\nsheet = "Data"\n')
    receipt = intake.load(db, path, mapping, today=TODAY)
    assert receipt.sheet == "Data"
    assert receipt.money[0].loaded == Decimal("10.5")


def test_sheet_chosen_in_the_proposal_is_read_anew(tmp_path):
    path = workbook(
        tmp_path / "c.xlsx",
        ("Notes", [["read me", "please"], ["a", "b"]]),
        ("Data", [HEAD, ["I1", "C1", date(2026, 1, 1), 10.5, "EUR"]]),
    )
    proposal = intake.inspect(path).with_answers({"sheet": "Data"})
    assert proposal.kind == "revenue"
    assert [column.name for column in proposal.columns] == HEAD
    assert proposal.mapping.file.sheet == "Data"


def test_parquet_is_read_as_text(db, tmp_path):
    path = tmp_path / "d.parquet"
    pq.write_table(
        pa.table(
            {
                "invoice": ["I1", "I2"],
                "customer": pa.array(["007", "C2"]).dictionary_encode(),
                "at": pa.array([date(2026, 1, 1), date(2026, 2, 1)]),
                "amount": pa.array([Decimal("10.25"), None], pa.decimal128(10, 2)),
                "currency": ["EUR", "EUR"],
            }
        ),
        path,
    )
    receipt = intake.load(db, path, Mapping.from_toml(REVENUE), today=TODAY)
    assert (receipt.rows_loaded, receipt.rows_rejected) == (1, 1)
    assert db.rows("SELECT customer_id, amount FROM revenue") == [
        {"customer_id": "007", "amount": Decimal("10.2500")}
    ]


def test_parquet_with_nested_values_is_refused(tmp_path):
    path = tmp_path / "e.parquet"
    pq.write_table(pa.table({"a": ["x"], "b": [[1, 2]]}), path)
    with pytest.raises(FileRefused, match=r"Column 'b' of e\.parquet holds list"):
        list(open_table(path).rows())


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_any_delimiter_and_encoding(tmp_path, delimiter, encoding):
    rows = [
        HEAD,
        ["I1", "Müller; Söhne, 東京", "2026-01-01", "1", "EUR"],
        ["I2", "b", "c", "d", "e"],
    ]
    text = "\r\n".join(delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    path = tmp_path / "f.csv"
    path.write_bytes(text.encode(encoding))
    table = open_table(path)
    assert table.header == tuple(HEAD)
    assert [cells[1] for _, cells in table.rows()] == ["Müller; Söhne, 東京", "b"]


def test_sep_hint_is_obeyed_and_is_no_row(tmp_path):
    path = tmp_path / "g.csv"
    path.write_text("sep=;\na;b\n1;2\n")
    table = open_table(path)
    assert (table.header, list(table.rows()), table.doubts) == (("a", "b"), [(3, ["1", "2"])], ())


def test_wrong_encoding_in_a_mapping_is_refused(tmp_path):
    path = tmp_path / "h.csv"
    path.write_bytes("a,b\ncafé,1\n".encode("cp1252"))
    with pytest.raises(FileRefused, match=r"h\.csv is not UTF-8 text: byte 8 does not fit"):
        open_table(path, spec=FileSpec(encoding="utf-8"))
    with pytest.raises(FileRefused, match="no encoding called 'klingon'"):
        open_table(path, spec=FileSpec(encoding="klingon"))


def refusal(path):
    with pytest.raises(FileRefused) as caught:
        list(open_table(path).rows())
    assert "Nothing was loaded." in str(caught.value)
    return str(caught.value)


def test_one_column_is_refused(tmp_path):
    path = tmp_path / "i.csv"
    path.write_text("name\na\nb\n")
    assert "only one column" in refusal(path)


def test_three_hundred_columns_are_read_and_thousands_refused(tmp_path):
    path = tmp_path / "j.csv"
    wide = ",".join(f"q{n}" for n in range(300))
    path.write_text(f"{wide}\n{','.join(['1'] * 300)}\n")
    assert len(open_table(path).header) == 300
    wide = ",".join(f"q{n}" for n in range(3000))
    path.write_text(f"{wide}\n{','.join(['1'] * 3000)}\n")
    assert "3,000 columns; at most 2,000" in refusal(path)


def test_three_hundred_columns_are_proposed(tmp_path):
    path = tmp_path / "k.csv"
    wide = ",".join(f"q{n}" for n in range(298))
    row = ",".join(["5"] * 298)
    path.write_text(f"response_id,submitted_at,{wide}\nR1,2026-01-01,{row}\nR2,2026-01-02,{row}\n")
    proposal = intake.inspect(path, kind="responses")
    assert len(proposal.columns) == 300
    assert proposal.mapping.columns["response_id"].column == "response_id"


def test_a_200_mb_file_is_read_and_one_beyond_the_limit_refused(tmp_path):
    path = tmp_path / "l.csv"
    block = ("I1,C1,2026-01-01,10.50,EUR," + "x" * 480 + "\n") * 2000
    with path.open("w") as file:
        file.write(",".join([*HEAD, "note"]) + "\n")
        for _ in range(200):
            file.write(block)
    assert path.stat().st_size > 200e6
    table = open_table(path)
    assert len(table.header) == 6
    with path.open("r+b") as file:
        file.truncate((1 << 30) + 1)
    assert "at most 1,074 MB are read" in refusal(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"a,b\n" + b"x" * (5 << 20), "a line of more than 4 MB"),
        (b'a,b\n"' + b"x\n" * (1 << 20), "quotation mark may be left open"),
        (b"a,b\n1,2\n" + b"\n" * 200_000, "mostly of blank lines"),
        (b",".join([b"a"] * 100_000), "100,000 columns"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "old .xls form"),
        (b'{"a": 1}', "JSON"),
        (b'a,b\n1,"2"3\n', "quotation mark inside a quoted cell"),
    ],
)
def test_bombs_and_strangers_are_refused(tmp_path, content, said):
    path = tmp_path / "m.csv"
    path.write_bytes(content)
    assert said in refusal(path)


def test_an_old_qualtrics_file_of_two_header_rows_is_known(tmp_path):
    path = tmp_path / "n.csv"
    path.write_text("V1,V8,Q1,\nResponseID,EndDate,How likely?,\nR_1,2017-07-18 08:28:48,2,\n")
    table = open_table(path)
    assert (table.tool, table.header[:2]) == ("qualtrics", ("ResponseID", "EndDate"))
    assert table.last_header_line == 2
