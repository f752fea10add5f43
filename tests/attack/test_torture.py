"""Files made to break readers: every one is read exactly, or refused with a reason.

The cases below are ours. The public collections they are modelled on may not lie here:
csv-spectrum, the examples of uniVocity, and the test files of DuckDB and frictionless. They are
looked for in the folder CXDASH_PUBLIC_DATA (beside the project where it is not set), and a test
that does not find them says so.
"""

import csv
import json
import tempfile
from collections import Counter
from types import SimpleNamespace

import pytest
from grammar import records
from reference import public

from cxdash.errors import FileRefused
from cxdash.intake import FileSpec
from cxdash.intake.reading import work
from cxdash.intake.reading.description import Description
from cxdash.intake.reading.reader import rows_of
from cxdash.intake.reading.table import open_table

TORTURE = public("csv_torture")
SPECTRUM = TORTURE / "csv-spectrum"
UNIVOCITY = TORTURE / "univocity/src/test/resources/examples"
BOM = b"\xef\xbb\xbf"

# The rows below the header as they must be read; a text is what the refusal must say.
CASES = {
    "comma in quotes": (b'a,b\nx,"1, 2"\n', [["x", "1, 2"]]),
    "empty cells, quoted and not": (b'a,b,c\n1,"",\n,,3\n', [["1", "", ""], ["", "", "3"]]),
    "doubled quotation marks": (b'a,b\n1,"say ""ha"" twice"\n', [["1", 'say "ha" twice']]),
    "only quotation marks": (b'a,b\n1,""""\n2,""""""\n', [["1", '"'], ["2", '""']]),
    "JSON in a cell": (b'a,b\n1,"{""k"": [1, ""v""]}"\n', [["1", '{"k": [1, "v"]}']]),
    "line break in a cell": (b'a,b\n1,"x\ny"\n2,z\n', [["1", "x\ny"], ["2", "z"]]),
    "Windows line break in a cell": (b'a,b\r\n1,"x\r\ny"\r\n', [["1", "x\r\ny"]]),
    "lone carriage return in a cell": (b'a,b\n1,"x\ry"\n', [["1", "x\ry"]]),
    "old Mac line ends": (b"a,b\r1,2\r3,4\r", [["1", "2"], ["3", "4"]]),
    "all line ends in one file": (b"a,b\n1,2\r\n3,4\r5,6", [["1", "2"], ["3", "4"], ["5", "6"]]),
    "no line break at the end": (b"a,b\n1,2", [["1", "2"]]),
    "blank lines between rows": (b"a,b\n\n1,2\n   \n3,4\n\n\n", [["1", "2"], ["3", "4"]]),
    "byte order mark before a quoted name": (BOM + b'"a","b"\n1,2\n', [["1", "2"]]),
    "letters of the whole world": (
        "a,b\nЖ,日本\n😀👩‍👩‍👧,עִבְרִית\n".encode(),
        [["Ж", "日本"], ["😀👩‍👩‍👧", "עִבְרִית"]],
    ),
    "UTF-16 without a byte order mark": ("a\tb\n1\tß\n".encode("utf-16-be"), [["1", "ß"]]),
    "blanks around cells stay": (b"a,b\n 1 , 2 \n", [[" 1 ", " 2 "]]),
    "quotation mark inside a bare cell": (b'a,b\n1,5" pipe\n', [["1", '5" pipe']]),
    "apostrophes quote nothing": (b"a,b\n'1,2'\n", [["'1", "2'"]]),
    "backslash before quotation marks": (
        b'a;b\n1;"so \\"called\\"; yes"\n2;"C:\\\\"\n',
        [["1", 'so "called"; yes'], ["2", "C:\\"]],
    ),
    "backslashes that are only themselves": (
        b'a,b\n1,"C:\\"\n2,\\N\n',
        [["1", "C:\\"], ["2", "\\N"]],
    ),
    "comment lines are set aside, not lost": (
        b"a,b,c\n1,2,3\n# a remark\n4,5,6\n",
        [["1", "2", "3"], ["", "", ""], ["4", "5", "6"]],
    ),
    "cells that look like formulas": (b"a,b\n=1+1,@x\n", [["=1+1", "@x"]]),
    "a delimiter named on the first line": (b"sep=|\na|b\n1|2,5\n", [["1", "2,5"]]),
    "thousands of empty rows of commas": (b"a,b\n" + b",\n" * 3000, [["", ""]] * 3000),
    "quotation mark never closed": (b'a,b\n1,"x\n2,y\n', "line 2 .* is never closed"),
    "text behind a quoted cell": (b'a,b\n1,"x"y\n', "line 2 .* inside a quoted cell"),
    "one column": (b"a\n1\n2\n", "only one column"),
    "nothing": (b"", "is empty"),
    "a header alone": (b"a,b\n", "a header but no rows"),
    "nothing but line breaks": (b"\n\r\n\r", "nothing but blank lines"),
    "bytes of a program": (b"\x7fELF\x02\x01\x01", "is a program"),
}


@pytest.mark.parametrize(("content", "expected"), CASES.values(), ids=CASES)
@pytest.mark.promise("I08", "I17")
def test_I08_I17_a_tortured_file_is_read_exactly_or_refused(tmp_path, tell, content, expected):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    tell("tortured files tried", 1)
    if isinstance(expected, str):
        with pytest.raises(FileRefused, match=expected) as caught:
            open_table(path)
        assert "Nothing was loaded." in str(caught.value)
        return
    table = open_table(path, spec=FileSpec(header="first"))
    assert [cells for _, cells in table.rows()] == expected


def needed(folder):
    if not folder.is_dir():
        pytest.skip(f"the public files in {folder} are not at hand (set CXDASH_PUBLIC_DATA)")
    return folder


@pytest.mark.promise("I08")
def test_I08_csv_spectrum_is_read_as_its_authors_expect(tell):
    files = sorted((needed(SPECTRUM) / "csvs").glob("*.csv"))
    assert len(files) >= 12
    cells = 0
    for path in files:
        table = open_table(path)
        found = [dict(zip(table.header, row, strict=True)) for _, row in table.rows()]
        expected = json.loads((SPECTRUM / "json" / f"{path.stem}.json").read_text())
        if path.stem == "location_coordinates":
            # One object instead of a list, and another telephone number than in the file.
            expected = [expected | {"Contact Phone Number": "2095257564"}]
        assert found == expected, path.name
        cells += sum(map(len, found))
    tell("cells compared with csv-spectrum", cells)
    print(f"csv-spectrum: {len(files)} files, {cells} cells agree")


# uniVocity prints rows as [a, b, null]; what it read the file as, and how the file writes it.
EXPECTED = (
    ("example.csv", "CsvParserExamples/example001ParseAll", ","),
    ("european.csv", "CsvParserExamples/example012FormatAutodetection", ";"),
    ("example.tsv", "TsvParserExamples/example001ParseAll", "\t"),
)


@pytest.mark.parametrize(("name", "printed", "delimiter"), EXPECTED, ids=[e[0] for e in EXPECTED])
@pytest.mark.promise("I08", "I17")
def test_I08_I17_univocity_is_read_as_its_authors_expect(tell, name, printed, delimiter):
    table = open_table(needed(UNIVOCITY) / name)
    assert table.file.delimiter == delimiter
    rows = [
        [row[f"c{at}"] for at in range(5)]
        for row in table.staged.to_pylist()
        if row["problem"] is None
    ]
    # Its TSV dialect writes a line break in a cell as \n; we keep the text as it came.
    shown = [
        f"[{', '.join(cell or 'null' for cell in row)}]".replace("\\n", "\n")
        for row in [list(table.header), *rows]
    ]
    expected = (UNIVOCITY / "expectedOutputs" / printed).read_text()
    part = expected.split(f"Data in /examples/{name}:")[-1]
    assert len(shown) == 6
    for row in shown:
        assert row in part
    tell("cells compared with uniVocity", 5 * len(shown))
    print(f"uniVocity {name}: {5 * len(shown)} cells agree")


def read_here(path):
    """Read a file in this process, which takes a tenth of the time."""
    with tempfile.TemporaryFile() as out:
        told = work.write(path, path.name, FileSpec(), out, lambda _: None)["table"]
        rows = rows_of(out)
    return SimpleNamespace(**Description.parts(told), staged=rows, total=rows.num_rows)


def tried(path, read):
    """What becomes of a file: rows and how many set aside, or the refusal."""
    try:
        table = read(path)
    except FileRefused as error:
        return "refused", error.what if error.do_next else "no advice: broken off"
    if table.scan.form == "text" and table.file.delimiter and not table.file.fixed_width:
        text = path.read_bytes().decode(table.file.encoding)
        escaped = '\\"' in text and not strictly(path, table)
        found = records(text, table.file.delimiter, escaped=escaped)
        expected = [line for line in found if line > table.last_header_line]
        assert table.staged["line_no"].to_pylist() == expected, path
    problems = table.total - table.staged["problem"].null_count
    return ("read, rows set aside" if problems else "read whole"), ""


def strictly(path, table):
    """Whether the file can be read without taking a backslash for a sign."""
    with path.open(encoding=table.file.encoding, newline="") as file:
        try:
            list(csv.reader(file, delimiter=table.file.delimiter, strict=True))
        except csv.Error:
            return False
    return True


@pytest.mark.promise("I08", "I12", "I14")
def test_I08_I12_I14_every_public_torture_file_is_read_or_refused(tell, thorough):
    files = sorted(path for path in needed(TORTURE).rglob("*") if path.is_file())
    files = [path for path in files if path.suffix not in (".md", ".html") and path.stat().st_size]
    outcomes = [tried(path, open_table if thorough else read_here) for path in files]
    counts = Counter(outcome for outcome, _ in outcomes)
    assert sum(counts.values()) == len(files)
    assert not [what for _, what in outcomes if "was not made for" in what or "broken off" in what]
    tell("public torture files tried", len(files))
    print(f"of {len(files)} public torture files: {dict(counts)}")
