"""Damaged files and files that ask for too much end in a sentence, never in a crash."""

import zipfile
import zlib

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxdash import intake
from cxdash.errors import FileRefused
from cxdash.intake.reading import budget, gate
from cxdash.intake.reading.limits import Limits
from cxdash.intake.reading.opening import opened
from cxdash.intake.reading.table import open_table

ROWS = [["customer", "date", "nps"], *([f"C{n}", "2025-01-01", 9] for n in range(50))]
SHEET = "xl/worksheets/sheet1.xml"


def refusal(path, read=intake.inspect):
    with pytest.raises(FileRefused) as caught:
        read(path)
    assert path.name in caught.value.what
    assert caught.value.do_next
    return caught.value.what


def read_here(path):
    """Read a file in this process, where a limit can be changed."""
    return list(opened(path).rows())


@pytest.fixture
def workbook(tmp_path):
    path = tmp_path / "good.xlsx"
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.save(path)
    return path


def changed(workbook, part, change):
    """The workbook with one part's bytes changed."""
    path = workbook.with_name("changed.xlsx")
    with zipfile.ZipFile(workbook) as good, zipfile.ZipFile(path, "w") as bad:
        for name in good.namelist():
            content = good.read(name)
            bad.writestr(name, change(content) if name == part else content)
    return path


@pytest.mark.parametrize(
    ("part", "change"),
    [
        (SHEET, lambda content: content[: len(content) // 2]),
        (SHEET, lambda content: content.replace(b"C3", b"\xff\xfe")),
        (SHEET, lambda content: content.replace(b'r="A3"', b'r="3A"')),
        (SHEET, lambda _: b""),
        ("xl/workbook.xml", lambda content: content[:80]),
        ("xl/_rels/workbook.xml.rels", lambda _: b"<a/>"),
        ("[Content_Types].xml", lambda _: b"not xml"),
    ],
)
def test_a_damaged_workbook_is_refused(workbook, part, change):
    assert "is a damaged workbook" in refusal(changed(workbook, part, change))


def test_a_workbook_without_sheets_is_refused(workbook):
    path = changed(workbook, "xl/workbook.xml", lambda _: b"<a/>")
    assert "holds no sheet with rows" in refusal(path)


def test_bytes_that_do_not_unpack_are_refused(workbook):
    content = bytearray(workbook.read_bytes())
    with zipfile.ZipFile(workbook) as book:
        entry = book.getinfo(SHEET)
    at = entry.header_offset + 30 + len(entry.filename) + 20
    content[at : at + 20] = b"\xff" * 20
    workbook.write_bytes(content)
    assert "is a damaged workbook" in refusal(workbook)
    with pytest.raises(zlib.error), zipfile.ZipFile(workbook) as book:
        book.read(SHEET)


def test_a_row_far_below_all_rows_is_refused(workbook):
    far = b'<row r="1000000000"><c r="A1000000000" t="n"><v>1</v></c></row></sheetData>'
    path = changed(workbook, SHEET, lambda content: content.replace(b"</sheetData>", far))
    assert "more than 1,048,576 rows" in refusal(path)


def test_one_text_in_every_row_of_a_workbook_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(Limits, "text_of", lambda *_: 1_000_000)
    path = tmp_path / "bomb.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["customer", "date", "note"])
    for n in range(100):
        book.active.append([f"C{n}", "2025-01-01", "x" * 30_000])
    book.save(path)
    assert "unfolds to more than 1 million characters" in refusal(path, read_here)


def parquet(tmp_path, columns, **how):
    path = tmp_path / "file.parquet"
    pq.write_table(pa.table({"customer": ["a", "b"], "date": ["2025-01-01"] * 2, **columns}), path)
    return path


def test_columns_that_are_no_single_values_are_named(tmp_path):
    wait = {"wait": pa.array([1, 2], pa.duration("s"))}
    assert "Column 'wait' of file.parquet holds duration[s]" in refusal(parquet(tmp_path, wait))
    number = {"uuid": pa.array([b"0" * 16, b"1" * 16], pa.binary(16))}
    assert "Column 'uuid'" in refusal(parquet(tmp_path, number))


def test_bytes_that_are_not_text_are_named(tmp_path):
    buffers = pa.array([b"\xff\xfe", b"b"]).buffers()
    broken = {"name": pa.Array.from_buffers(pa.string(), 2, buffers)}
    assert "Column 'name' of file.parquet holds bytes that are not" in refusal(
        parquet(tmp_path, broken)
    )


@pytest.mark.parametrize("at", [4, 20, 60, -10, -200])
def test_a_damaged_parquet_file_is_refused_or_read_whole(tmp_path, at):
    path = parquet(tmp_path, {"nps": [1, 9]})
    content = bytearray(path.read_bytes())
    content[at : at + 8 or None] = b"\xff" * 8
    path.write_bytes(content)
    told = "rows read"
    try:
        rows = intake.inspect(path).rows
    except FileRefused as error:
        rows, told = 0, error.what
    assert (rows, told) == (2, "rows read") or (rows == 0 and path.name in told)


def repeated(path, text, rows):
    """A file that holds a text once and names it in every row."""
    once = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), pa.array([text]))
    table = pa.table({"customer": once, "date": ["2025-01-01"] * rows, "nps": [9] * rows})
    pq.write_table(table, path, store_schema=False, compression="zstd")
    return path


def test_a_small_parquet_file_cannot_ask_for_gigabytes(tmp_path):
    path = repeated(tmp_path / "bomb.parquet", "x" * (1 << 20), 20_000)
    assert path.stat().st_size < 2_000
    assert "unfolds to more than 268 million characters" in refusal(path)


def test_long_texts_that_repeat_their_beginning_are_refused(tmp_path):
    path = tmp_path / "bomb.parquet"
    rows = [f"{'x' * 500_000}{number}" for number in range(600)]
    pq.write_table(
        pa.table({"customer": rows, "date": ["2025-01-01"] * 600}),
        path,
        use_dictionary=False,
        column_encoding={"customer": "DELTA_BYTE_ARRAY", "date": "PLAIN"},
    )
    assert path.stat().st_size < 500_000
    assert "unfolds to more than" in refusal(path)


def test_a_cell_that_is_too_long_is_named_by_its_row(tmp_path):
    path = repeated(tmp_path / "long.parquet", "x" * ((1 << 20) + 1), 3)
    assert "Row 1 of long.parquet has a cell of 1,048,577 characters" in refusal(path)


def test_what_a_parquet_file_says_of_itself_is_judged_before_it_is_read(tmp_path, monkeypatch):
    path = tmp_path / "zeros.parquet"
    many = pa.table({"customer": ["0" * 100_000] * 700, "date": ["2025-01-01"] * 700})
    pq.write_table(many, path, use_dictionary=False, compression="zstd")
    monkeypatch.setattr(pq.ParquetFile, "iter_batches", None)
    assert "would unpack to 70 MB" in refusal(path, read_here)


def test_too_many_rows_are_refused_before_and_while_reading(tmp_path, monkeypatch):
    few = Limits(rows=1)
    monkeypatch.setattr("cxdash.intake.reading.columnar.LIMITS", few)
    path = parquet(tmp_path, {"nps": [1, 9]})
    assert "has 2 rows; at most 1 are read" in refusal(path, read_here)
    scan = gate.Scan("a.xlsx", "xlsx", 10, "")
    with pytest.raises(FileRefused, match="more than 1 rows"):
        budget.Budget(scan, few).spend(2, ["a"])


def test_parquet_texts_come_in_order_whatever_their_encoding(tmp_path):
    path = tmp_path / "file.parquet"
    texts = [None if n % 7 == 0 else f"ü{n % 50}" for n in range(30_000)]
    unique = [f"C{n}" for n in range(30_000)]
    table = pa.table({"customer": unique, "name": texts, "part": [n / 4 for n in range(30_000)]})
    expected = [
        [customer, name or "", str(n / 4).removesuffix(".0")]
        for n, (customer, name) in enumerate(zip(unique, texts, strict=True))
    ]
    for how in ({}, {"use_dictionary": False}, {"row_group_size": 999}):
        pq.write_table(table, path, **how)
        found = list(open_table(path).rows())
        assert [cells for _, cells in found] == expected
        assert [line for line, _ in found] == list(range(1, 30_001))
