"""What a file is made of cannot break reading: the rows of the matrix that end before any mapping.

Bombs come in by the same door as every file: unpacked, inspected, refused, by a process apart.
"""

import gzip
import hashlib
import json
import os
import resource
import zipfile
from pathlib import Path

import openpyxl
import pytest

from cxdash import intake
from cxdash.errors import FileRefused
from cxdash.intake import FileSpec
from cxdash.intake.reading import reader
from cxdash.intake.reading.gate import scan
from cxdash.intake.reading.limits import LIMITS, Limits
from cxdash.intake.reading.table import open_table
from cxdash.store import CANONICAL, Database

FILES = Path(__file__).parent / "files"
MANIFEST = {entry["file"]: entry for entry in json.loads((FILES / "manifest.json").read_text())}
HEAD = b"response_id,customer_id,submitted_at,nps\n"
MEGA = 1 << 20


def cells(table):
    return [row for _, row in table.rows()]


def good(table):
    return table.staged["problem"].null_count


def set_aside(table):
    return [row for row in table.staged.to_pylist() if row["problem"]]


@pytest.mark.promise("I01")
@pytest.mark.parametrize("name", ["empty.csv", "only_header.csv", "only_blank_lines.csv"])
def test_I01_a_file_of_nothing_is_refused_and_nothing_changes(tmp_path, tell, name):
    with Database(tmp_path / "db") as db:
        survey = intake.inspect(FILES / "ok_survey.csv")
        intake.load(db, FILES / "ok_survey.csv", survey.require())
        before = fingerprint(db)
        with pytest.raises(FileRefused) as caught:
            intake.load(db, FILES / name, survey.require())
        assert "Nothing was loaded." in str(caught.value)
        assert caught.value.do_next
        assert fingerprint(db) == before
    tell("files tried", 1)


def fingerprint(db):
    """A hash of everything that is loaded."""
    digest = hashlib.sha256()
    for name in sorted(CANONICAL):
        digest.update(repr(db.rows(f"SELECT * FROM {name} ORDER BY ALL")).encode())
    return digest.hexdigest()


@pytest.mark.promise("I02")
def test_I02_a_byte_order_mark_is_no_part_of_the_first_name(tell):
    table = open_table(FILES / "enc_bom_utf8.csv")
    truth = MANIFEST["enc_bom_utf8.csv"]["truth"]
    assert (table.header[0], table.total) == (truth["first_col"], truth["rows"])
    tell("files tried", 1)


@pytest.mark.promise("I03")
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_I03_wide_letters_are_read(tmp_path, tell, encoding):
    plain = open_table(FILES / "ok_survey.csv")
    path = tmp_path / "wide.csv"
    path.write_bytes((FILES / "ok_survey.csv").read_text(encoding="utf-8").encode(encoding))
    assert cells(open_table(path)) == cells(plain)
    truth = MANIFEST["enc_utf16le_bom.csv"]["truth"]
    assert open_table(FILES / "enc_utf16le_bom.csv").total == truth["rows"]
    tell("files tried", 2)


@pytest.mark.promise("I05")
@pytest.mark.parametrize("encoding", ["cp1252", "iso-8859-15", "cp1250", "mac_roman", "cp850"])
def test_I05_letters_of_another_time_are_asked_about_and_then_exact(tmp_path, tell, encoding):
    comment = "café, Größe, déjà vu" if encoding != "cp1250" else "Łódź, café"
    path = tmp_path / "old.csv"
    path.write_bytes(HEAD + f'R1,"{comment}",2026-01-05,9\n'.encode(encoding))
    (doubt,) = open_table(path).doubts
    options = dict(doubt.options)
    assert comment in options[encoding]
    assert cells(open_table(path, spec=FileSpec(encoding=encoding)))[0][1] == comment
    truth = MANIFEST["enc_latin1.csv"]["truth"]["comment"]
    chosen = open_table(FILES / "enc_latin1.csv", spec=FileSpec(encoding="cp1252"))
    assert open_table(FILES / "enc_latin1.csv").doubts
    assert any(truth in row for row in cells(chosen))
    tell("files tried", 2)


@pytest.mark.promise("I06")
def test_I06_a_zero_byte_is_set_aside_and_other_signs_stay_text(tell):
    table = open_table(FILES / "enc_nul_bytes.csv")
    assert good(table) == MANIFEST["enc_nul_bytes.csv"]["truth"]["rows"]
    for row in set_aside(table):
        assert "zero byte" in row["problem"]
        assert "\0" not in row["whole"]
    inert = cells(open_table(FILES / "enc_control_chars.csv"))
    written = (FILES / "enc_control_chars.csv").read_bytes().decode()
    assert any("\x1b" in cell for row in inert for cell in row)
    assert all(cell in written for row in inert for cell in row)
    tell("files tried", 2)


@pytest.mark.promise("I06")
def test_I06_a_refusal_shows_no_sign_that_steers_a_screen(tmp_path, tell):
    path = tmp_path / "a.csv"
    path.write_text("id,\x1b[31mname,\x1b[31mname\n1,2,3\n")
    with pytest.raises(FileRefused) as caught:
        open_table(path, file_name="a\x1b[2J\u202e.csv")
    assert str(caught.value).isprintable()
    tell("files tried", 1)


@pytest.mark.promise("I08")
@pytest.mark.parametrize("name", ["ok_crlf.csv", "eol_cr_only.csv"])
def test_I08_every_line_end_gives_the_same_rows(tell, name):
    assert cells(open_table(FILES / name)) == cells(open_table(FILES / "ok_survey.csv"))
    quoted = open_table(FILES / "ok_quoted_newlines.csv")
    assert quoted.total == MANIFEST["ok_quoted_newlines.csv"]["truth"]["rows"]
    assert any("\n" in cell for row in cells(quoted) for cell in row)
    tell("files tried", 2)


@pytest.mark.promise("I09", "I11")
@pytest.mark.parametrize("name", ["shape_ragged_short.csv", "shape_ragged_long.csv"])
def test_I09_I11_a_row_of_another_width_is_set_aside_with_its_line(tell, name):
    table = open_table(FILES / name)
    truth = MANIFEST[name]["truth"]
    (bad,) = set_aside(table)
    assert bad["line_no"] == truth["bad_line"]
    assert "the header has 8" in bad["problem"]
    line = (FILES / name).read_text().splitlines()[truth["bad_line"] - 1]
    assert bad["whole"] == line
    assert good(table) == truth["rows"]
    tell("files tried", 1)


@pytest.mark.promise("I12")
def test_I12_a_quotation_mark_left_open_is_refused_with_its_line(tmp_path, tell):
    with pytest.raises(FileRefused) as caught:
        open_table(FILES / "shape_unclosed_quote.csv")
    assert caught.value.line == 7
    large = tmp_path / "large.csv"
    row = b'R1,C1,2026-01-05,9,"fine, thanks"\n'
    good_rows, rest = 20_000, 43 * MEGA // len(row)
    large.write_bytes(
        HEAD.strip() + b",comment\n" + row * good_rows + b'R2,C2,2026-01-06,3,"open\n' + row * rest
    )
    with pytest.raises(FileRefused) as caught:
        open_table(large)
    assert caught.value.line == good_rows + 2
    tell("files tried", 2)


@pytest.mark.promise("I14")
def test_I14_what_is_no_table_is_named_by_its_content(tmp_path, tell):
    named = {
        "shape_xlsx_named_csv.csv": "Excel workbook",
        "shape_pdf_named_csv.csv": "a PDF document",
        "shape_html_named_csv.csv": "a web page",
        "gz_named_csv.csv": "a gzip archive",
    }
    strangers = {
        b"MZ\x90\0": "a Windows program",
        b"\x7fELF": "a program",
        b"\x89PNG\r\n": "a picture",
        b"SQLite format 3\0": "an SQLite database",
        b"\xd0\xcf\x11\xe0": "the old .xls form",
        b"7z\xbc\xaf'\x1c": "a 7-Zip archive",
        b"Rar!\x1a\7": "a RAR archive",
        b"\x28\xb5\x2f\xfd\0": "a zstd archive",
        b'{"rows": []}': "JSON",
        b"PAR1" + b"\0" * 20: "Parquet file although",
        b"\0" * 257 + b"ustar\0" + b"\0" * 249: "a tar archive",
    }
    paths = {FILES / name: said for name, said in named.items()}
    for number, (content, said) in enumerate(strangers.items()):
        paths[tmp_path / f"{number}.csv"] = said
        (tmp_path / f"{number}.csv").write_bytes(content)
    for path, said in paths.items():
        with pytest.raises(FileRefused, match=said):
            open_table(path)
    tell("files tried", len(paths))


@pytest.mark.promise("I15")
def test_I15_banner_lines_and_a_missing_header_are_asked_about(tell):
    banner = open_table(FILES / "shape_preamble.csv")
    assert [doubt.subject for doubt in banner.doubts] == ["header_row"]
    chosen = open_table(FILES / "shape_preamble.csv", spec=FileSpec(header_row=4))
    assert chosen.total == MANIFEST["shape_preamble.csv"]["truth"]["rows"]
    headless = open_table(FILES / "shape_no_header.csv")
    assert [doubt.subject for doubt in headless.doubts] == ["no_header"]
    assert headless.total == len((FILES / "shape_no_header.csv").read_text().splitlines())
    tell("files tried", 2)


@pytest.mark.promise("I17")
def test_I17_other_delimiters_are_found(tell):
    german = open_table(FILES / "shape_semicolon.csv")
    assert (german.file.delimiter, german.total) == (";", 10)
    assert "," in cells(german)[0][german.header.index("revenue")]
    tabs = open_table(FILES / "shape_tab.csv")
    assert (tabs.file.delimiter, tabs.total) == ("\t", 20)
    tell("files tried", 2)


@pytest.mark.promise("I26")
def test_I26_a_hostile_file_name_is_never_a_path(tmp_path, tell):
    names = json.loads((FILES / "filenames.json").read_text())
    content = (FILES / "ok_survey.csv").read_bytes()
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "upload").write_bytes(content)
    for number, name in enumerate(names):
        into = tmp_path / "into" / str(number)
        into.mkdir(parents=True)
        try:
            (inner,) = intake.unpacked(inbox / "upload", file_name=name, into=into)
            shown = open_table(inner.path, file_name=inner.name).scan.name
        except FileRefused as error:
            shown = error.file
        assert shown.isprintable()
        assert not {"/", "\\"} & set(shown)
        assert 0 < len(shown) <= 120
    assert sorted(path.name for path in inbox.iterdir()) == ["upload"]
    assert not [path for path in (tmp_path / "into").rglob("*") if path.is_file()]
    tell("file names tried", len(names))


@pytest.mark.promise("I27")
def test_I27_the_largest_allowed_file_is_read_and_one_byte_more_refused(tmp_path, tell, thorough):
    path = tmp_path / "large.csv"
    row = b"R000001,C000001,2026-01-05,9\n"
    size = LIMITS.file if thorough else 8 * MEGA
    few = Limits(file=size)
    with path.open("wb") as file:
        file.write(HEAD)
        block = row * 50_000
        while file.tell() + len(block) < size:
            file.write(block)
        rest, odd = divmod(size - file.tell(), len(row))
        file.write(row * (rest - 1) + row.replace(b"9", b"9" * (odd + 1)))
    assert path.stat().st_size == size
    rows = (size - len(HEAD)) // len(row)
    assert scan(path, limits=few).bytes == size
    assert open_table(path).total == rows
    with path.open("ab") as file:
        file.write(b"\n")
    with pytest.raises(FileRefused, match="are read"):
        scan(path, limits=few)
    tell("megabytes of the largest file", size // MEGA)


# -- bombs -------------------------------------------------------------------------------------


def columns(count):
    return lambda path: path.write_bytes(
        b",".join(b"c%d" % n for n in range(count)) + b"\n" + b"1," * (count - 1) + b"1\n"
    )


def text(content):
    return lambda path: path.write_bytes(content())


def gzip_bomb(path):
    path.write_bytes(gzip.compress(b"0" * (10 * MEGA)) * 100)


def zip_bomb(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(3):
            archive.writestr(f"{number}.csv", b"0,0\n" * (10 * MEGA))


def workbook(path, part, content):
    """An ordinary workbook with one part replaced."""
    book = openpyxl.Workbook()
    book.active.append(["customer", "nps"])
    book.active.append(["C1", 9])
    book.save(path)
    with zipfile.ZipFile(path) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    if part == SHARED:
        types = parts["[Content_Types].xml"].replace(b"</Types>", SHARED_TYPE)
        parts |= {"[Content_Types].xml": types, SHEET: SHEET_OF_SHARED}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as changed:
        for name, old in (parts | {part: b""}).items():
            changed.writestr(name, content if name == part else old)


SHEET = "xl/worksheets/sheet1.xml"
SHARED = "xl/sharedStrings.xml"
SHARED_TYPE = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-'
    b'officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)
SHEET_OF_SHARED = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    b'<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>'
    b'<row><c t="s"><v>2</v></c><c t="s"><v>2</v></c></row></sheetData></worksheet>'
)


def laughs():
    entities = "".join(
        f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol" * 10}">' for n in range(10)
    )
    return (
        f"<?xml version='1.0'?><!DOCTYPE sst [{entities}]>"
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        "<si><t>a</t></si><si><t>b</t></si><si><t>&l9;</t></si></sst>"
    ).encode()


def quadratic():
    entity = "x" * 50_000
    return (
        f"<?xml version='1.0'?><!DOCTYPE sst [<!ENTITY x '{entity}'>]>"
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<si><t>a</t></si><si><t>b</t></si><si><t>{'&x;' * 50_000}</t></si></sst>"
    ).encode()


WIDE_SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row>'
    + b'<c t="n"><v>1</v></c>' * 400_000
    + b"</row></sheetData></worksheet>"
)
BOMBS = {
    "columns_100k.csv": columns(100_000),
    "columns_1m.csv": columns(1_000_000),
    "field_100mb.csv": text(lambda: b"a,b\n1," + b"x" * (100 * MEGA)),
    "field_100mb_of_lines.csv": text(lambda: b'a,b\n1,"' + b"x\n" * (50 * MEGA)),
    "commas_50mb.csv": text(lambda: b"," * (50 * MEGA)),
    "commas_50mb_of_lines.csv": text(lambda: (b"," * 1000 + b"\n") * (50 * MEGA // 1001)),
    "quotes_50mb.csv": text(lambda: b'"' * (50 * MEGA)),
    "quotes_50mb_of_lines.csv": text(lambda: (b'"' * 1001 + b"\n") * (50 * MEGA // 1002)),
    "newlines_100mb.csv": text(lambda: b"\n" * (100 * MEGA)),
    "newlines_100mb_below.csv": text(lambda: HEAD + b"R,C,2026-01-01,9\n" + b"\n" * (100 * MEGA)),
    "open_quote_43mb.csv": text(lambda: HEAD + b'R,"' + b"C,2026-01-01,9\n" * (3 * MEGA)),
    "bomb.csv.gz": gzip_bomb,
    "bomb.zip": zip_bomb,
    "spaces.xlsx": lambda path: workbook(path, SHEET, b" " * (100 * MEGA)),
    "wide.xlsx": lambda path: workbook(path, SHEET, WIDE_SHEET),
    "laughs.xlsx": lambda path: workbook(path, SHARED, laughs()),
    "laughs_sheet.xlsx": lambda path: workbook(path, SHEET, laughs()),
    "quadratic.xlsx": lambda path: workbook(path, SHARED, quadratic()),
}


def held():
    """The most memory this process has held since the last look, in bytes; starts a new look."""
    status = Path("/proc/self/status").read_text()
    most = int(status.split("VmHWM:")[1].split()[0])
    Path("/proc/self/clear_refs").write_text("5")
    return most * 1024


def inspect_all(path, into):
    for inner in intake.unpacked(path, into=into):
        intake.inspect(inner.path, file_name=inner.name)


@pytest.mark.promise("I25")
def test_I25_every_bomb_is_refused_and_the_server_does_not_feel_it(tmp_path, tell, monkeypatch):
    costs, most = [], 0
    refuse = reader._refuse_unfinished

    def seen(job, answer, ended):
        costs.append(ended)
        refuse(job, answer, ended)

    monkeypatch.setattr(reader, "_refuse_unfinished", seen)
    open_table(FILES / "ok_survey.csv")
    for name, light in BOMBS.items():
        path = tmp_path / name
        light(path)
        held()
        before = held()
        costs.clear()
        into = tmp_path / f"{name}.into"
        into.mkdir()
        with pytest.raises(FileRefused) as caught:
            inspect_all(path, into)
        assert caught.value.do_next, name
        assert "was not made for" not in caught.value.what, caught.value.what
        assert held() - before < 200e6, name
        assert sum(cost["seconds"] for cost in costs) < 5, name
        assert max(cost["peak_kib"] for cost in costs) * 1024 <= LIMITS.memory, name
        most = max(most, *(cost["peak_kib"] for cost in costs), 0)
        path.unlink()
        for file in into.iterdir():
            file.unlink()
    tell("bombs tried", len(BOMBS))
    tell("megabytes held at most by a reader of a bomb", most // 1024)
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY


@pytest.mark.promise("I25")
def test_I25_a_workbook_cannot_have_another_file_read(tmp_path, tell):
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret of another file")
    shared = (
        f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY e SYSTEM "file://{secret}">]>'
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        "<si><t>customer</t></si><si><t>nps</t></si><si><t>&e;</t></si></sst>"
    )
    path = tmp_path / "a.xlsx"
    workbook(path, SHARED, shared.encode())
    try:
        found = cells(open_table(path))
    except FileRefused as error:
        found = str(error)
    assert "the secret" not in str(found)
    tell("bombs tried", 1)


@pytest.mark.promise("I25")
def test_I25_a_reader_has_bounds_of_its_own(tmp_path):
    """The child that reads is confined before it looks at the first byte."""
    own = {
        name: resource.getrlimit(getattr(resource, name)) for name in ("RLIMIT_CPU", "RLIMIT_AS")
    }
    child = os.fork()
    if child == 0:
        from cxdash.intake.reading import apart  # noqa: PLC0415

        apart._confine(1_000_000)
        seconds, _ = resource.getrlimit(resource.RLIMIT_CPU)
        memory, _ = resource.getrlimit(resource.RLIMIT_AS)
        core, _ = resource.getrlimit(resource.RLIMIT_CORE)
        os._exit(0 if (seconds, core) == (LIMITS.time_for(1_000_000), 0) and memory > 0 else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert own == {name: resource.getrlimit(getattr(resource, name)) for name in own}
