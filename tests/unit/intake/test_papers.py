"""Of an archive is left aside what is no table; whatever may be one is never passed over."""

import pytest

from cxdash.errors import FileRefused
from cxdash.intake.reading.papers import why_aside
from cxdash.intake.reading.unpacking import unpacked
from tests.unit.intake.test_files_packed import TEXT, zipped

README = """Dear colleague,

this archive holds the export of May 2026: answers, customers, invoices.
Amounts are in euro; the time is that of Berlin.
Questions? Write to the help desk, or call, best before noon.
"""
LETTER = "Dear all,\nhere are the exports, as agreed.\n"
ALIGNED = "".join(f"C{n:04}   SMB      North\n" for n in range(1, 12))


def judged(folder, name, content):
    path = folder / "0"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return why_aside(path, name)


@pytest.mark.parametrize("name", ["readme.txt", "README", "notes.md"])
@pytest.mark.parametrize("text", [README, LETTER, "Version: 2\nMade: 2026-05-03 10:15\nBy: Ann\n"])
def test_a_text_without_columns_is_no_table(tmp_path, name, text):
    assert judged(tmp_path, name, text) == "it is text without columns"
    assert judged(tmp_path, name, text.encode("utf-16")) == "it is text without columns"
    assert judged(tmp_path, name, f"{text}\xe9\n".encode("latin-1")) != ""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("export.txt", TEXT),
        ("export", TEXT.replace(b",", b"\t")),
        ("export.txt", TEXT.decode().replace(",", ";").encode("utf-16")),
        ("export.txt", ALIGNED),
        ("export.txt", "id, plan, nps\nR1, Pro, 9\n"),
        ("export.txt", "id,plan\nR1,Pro\n"),
        ("export.txt", b""),
        ("export", b"PAR1\0\0"),
        ("broken.csv", README),
        ("old.xls", b"\xd0\xcf\x11\xe0"),
        ("data.json", b"[]"),
    ],
)
def test_what_may_be_a_table_is_not_left_aside(tmp_path, name, content):
    assert judged(tmp_path, name, content) == ""


def test_a_document_is_left_aside_by_its_name(tmp_path):
    assert judged(tmp_path, "Terms.PDF", b"%PDF-1.7") == "a file that ends in .pdf holds no table"


def test_of_an_archive_every_file_is_named_and_only_the_table_is_to_be_read(tmp_path):
    into = tmp_path / "into"
    into.mkdir()
    path = zipped(tmp_path / "may.zip", ("survey.csv", TEXT), ("readme.txt", README))
    survey, readme = unpacked(path, into=into)
    assert (survey.name, survey.aside) == ("survey.csv", "")
    assert (readme.name, readme.aside) == ("readme.txt", "it is text without columns")


def test_an_archive_without_a_table_is_refused_and_says_what_it_holds(tmp_path):
    into = tmp_path / "into"
    into.mkdir()
    path = zipped(tmp_path / "may.zip", ("readme.txt", README), ("terms.pdf", b"%PDF-1.7"))
    with pytest.raises(FileRefused, match=r"may\.zip holds no table: readme\.txt, terms\.pdf"):
        unpacked(path, into=into)
