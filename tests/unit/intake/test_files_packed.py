"""Compressed files: the tables inside are read; whatever an archive is made to do, it cannot."""

import bz2
import gzip
import io
import lzma
import stat
import warnings
import zipfile

import openpyxl
import pytest

from cxdash import intake
from cxdash.errors import FileRefused
from cxdash.intake.reading.archive import unpack
from cxdash.intake.reading.limits import Limits
from cxdash.intake.reading.table import open_table
from cxdash.intake.reading.unpacking import unpacked

TEXT = b"id,customer,nps\nR1,C1,9\nR2,C2,3\n"


@pytest.fixture
def into(tmp_path):
    folder = tmp_path / "into"
    folder.mkdir()
    return folder


def zipped(path, *entries, **how):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(name, content, **how)
    return path


def refusal(path, into, read=unpacked):
    with pytest.raises(FileRefused) as caught:
        read(path, into=into)
    assert caught.value.do_next
    return caught.value.what


@pytest.mark.parametrize(
    ("ending", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)]
)
def test_a_compressed_file_is_read_under_its_own_name(tmp_path, into, ending, pack):
    path = tmp_path / f"survey.csv.{ending}"
    path.write_bytes(pack(TEXT))
    (inner,) = unpacked(path, into=into)
    assert inner.name == "survey.csv"
    assert inner.path.parent == into
    table = open_table(inner.path, file_name=inner.name)
    assert (table.header, table.total) == (("id", "customer", "nps"), 2)


def test_every_table_of_an_archive_comes_out(tmp_path, into):
    book = openpyxl.Workbook()
    book.active.append(["customer", "plan"])
    book.active.append(["C1", "Pro"])
    content = io.BytesIO()
    book.save(content)
    path = zipped(
        tmp_path / "export.zip",
        ("2026/survey.csv", TEXT),
        ("2025/survey.csv", TEXT),
        ("customers.xlsx", content.getvalue()),
        ("2026/", b""),
        ("__MACOSX/._survey.csv", b"junk"),
        (".DS_Store", b"junk"),
    )
    found = unpacked(path, into=into)
    assert [inner.name for inner in found] == ["survey.csv", "survey (2).csv", "customers.xlsx"]
    totals = [open_table(inner.path, file_name=inner.name).total for inner in found]
    assert totals == [2, 2, 1]


def test_any_other_file_is_its_own(tmp_path, into):
    path = tmp_path / "survey.csv"
    path.write_bytes(gzip.compress(TEXT))
    (inner,) = unpacked(path, into=into)
    assert (inner.path, inner.name) == (path, "survey.csv")
    with pytest.raises(FileRefused, match="is a gzip archive"):
        intake.inspect(path)
    assert not list(into.iterdir())


@pytest.mark.parametrize(
    "name", ["../../evil.csv", "/etc/evil.csv", "..\\evil.csv", "C:\\evil.csv", "a/../../evil.csv"]
)
def test_a_path_that_leads_out_is_refused(tmp_path, into, name):
    path = zipped(tmp_path / "a.zip", ("good.csv", TEXT), (name, TEXT))
    assert "outside its own folder" in refusal(path, into)
    assert not list(into.iterdir())
    assert not list(tmp_path.parent.glob("evil.csv"))


def test_a_link_is_refused(tmp_path, into):
    link = zipfile.ZipInfo("link.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = zipped(tmp_path / "a.zip", (link, b"/etc/passwd"))
    assert "a link to another place" in refusal(path, into)


def test_a_protected_archive_is_refused_in_words(tmp_path, into):
    path = zipped(tmp_path / "a.zip", ("a.csv", TEXT))
    content = bytearray(path.read_bytes())
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + at] |= 1
    path.write_bytes(content)
    assert "protected with a password" in refusal(path, into)


@pytest.mark.parametrize(
    "inside",
    [
        ("b.zip", b"PK\x03\x04..."),
        ("b.csv.gz", gzip.compress(TEXT)),
        ("b.csv", gzip.compress(TEXT)),
        ("b.tar", b"\0" * 257 + b"ustar" + b"\0" * 250),
    ],
)
def test_an_archive_in_an_archive_is_refused(tmp_path, into, inside):
    assert "holds another archive" in refusal(zipped(tmp_path / "a.zip", inside), into)


def test_a_workbook_under_the_name_of_an_archive_is_named(tmp_path, into):
    path = zipped(tmp_path / "a.zip", ("xl/workbook.xml", b"<a/>"))
    assert "is an Excel workbook" in refusal(path, into)


@pytest.mark.parametrize("ending", ["zip", "gz", "bz2", "xz"])
def test_a_damaged_archive_is_refused(tmp_path, into, ending):
    packed = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}
    path = tmp_path / f"a.csv.{ending}"
    if ending == "zip":
        zipped(path, ("a.csv", TEXT * 50))
    else:
        path.write_bytes(packed[ending](TEXT * 50))
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 8] = b"\xff" * 8
    path.write_bytes(content[:-4])
    assert "is damaged" in refusal(path, into)


def test_an_archive_of_nothing_or_of_too_much_is_refused(tmp_path, into):
    assert "holds no files" in refusal(zipped(tmp_path / "a.zip", ("x/", b"")), into)
    many = zipped(tmp_path / "b.zip", *((f"{n}.csv", TEXT) for n in range(101)))
    assert "holds 101 files; at most 100" in refusal(many, into)


def test_bytes_are_counted_as_they_come_whatever_the_archive_says(tmp_path, into):
    path = zipped(tmp_path / "a.zip", ("a.csv", b"0" * 300_000), ("b.csv", b"0" * 300_000))
    few = Limits(unpacked=400_000)
    with pytest.raises(FileRefused, match=r"a\.zip unpacks to more than"):
        unpack(path, "a.zip", into, few)
    content = path.read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path.write_bytes(content.replace((300_000).to_bytes(4, "little"), b"\x09\0\0\0"))
        for file in into.iterdir():
            file.unlink()
        assert "is damaged" in refusal(path, into)
